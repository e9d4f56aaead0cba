/**
 * The network between browsers and servers: one TLS port for every host name, in front of Porchlight and of the sites
 * that tests put up. It remembers every request, and it can be cut, mended, and made to lose answers.
 */

import http from "node:http";
import https from "node:https";
import net from "node:net";
import { certify } from "./certificates.mjs";
import { HOSTS, OPS, OURS } from "./hosts.mjs";

/** What our proxy says of the other end, as a proxy of a real installation would. */
const VISITOR_ADDRESS = "203.0.113.7";

export async function createNetwork() {
  const papers = certify(HOSTS);
  const upstreams = new Map();
  const pages = new Map();
  const open = new Set();
  let requests = [];
  let isCut = false;
  let swallows = null;
  let waiters = [];

  async function answer(request, response) {
    const host = hostOf(request);
    const asked = { scheme: request.socket.encrypted ? "https" : "http", host: request.headers.host ?? "", method: request.method, path: request.url, headers: request.headers };
    requests.push(asked);
    waiters = waiters.filter((one) => !one(asked));
    const port = upstreams.get(host);
    if (port === undefined) return site(request, response);
    open.add(request.socket);
    if (isCut) return request.socket.destroy();
    forward(port, request, response);
  }

  function forward(port, request, response) {
    const headers = { ...request.headers, "x-forwarded-for": VISITOR_ADDRESS, "x-forwarded-proto": "https" };
    const up = http.request({ host: "127.0.0.1", port, method: request.method, path: request.url, headers }, (back) => {
      if (swallows?.(request)) {
        // the server did its work; nobody hears of it
        back.resume();
        back.on("end", () => request.socket.destroy());
        return;
      }
      response.writeHead(back.statusCode, back.rawHeaders.length ? paired(back.rawHeaders) : {});
      back.pipe(response);
    });
    up.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>")));
    response.on("close", () => up.destroy());
    request.pipe(up);
  }

  function site(request, response) {
    const { pathname } = new URL(request.url, "http://x");
    const found = pages.get(`${hostOf(request)}${pathname}`);
    const page = typeof found === "function" ? found(request) : found;
    if (!page) return void response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(page.status ?? 200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...page.headers });
    response.end(page.body);
  }

  function upgrade(request, socket, head) {
    requests.push({ scheme: "wss", host: request.headers.host ?? "", method: "UPGRADE", path: request.url, headers: request.headers });
    const port = upstreams.get(hostOf(request));
    if (port === undefined || isCut) return socket.destroy();
    open.add(socket);
    const up = net.connect(port, "127.0.0.1", () => {
      const lines = paired(request.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
      up.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("")}x-forwarded-for: ${VISITOR_ADDRESS}\r\n\r\n`);
      up.write(head);
      up.pipe(socket).pipe(up);
    });
    up.setNoDelay(true);
    const end = () => (up.destroy(), socket.destroy(), open.delete(socket));
    for (const one of [up, socket]) one.on("error", end).on("close", end);
  }

  const servers = [https.createServer({ key: papers.key, cert: papers.cert, ALPNProtocols: ["http/1.1"] }, answer), http.createServer(answer)];
  for (const server of servers) {
    server.on("upgrade", upgrade);
    server.on("connection", (socket) => socket.setNoDelay(true));
    await new Promise((go) => server.listen(0, "127.0.0.1", go));
  }
  const [tls, plain] = servers.map((server) => server.address().port);

  return {
    tls,
    plain,
    spki: papers.spki,
    /** Where our own host names lead. */
    lead(stage) {
      upstreams.set(OURS, stage.public);
      upstreams.set(OPS, stage.operator);
    },
    /** Puts up a page: `put("https://host/path", body, headers)`; a function answers anew each time. */
    put(url, body, headers = {}) {
      const { hostname, pathname } = new URL(url);
      pages.set(hostname + pathname, typeof body === "function" ? body : { body, headers });
      return url;
    },
    clear: () => pages.clear(),
    /** What pages asked; what the browser asks for itself bears marks that no page can make. */
    requests: () => requests.filter(({ headers }) => !(headers["sec-fetch-site"] === "none" && headers["sec-fetch-dest"] === "empty")),
    forget: () => void (requests = []),
    /** The next request that fits. */
    seen: (fits) => new Promise((go) => waiters.push((asked) => fits(asked) && (go(asked), true))),
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
      open.clear();
    },
    mend: () => void (isCut = false),
    /** Answers to these requests are lost on the way back. */
    swallow: (fits) => void (swallows = fits),
    close() {
      for (const server of servers) server.close(), server.closeAllConnections();
      for (const socket of open) socket.destroy();
    },
  };
}

const hostOf = (request) => (request.headers.host ?? "").replace(/:\d+$/, "").replace(/\.$/, "");

/** Raw headers as pairs; a name may come twice, as Set-Cookie does. */
function paired(raw) {
  const pairs = [];
  for (let i = 0; i < raw.length; i += 2) pairs.push([raw[i], raw[i + 1]]);
  return pairs;
}
