/** Requests without a browser: every header is the test's own, and none is added. */

import http from "node:http";

/** Answers `{ status, headers, text, json }`. */
export function ask(port, method, path, { headers = {}, body } = {}) {
  const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  const own = { ...(text !== null && { "content-type": "application/json", "content-length": Buffer.byteLength(text) }), ...headers };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, method, path, headers: own, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(read(response, Buffer.concat(chunks).toString())));
    });
    request.on("error", reject);
    request.end(text ?? undefined);
  });
}

function read(response, text) {
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    // not everything is JSON
  }
  return { status: response.statusCode, headers: response.headers, text, json };
}

/** Tries to open a socket; answers the status and the problem's code, 101 when it opened. */
export function knock(port, path, headers) {
  return new Promise((resolve, reject) => {
    const hello = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-protocol": "porchlight.v1" };
    const request = http.request({ host: "127.0.0.1", port, path, headers: { ...hello, ...headers }, agent: false });
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, code: null });
    });
    request.on("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, code: read(response, Buffer.concat(chunks).toString()).json?.code }));
    });
    request.on("error", reject);
    request.end();
  });
}
