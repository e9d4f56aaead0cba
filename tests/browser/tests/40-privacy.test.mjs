/** What is kept and who is asked, before and after a visitor acts; who may frame our pages. */

import assert from "node:assert/strict";
import { EVIL, FOREIGN, OPS, OURS, SHOP, at } from "../stage/hosts.mjs";
import { widgetOn } from "../stage/widget.mjs";

const ours = (t) => t.network.requests().filter((asked) => asked.host === OURS).map((asked) => `${asked.method} ${asked.path.split("?")[0]}`);

/** Everything that browser and page keep: cookies, storages, databases, caches, workers. */
async function kept(page, context) {
  const look = async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map((one) => one.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookie: document.cookie,
  });
  const all = { cookies: (await context.cookies()).map((one) => one.name), shop: await page.evaluate(look), frame: null };
  const frame = page.frames().find((one) => one.url().startsWith(at(OURS, "/widget/v1/frame")));
  if (frame) all.frame = await frame.evaluate(look);
  return all;
}

/** Until the page has nothing left to do of its own. */
const settled = (page) => page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestIdleCallback(go))));

const NOTHING = { local: [], session: [], databases: [], caches: [], workers: 0, cookie: "" };

export const tests = {
  "PRIV-01 nothing is stored, no row is made and two things are asked before a visitor acts": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const context = await t.context();
    const page = await context.newPage();
    await page.goto(t.page({ widget }));
    const visitor = widgetOn(page);
    await visitor.launcher.waitFor();
    await settled(page);
    assert.deepEqual(ours(t).sort(), ["GET /widget.js", "OPTIONS /widget/v1/bootstrap", "POST /widget/v1/bootstrap"]);
    assert.deepEqual(await kept(page, context), { cookies: [], shop: NOTHING, frame: null });
    const bootstrap = t.network.requests().find((asked) => asked.method === "POST");
    assert.equal(bootstrap.headers.cookie, undefined);
    assert.equal(JSON.stringify(bootstrap.headers).includes("con_"), false);

    // a look into the panel is not yet an act either
    const entered = page.waitForResponse((response) => response.url().endsWith("/widget/v1/sessions"));
    await visitor.opens();
    await entered;
    await settled(page);
    assert.deepEqual(await kept(page, context), { cookies: [], shop: NOTHING, frame: NOTHING });
    assert.equal(ours(t).some((line) => line.startsWith("UPGRADE")), false, "and nobody listens to the visitor");
    const rows = async () => (await tenant.owner.call("GET", "/v1/contacts")).items.length + (await tenant.owner.call("GET", "/v1/conversations?status=all")).items.length;
    assert.equal(await rows(), 0);

    await visitor.says("Now I act.");
    await visitor.reaches("sent");
    assert.equal(await rows(), 2, "the premise: an act makes rows");
    const after = await kept(page, context);
    assert.deepEqual(after.shop, NOTHING, "the shop's own storage stays empty for ever");
    assert.ok(after.frame.local.length > 0, "the premise: the frame keeps something then");
    assert.equal(after.frame.cookie, "", "the cookie is out of reach of scripts");
    const [cookie, ...more] = await context.cookies();
    assert.deepEqual(more, []);
    const { name, httpOnly, secure, sameSite, path, domain, partitionKey } = cookie;
    assert.deepEqual({ name, httpOnly, secure, sameSite, path, domain }, { name: "__Host-porchlight_visitor", httpOnly: true, secure: true, sameSite: "None", path: "/", domain: OURS });
    assert.match(String(partitionKey), /porchlight-example\.com/, "kept apart by the site around it");
  },

  "PRIV-01 two sites do not share what they know of a visitor": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget({ hosts: [SHOP, FOREIGN] });
    const context = await t.profile();
    const visitor = await t.visits({ widget }, { in: context });
    await visitor.opens();
    await visitor.says("I am on the shop.");
    await visitor.reaches("sent");
    const page = await context.newPage();
    await page.goto(t.page({ widget, host: FOREIGN }));
    const elsewhere = widgetOn(page);
    const entered = page.waitForResponse((response) => response.url().endsWith("/widget/v1/sessions"));
    await elsewhere.opens();
    assert.equal((await (await entered).json()).conversation, null);
    assert.deepEqual(await elsewhere.words(), []);
    const again = await t.visits({ widget, path: "/again" }, { in: context });
    await again.opens();
    await again.sees("I am on the shop.");
  },

  "PRIV-04 a whole talk asks nobody but the shop and us": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const agent = await t.works(tenant.owner);
    const visitor = await t.visits({ widget });
    await visitor.opens();
    await visitor.says("See https://tracker.attacker-example.net/pixel.png and http://evil.attacker-example.net");
    await agent.opens("tracker");
    await agent.says("![x](https://tracker.attacker-example.net/a.png) https://tracker.attacker-example.net/b.png");
    await visitor.sees("tracker.attacker-example.net/b.png");
    for (const path of ["#/widgets", "#/team", "#/settings", "#/account"]) {
      await agent.page.goto(at(OURS, `/app/${path}`));
      await agent.page.waitForLoadState("networkidle");
    }
    const hosts = [...new Set(t.network.requests().map((asked) => asked.host))].sort();
    assert.deepEqual(hosts, [SHOP, OURS].sort());
    const secrets = t.network.requests().filter((asked) => /token=|access_|handle|vh_|ey[A-Za-z0-9_-]{20,}\./.test(asked.path));
    assert.deepEqual(secrets.map((asked) => asked.path), [], "nothing secret in an address");
  },

  "HDR-01 nobody frames the dashboard or the console, not even we ourselves": async (t) => {
    const targets = [at(OURS, "/app/"), at(OURS, "/app/#/inbox"), at(OPS, "/")];
    for (const [host, path] of [[EVIL, "/framing"], [SHOP, "/framing"]]) {
      for (const url of targets) {
        const page = await (await t.context()).newPage();
        const stopped = page.waitForEvent("requestfailed", (request) => request.url() === url.split("#")[0]);
        await page.goto(t.network.put(at(host, path), `<!doctype html><title>f</title><iframe src="${url}"></iframe>`));
        assert.match((await stopped).failure().errorText, /ERR_BLOCKED_BY_(CSP|RESPONSE)/, `${host} ${url}`);
      }
    }
    const own = await (await t.context()).newPage();
    await own.goto(at(OURS, "/app/"));
    const shown = await own.evaluate(
      (url) =>
        new Promise((go) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          frame.onload = () => {
            try {
              go(frame.contentDocument !== null);
            } catch {
              go(false);
            }
          };
          document.addEventListener("securitypolicyviolation", () => go(false));
          document.body.appendChild(frame);
        }),
      at(OURS, "/app/"),
    );
    assert.equal(shown, false);
  },

  "HDR-01 a page that opens the dashboard has no hold on it": async (t) => {
    const context = await t.context();
    const page = await context.newPage();
    await page.goto(t.network.put(at(EVIL), "<!doctype html><title>e</title>"));
    const [opened] = await Promise.all([context.waitForEvent("page"), page.evaluate((url) => void (window.held = window.open(url)), at(OURS, "/app/"))]);
    await opened.getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.equal(await page.evaluate(() => window.held.closed), true, "the opener's handle is cut");
  },
};
