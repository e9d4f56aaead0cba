/** The embedding chain in a real Chromium, where pages cannot lie about who they are. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BELOW, BESIDE, EVIL, FAR_BELOW, IDN, LOOKALIKE, OTHER, OURS, SHOP, SUFFIXED, TREE, at } from "../stage/hosts.mjs";
import { until } from "../stage/waiting.mjs";
import { widgetOn } from "../stage/widget.mjs";

const OUR_ORIGIN = at(OURS).slice(0, -1);

async function shop(t, options) {
  const tenant = await t.found();
  return { tenant, widget: await tenant.widget(options) };
}

/** Goes to a page that includes the snippet and sees it refused: no launcher, and the console says why. */
async function isRefused(t, address, stated) {
  const page = await (await t.context()).newPage();
  const told = page.waitForEvent("console", (message) => message.text().includes("may not show widget"));
  t.network.forget();
  await page.goto(address);
  await told;
  for (const where of [page, page.frameLocator("#inner")]) assert.equal(await where.locator("porchlight-widget").count(), 0, address);
  const asked = t.network.requests().filter((one) => one.path === "/widget/v1/bootstrap");
  assert.deepEqual([...new Set(asked.map((one) => one.headers.origin))], [stated], "what the browser stated");
  assert.ok(asked.some((one) => one.method === "POST"));
}

/** The same on a page without an origin, which could read no answer: it asks nothing, and says so once. */
async function isRefusedUnasked(t, address) {
  const page = await (await t.context()).newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  const told = page.waitForEvent("console", (message) => message.text().includes("(opaque_origin)"));
  t.network.forget();
  await page.goto(address);
  await told;
  await page.waitForLoadState("networkidle");
  for (const where of [page, page.frameLocator("#inner")]) assert.equal(await where.locator("porchlight-widget").count(), 0, address);
  assert.equal(said.length, 1, said.join("\n"));
  assert.equal(t.network.requests().filter((one) => one.path === "/widget/v1/bootstrap").length, 0);
}

/** A page that frames another one. */
const framing = (url, extra = "") => `<!doctype html><title>Frames</title><iframe id="inner" src="${url}" width="800" height="600" ${extra}></iframe>`;

/** Goes to a page whose frame the browser refuses to show, and answers what the browser said about it. */
async function framedAndRefused(t, address, url) {
  const page = await (await t.context()).newPage();
  const said = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
  const stopped = page.waitForEvent("requestfailed", (request) => request.url() === url);
  await page.goto(address);
  const request = await stopped;
  assert.match(request.failure().errorText, /ERR_BLOCKED_BY_(CSP|RESPONSE)/);
  return (await said).text();
}

const frameUrl = (widget) => at(OURS, `/widget/v1/frame/${widget.id}`);

export const tests = {
  "EMB-02 EMB-03 pages of look-alike names get no widget": async (t) => {
    const { widget } = await shop(t);
    for (const host of [SUFFIXED, LOOKALIKE, EVIL]) await isRefused(t, t.page({ widget, host }), at(host).slice(0, -1));
  },

  "EMB-04 the shop's own name on another port or without TLS gets no widget": async (t) => {
    const { widget } = await shop(t);
    t.page({ widget });
    await isRefused(t, `https://${SHOP}:8443/`, `https://${SHOP}:8443`);
    await isRefused(t, `http://${SHOP}/`, `http://${SHOP}`);
  },

  "EMB-05 sandboxed frames, files and data pages have no origin and get no widget": async (t) => {
    const { widget } = await shop(t);
    const inner = t.page({ widget, path: "/inner" });
    const outer = t.network.put(at(SHOP, "/outer"), framing(inner, 'sandbox="allow-scripts"'));
    await isRefusedUnasked(t, outer);
    await isRefusedUnasked(t, `data:text/html,${encodeURIComponent(`<title>d</title>${widget.snippet}`)}`);
    const folder = mkdtempSync(join(tmpdir(), "porchlight-file-"));
    writeFileSync(join(folder, "page.html"), `<!doctype html><title>f</title>${widget.snippet}`);
    await isRefusedUnasked(t, `file://${join(folder, "page.html")}`);
    rmSync(folder, { recursive: true });
  },

  "EMB-07 an international name works as browsers spell it": async (t) => {
    const { widget } = await shop(t, { hosts: [IDN] });
    const visitor = await t.visits({ widget, host: "bücher.porchlight-example.com" });
    await visitor.opens();
    await visitor.says("Grüße");
    await visitor.reaches("sent");
  },

  "EMB-08 a tree lets its branches in and no neighbour": async (t) => {
    const { widget } = await shop(t, { hosts: [`*.${TREE}`] });
    for (const host of [TREE, BELOW, FAR_BELOW]) {
      const visitor = await t.visits({ widget, host });
      await visitor.opens();
    }
    await isRefused(t, t.page({ widget, host: BESIDE }), at(BESIDE).slice(0, -1));
  },

  "EMB-09 a page cannot open our socket itself": async (t) => {
    await shop(t);
    for (const host of [SHOP, EVIL]) {
      const page = await (await t.context()).newPage();
      await page.goto(t.network.put(at(host, "/"), "<!doctype html><title>s</title>"));
      for (const path of ["/widget/v1/live", "/v1/live"]) {
        const opened = await page.evaluate(
          (url) => new Promise((go) => Object.assign(new WebSocket(url, "porchlight.v1"), { onopen: () => go(true), onerror: () => go(false) })),
          `wss://${OURS}${path}`,
        );
        assert.equal(opened, false, `${host} ${path}`);
      }
    }
    const page = await (await t.context()).newPage();
    await page.goto(at(OURS, "/app/"));
    const own = await page.evaluate((url) => new Promise((go) => Object.assign(new WebSocket(url, "porchlight.v1"), { onopen: () => go(true), onerror: () => go(false) })), `wss://${OURS}/v1/live`);
    assert.equal(own, true, "the premise");
  },

  "EMB-11 the frame renders on a verified page": async (t) => {
    const { widget } = await shop(t);
    const page = await (await t.context()).newPage();
    await page.goto(t.network.put(at(SHOP), framing(frameUrl(widget))));
    const inner = page.frames().find((frame) => frame.url() === frameUrl(widget));
    assert.equal(await inner.evaluate(() => document.title), "Chat");
  },

  "EMB-12 the browser refuses the frame on a stranger's page": async (t) => {
    const { widget } = await shop(t);
    for (const host of [EVIL, SUFFIXED, LOOKALIKE, BESIDE]) {
      const said = await framedAndRefused(t, t.network.put(at(host), framing(frameUrl(widget))), frameUrl(widget));
      assert.match(said, new RegExp(`frame-ancestors https://${SHOP.replaceAll(".", "\\.")}`));
    }
  },

  "EMB-12 the browser refuses the frame on a sandboxed page, the shop without TLS and its other ports": async (t) => {
    const { widget } = await shop(t);
    const verified = t.network.put(at(SHOP, "/framing"), framing(frameUrl(widget)));
    await framedAndRefused(t, t.network.put(at(SHOP, "/outer"), framing(verified, 'sandbox="allow-scripts"')), frameUrl(widget));
    await framedAndRefused(t, `https://${SHOP}:8443/framing`, frameUrl(widget));
    await framedAndRefused(t, `http://${SHOP}/framing`, frameUrl(widget));
  },

  "EMB-13 a verified page within a stranger's shows no frame: all ancestors count": async (t) => {
    const { widget } = await shop(t, { hosts: [SHOP, OTHER] });
    const verified = t.network.put(at(SHOP, "/framing"), framing(frameUrl(widget)));
    await framedAndRefused(t, t.network.put(at(EVIL), framing(verified)), frameUrl(widget));
    const page = await (await t.context()).newPage();
    await page.goto(t.network.put(at(OTHER), framing(verified)));
    const inner = () => page.frames().find((frame) => frame.url() === frameUrl(widget));
    await until("the premise: verified within verified renders", inner);
  },

  "EMB-13 the widget of a verified page within a stranger's never shows a word": async (t) => {
    const { widget } = await shop(t);
    const inner = t.page({ widget, path: "/inner" });
    const page = await (await t.context()).newPage();
    await page.goto(t.network.put(at(EVIL), framing(inner)));
    const nested = page.frameLocator("#inner");
    const refused = page.waitForEvent("requestfailed", (request) => request.url() === frameUrl(widget));
    await nested.locator("porchlight-widget button.launcher").click();
    await refused;
    assert.equal(t.network.requests().some((asked) => asked.path === "/widget/v1/sessions"), false, "no session began");
  },

  "EMB-15 a stolen ticket does not work in a frame on another verified page of the same widget": async (t) => {
    const { widget } = await shop(t, { hosts: [SHOP, OTHER] });
    const stolen = async () => {
      const answer = await t.visitor(widget.id, at(SHOP).slice(0, -1)).bootstrap();
      return { ticket: answer.json.ticket, config: answer.json.config };
    };
    // a page that does what our loader does, with somebody else's ticket
    const thief = `<!doctype html><title>t</title><script>
      onload = () => {
        const frame = document.createElement("iframe");
        frame.src = ${JSON.stringify(frameUrl(widget))};
        frame.onload = () => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => data.type === "ticket" && port1.postMessage({ type: "ticket", ticket: loot.ticket });
          frame.contentWindow.postMessage("porchlight/1", ${JSON.stringify(OUR_ORIGIN)}, [port2]);
          port1.postMessage({ type: "init", config: loot.config, locale: "en", theme: null, page: null, open: true, full: false });
        };
        document.body.appendChild(frame);
      };
    </script><body></body>`;
    for (const [host, expected] of [[SHOP, 201], [OTHER, 403]]) {
      const page = await (await t.context()).newPage();
      const loot = await stolen();
      await page.addInitScript((loot) => (window.loot = loot), loot);
      const asked = page.waitForResponse((response) => response.url().endsWith("/widget/v1/sessions"));
      await page.goto(t.network.put(at(host, "/thief"), thief));
      assert.equal((await asked).status(), expected, host);
    }
  },

  "EMB-16 a hostile page finds neither tokens nor words": async (t) => {
    const { tenant, widget } = await shop(t);
    const context = await t.context();
    const page = await context.newPage();
    const secrets = new Map();
    page.on("response", async (response) => {
      if (!/\/widget\/v1\/(sessions|conversations)/.test(response.url()) || response.request().method() === "OPTIONS") return;
      const body = await response.json().catch(() => ({}));
      for (const name of ["access_token", "handle"]) if (body[name]) secrets.set(body[name], name);
    });
    await page.addInitScript(hunt);
    await page.goto(t.page({ widget }));
    const visitor = widgetOn(page);
    await visitor.opens();
    await visitor.says("my card number is 4000 0000");
    await visitor.reaches("sent");
    const agent = await t.works(tenant.owner);
    await agent.opens("my card number");
    await agent.says("we never ask for that");
    await visitor.sees("we never ask for that");
    const loot = await page.evaluate(() => window.harvest());
    const [bootstrap] = await Promise.all([page.evaluate(() => window.loot.length)]);
    assert.ok(bootstrap > 20, "the premise: the hunt sees what there is to see");
    assert.ok(loot.includes('"type":"unread"') || loot.includes("conversation_id"), "the premise: it reads the port");
    assert.equal(secrets.size >= 2, true, "the premise: there are secrets");
    const words = new Map([["my card number", "words"], ["we never ask", "words"], ...secrets]);
    for (const [secret, name] of words) assert.equal(loot.includes(secret), false, `the page reads ${name}`);
    const reachable = await page.evaluate(() => {
      const frame = document.querySelector("porchlight-widget").shadowRoot.querySelector("iframe");
      try {
        return Boolean(frame.contentDocument || frame.contentWindow.document);
      } catch {
        return false;
      }
    });
    assert.equal(reachable, false);
  },

  "EMB-17 nonsense on the port and from strangers breaks nothing": async (t) => {
    const { tenant, widget } = await shop(t);
    const context = await t.context();
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.addInitScript(grabPort);
    await page.goto(t.page({ widget }));
    const visitor = widgetOn(page);
    await visitor.opens();
    await page.evaluate(fuzz, OUR_ORIGIN);
    const stranger = await context.newPage();
    await stranger.goto(t.network.put(at(EVIL), `<!doctype html><title>e</title>`));
    // a frame that is opened as a page of its own hears its opener, which is nobody to it
    await stranger.evaluate((url) => void (window.opened = window.open(url)), frameUrl(widget));
    const popup = await until("the popup", () => context.pages().find((one) => one.url() === frameUrl(widget)));
    await popup.waitForLoadState();
    await stranger.evaluate(() => {
      const { port1, port2 } = new MessageChannel();
      window.answers = [];
      port1.onmessage = ({ data }) => window.answers.push(data);
      window.opened.postMessage("porchlight/1", "*", [port2]);
      port1.postMessage({ type: "init", config: { widget: "wgt_1" } });
    });
    await visitor.says("still here");
    await visitor.reaches("sent");
    assert.deepEqual(await stranger.evaluate(() => window.answers), []);
    assert.equal(await popup.evaluate(() => document.getElementById("root").childElementCount), 0);
    assert.deepEqual(faults, []);
    const polluted = await visitor.frame.locator("body").evaluate(() => [{}.polluted, {}.admin, Object.keys(Object.prototype).length]);
    assert.deepEqual(polluted, [null, null, 0].map((one) => one ?? undefined));
    const { items } = await tenant.owner.call("GET", "/v1/conversations");
    assert.equal(items.length, 1);
  },

  "EMB-18 no message moves our addresses, opens a window or leads the page away": async (t) => {
    const { widget } = await shop(t);
    const context = await t.context();
    const page = await context.newPage();
    await page.addInitScript(grabPort);
    await page.goto(t.page({ widget }));
    const visitor = widgetOn(page);
    await visitor.opens();
    await page.evaluate((evil) => {
      const urls = { api: evil, url: evil, base: evil, origin: evil, frame_url: evil, live: evil.replace("https", "wss"), href: evil };
      const config = { widget: `wgt_${"0".repeat(32)}`, display: "floating", online: true, settings: { color: "#ff0000", ...urls }, ...urls };
      for (const type of ["init", "open", "page", "context", "identify", "set", "navigate", "eval", "script", "url", "config", "connect"]) {
        window.port.postMessage({ type, ...urls, config, page: { url: "javascript:alert(1)", title: "x", ...urls }, context: { title: "x", url: "javascript:top.location='" + evil + "'", image: evil + "spy.png", ...urls }, token: evil, profile: urls, locale: "en" });
      }
    }, at(EVIL));
    await visitor.says("where does this go?");
    await visitor.reaches("sent");
    assert.equal(page.url(), at(SHOP));
    assert.equal(context.pages().length, 1);
    const strange = t.network.requests().filter((asked) => ![SHOP, OURS].includes(asked.host));
    assert.deepEqual(strange, [], "nobody else was asked anything");
    const links = await visitor.frame.locator("a").evaluateAll((all) => all.map((one) => one.href));
    assert.equal(links.some((href) => /^javascript:/i.test(href)), false);
  },
};

/** Runs in the page before everything else: keeps whatever passes through what a page may patch. */
function hunt() {
  if (window !== top) return;
  window.loot = [];
  const { stringify } = JSON;
  const keep = (what) => {
    try {
      window.loot.push(typeof what === "string" ? what : stringify(what));
    } catch {
      window.loot.push(String(what));
    }
  };
  const tap = (owner, name) => {
    const real = owner[name];
    owner[name] = function (...args) {
      for (const one of args) keep(one);
      const result = real.apply(this, args);
      keep(result);
      if (result instanceof Promise) result.then(keep, keep);
      return result;
    };
  };
  tap(MessagePort.prototype, "postMessage");
  tap(Window.prototype.postMessage ? Window.prototype : window, "postMessage");
  tap(JSON, "stringify");
  tap(JSON, "parse");
  tap(window, "fetch");
  tap(Response.prototype, "json");
  tap(Storage.prototype, "setItem");
  tap(Element.prototype, "setAttribute");
  tap(Map.prototype, "set");
  tap(Node.prototype, "appendChild");
  const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    configurable: true,
    set(run) {
      set.call(this, (event) => (keep(event.data), run.call(this, event)));
    },
  });
  addEventListener("message", (event) => keep(event.data), true);
  window.harvest = () => {
    keep(document.documentElement.outerHTML);
    for (const one of document.querySelectorAll("*")) if (one.shadowRoot) keep(one.shadowRoot.innerHTML);
    keep(Object.entries({ ...localStorage, ...sessionStorage }));
    keep(document.cookie);
    for (const entry of performance.getEntries()) keep(entry.name);
    for (const name of Object.getOwnPropertyNames(window)) {
      try {
        keep(window[name]);
      } catch {
        // some of them bite
      }
    }
    for (const frame of document.querySelector("porchlight-widget").shadowRoot.querySelectorAll("iframe")) keep([frame.src, frame.name, frame.title]);
    return window.loot.join("\n");
  };
}

/** Runs in the page before everything else: the page gets hold of the loader's end of the port. */
function grabPort() {
  if (window !== top) return;
  const real = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (...args) {
    window.port = this;
    return real.apply(this, args);
  };
}

/** Everything a page can think of, on the port and at the window. */
function fuzz(origin) {
  const frame = document.querySelector("porchlight-widget").shadowRoot.querySelector("iframe").contentWindow;
  const polluting = [JSON.parse('{"type":"set","profile":{"__proto__":{"polluted":1},"constructor":{"prototype":{"admin":1}},"attributes":{"__proto__":{"polluted":1},"constructor":1,"prototype":2}}}'), JSON.parse('{"__proto__":{"type":"open","polluted":1}}')];
  const odd = [null, undefined, 0, -1, NaN, "", "open", [], {}, [[[]]], new Date(), /x/, new Map([["type", "open"]]), new Uint8Array(9), { type: {} }, { type: "__proto__" }, { type: "constructor" }, { type: "toString" }, { type: "open", extra: 1 }, { type: "ticket" }, { type: "ticket", ticket: 7 }, { type: "ticket", ticket: "x".repeat(600) }, { type: "theme", theme: "neon" }, { type: "locale", locale: "../../evil" }, { type: "page", page: { url: "javascript:1" } }, { type: "identify", token: "x".repeat(9000) }, { type: "set", profile: { name: "x".repeat(1e6) } }, { type: "context", context: { title: "x".repeat(1e6) } }, { type: "x".repeat(5e6) }, ...polluting];
  for (const one of odd) {
    window.port.postMessage(one);
    frame.postMessage(one, origin);
  }
  const circle = { type: "set" };
  circle.profile = circle;
  window.port.postMessage(circle);
  for (const count of [0, 1, 2]) {
    const channels = Array.from({ length: count }, () => new MessageChannel());
    frame.postMessage("porchlight/1", origin, channels.map((one) => one.port2));
    for (const { port1 } of channels) port1.postMessage({ type: "init", config: { widget: "wgt_evil" } });
  }
  const child = document.body.appendChild(document.createElement("iframe"));
  const script = child.contentDocument.createElement("script");
  script.textContent = 'const c = new MessageChannel(); parent.document.querySelector("porchlight-widget").shadowRoot.querySelector("iframe").contentWindow.postMessage("porchlight/1", "*", [c.port2]); c.port1.postMessage({ type: "open" });';
  child.contentDocument.body.appendChild(script);
  child.remove();
}
