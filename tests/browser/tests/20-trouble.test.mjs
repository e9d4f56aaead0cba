/** What goes wrong in the world: servers and networks that are away, tabs that die, rights that end. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { OTHER, SHOP, at } from "../stage/hosts.mjs";
import { until } from "../stage/waiting.mjs";
import { widgetOn } from "../stage/widget.mjs";

const ASK = "Is the shade removable?";
const LATER = "And is it heavy?";
/** How soon a right that ended has ended on every screen. */
const PROMPT_MS = 5_000;

async function talking(t, how = {}) {
  const tenant = await t.found();
  const widget = await tenant.widget({ hosts: how.hosts });
  const visitor = await t.visits({ widget }, how);
  await visitor.opens();
  await visitor.says(ASK);
  await visitor.reaches("sent", ASK);
  return { tenant, widget, visitor };
}

/** The visitor's words as the server has them, once there are as many as expected. */
async function arrived(tenant, count) {
  const { items } = await until("a conversation", () => tenant.owner.call("GET", "/v1/conversations?status=all"), ({ items }) => items.length > 0);
  const path = `/v1/conversations/${items[0].id}/messages`;
  const page = await until("the words", () => tenant.owner.call("GET", path), ({ items }) => items.length >= count);
  assert.equal(items.length, 1, "one conversation");
  return page.items.map((message) => message.body);
}

/** Waits until the widget says that these words are kept for later. */
async function kept(visitor, words) {
  await visitor.frame.locator(".row.mine", { hasText: words }).locator(".state.queued").waitFor();
  await visitor.banner.getByText(/messages? waits?/).waitFor();
}

/** Waits until the screen shows that a right has ended, and holds the product to its promise. */
async function promptly(what, since, ends) {
  await ends;
  const took = performance.now() - since;
  assert.ok(took <= PROMPT_MS, `${what}: ${Math.round(took)} ms`);
}

/** The same visitor on the same page later: the words that waited are there and go. */
async function comesBack(t, visitor, context, tenant) {
  const page = await context.newPage();
  await page.goto(visitor.address);
  const again = widgetOn(page);
  await again.opens();
  await again.reaches("sent", LATER);
  assert.deepEqual(await arrived(tenant, 2), [ASK, LATER]);
  assert.deepEqual(await again.words(), [ASK, LATER]);
}

/** Ends the browser with this profile as a power cut would: the process that holds the folder and nobody else. */
function kill(folder) {
  const line = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).find((pid) => isBrowserOf(pid, folder));
  process.kill(Number(line), "SIGKILL");
}

function isBrowserOf(pid, folder) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return words.includes(`--user-data-dir=${folder}`) && !words.some((word) => word.startsWith("--type="));
  } catch {
    return false;
  }
}

export const tests = {
  "STORY words sent while the server is down arrive once after it is back": async (t) => {
    const { tenant, visitor } = await talking(t);
    const agent = await t.works(tenant.owner);
    await agent.opens(ASK);
    await agent.sees(ASK);
    await t.stage.stop();
    try {
      await visitor.says(LATER);
      await visitor.says("About in kilos.");
      await kept(visitor, LATER);
      await visitor.banner.getByText("No connection").waitFor();
      await agent.page.getByText("Connection lost. Trying again.").waitFor();
      await agent.says("Two kilos.");
    } finally {
      await t.stage.start();
    }
    await agent.sees("About in kilos.");
    await visitor.sees("Two kilos.");
    const bodies = await arrived(tenant, 4);
    assert.deepEqual([...bodies].sort(), [ASK, "About in kilos.", LATER, "Two kilos."].sort());
    assert.deepEqual(bodies.filter((body) => body !== "Two kilos."), [ASK, LATER, "About in kilos."], "in the order in which they were said");
    assert.equal((await visitor.words()).length, 4, "and shown once");
  },

  "STORY words whose answer was lost on the way are not said twice": async (t) => {
    const { tenant, visitor } = await talking(t);
    let lost = 0;
    t.network.swallow((request) => request.method === "POST" && /\/messages$/.test(request.url) && ++lost <= 2);
    await visitor.says(LATER);
    await visitor.reaches("sent", LATER);
    assert.ok(lost >= 2, "two answers were lost");
    assert.deepEqual(await arrived(tenant, 2), [ASK, LATER]);
    assert.deepEqual(await visitor.words(), [ASK, LATER]);
  },

  "STORY first words whose answer was lost open one conversation": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget });
    await visitor.opens();
    let lost = 0;
    t.network.swallow((request) => request.method === "POST" && /\/conversations$/.test(request.url) && ++lost <= 1);
    await visitor.says(ASK);
    await visitor.reaches("sent", ASK);
    assert.ok(lost >= 1, "an answer was lost");
    assert.deepEqual(await arrived(tenant, 1), [ASK]);
    assert.deepEqual(await visitor.words(), [ASK]);
  },

  "STORY the network goes and comes back: both sides say so and catch up": async (t) => {
    const { tenant, visitor } = await talking(t);
    const agent = await t.works(tenant.owner);
    await agent.opens(ASK);
    await agent.sees(ASK);
    t.network.cut();
    await visitor.says(LATER);
    await visitor.banner.getByText("One message waits").waitFor();
    await agent.page.getByText("Connection lost. Trying again.").waitFor();
    t.network.mend();
    await agent.sees(LATER);
    await visitor.reaches("read", LATER);
    await visitor.banner.filter({ hasText: /^$/ }).waitFor({ state: "attached" });
    assert.deepEqual(await arrived(tenant, 2), [ASK, LATER]);
  },

  "STORY words said without a network survive a reload": async (t) => {
    const { tenant, visitor } = await talking(t, { in: await t.profile() });
    t.network.cut();
    await visitor.says(LATER);
    await kept(visitor, LATER);
    await visitor.page.reload();
    t.network.mend();
    await visitor.page.reload();
    await visitor.opens();
    await visitor.reaches("sent", LATER);
    assert.deepEqual(await arrived(tenant, 2), [ASK, LATER]);
    assert.deepEqual(await visitor.words(), [ASK, LATER]);
  },

  "STORY the very first words, said without a network, survive a reload": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget }, { in: await t.profile() });
    const entered = visitor.page.waitForResponse((response) => response.url().endsWith("/widget/v1/sessions"));
    await visitor.opens();
    await (await entered).finished();
    t.network.cut();
    const tried = t.network.seen((asked) => asked.method === "POST" && asked.path.endsWith("/conversations"));
    await visitor.says(ASK);
    await tried;
    await visitor.reaches("queued", ASK);
    t.network.mend();
    await visitor.page.reload();
    await visitor.opens();
    await visitor.reaches("sent", ASK);
    assert.deepEqual(await arrived(tenant, 1), [ASK]);
  },

  "STORY words said without a network survive the death of the tab": async (t) => {
    const { tenant, visitor } = await talking(t, { in: await t.profile() });
    t.network.cut();
    await visitor.says(LATER);
    await kept(visitor, LATER);
    const died = visitor.page.waitForEvent("crash");
    visitor.page.goto("chrome://crash").catch(() => {});
    await died;
    t.network.mend();
    await comesBack(t, visitor, visitor.page.context(), tenant);
  },

  "STORY words said without a network survive the death of the whole browser": async (t) => {
    const before = await t.profile();
    const { tenant, visitor } = await talking(t, { in: before });
    t.network.cut();
    await visitor.says(LATER);
    await kept(visitor, LATER);
    const gone = new Promise((go) => before.on("close", go));
    kill(before.folder);
    await gone;
    t.network.mend();
    // who the visitor is may have been lost in the same second; the words may not
    const page = await (await t.profile(before.folder)).newPage();
    await page.goto(visitor.address);
    const again = widgetOn(page);
    await again.opens();
    await again.reaches("sent", LATER);
    const agent = await t.works(tenant.owner);
    await agent.row(LATER).waitFor();
    assert.equal(await agent.row(LATER).count(), 1);
  },

  "WS-04 an agent who is removed is signed out within 5 s": async (t) => {
    const tenant = await t.found();
    const jonas = await tenant.hires("Jonas Lind");
    const inbox = await t.works(jonas);
    const since = performance.now();
    await tenant.owner.call("DELETE", `/v1/agents/${jonas.id}`);
    await promptly("signed out", since, inbox.signInForm.waitFor());
    await inbox.page.reload();
    await inbox.signInForm.waitFor();
  },

  "WS-04 a suspended tenant's widget goes dark and its people are out within 5 s; both come back": async (t) => {
    const { tenant, widget, visitor } = await talking(t);
    const inbox = await t.works(tenant.owner);
    const ops = await t.operator();
    const since = performance.now();
    await ops.call("POST", `/operator/v1/tenants/${tenant.id}/suspend`, { reason: "unpaid" });
    await Promise.all([
      promptly("the widget is dark", since, visitor.frame.getByText("This chat is not available").waitFor()),
      promptly("the agent is out", since, inbox.page.getByText("suspended", { exact: false }).first().waitFor()),
    ]);
    assert.equal(await inbox.composer.count(), 0, "nothing of the inbox is left on the screen");
    const newcomer = await refusedVisit(t, widget);
    assert.equal(await newcomer.host.count(), 0);
    await ops.call("POST", `/operator/v1/tenants/${tenant.id}/resume`, {});
    const back = await t.visits({ widget, path: "/back" });
    await back.opens();
  },

  "EMB-10 a domain that is taken back ends the live widget within 5 s, and only there": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget({ hosts: [SHOP, OTHER] });
    const visitor = await t.visits({ widget });
    const elsewhere = await t.visits({ widget, host: OTHER });
    for (const one of [visitor, elsewhere]) {
      await one.opens();
      await one.says(ASK);
      await one.reaches("sent");
    }
    const since = performance.now();
    await tenant.owner.call("DELETE", `/v1/domains/${widget.domains[SHOP].id}`);
    await promptly("the widget is dark", since, visitor.frame.getByText("This chat is not available").waitFor());
    await elsewhere.says(LATER);
    await elsewhere.reaches("sent", LATER);
    const newcomer = await refusedVisit(t, widget);
    assert.equal(await newcomer.host.count(), 0);
  },

  "STORY a widget that is switched off disappears for newcomers and ends for those who talk": async (t) => {
    const { tenant, widget, visitor } = await talking(t);
    await tenant.owner.call("PATCH", `/v1/widgets/${widget.id}`, { active: false });
    const newcomer = await refusedVisit(t, widget);
    assert.equal(await newcomer.host.count(), 0);
    await visitor.page.reload();
    await visitor.page.waitForLoadState("networkidle");
    assert.equal(await visitor.host.count(), 0);
  },
};

/** Somebody new on the shop, once the loader has been told no. */
async function refusedVisit(t, widget) {
  const context = await t.context();
  const page = await context.newPage();
  const told = page.waitForEvent("console", (message) => message.text().includes("may not show widget"));
  const address = t.page({ widget, path: "/new" });
  await page.goto(address);
  await told;
  assert.match((await told).text(), new RegExp(at(SHOP).slice(0, -1)));
  return { page, host: page.locator("porchlight-widget") };
}
