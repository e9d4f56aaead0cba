/** axe on every screen: no finding is accepted. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { OPS, OURS, at } from "../stage/hosts.mjs";
import { PHONE } from "../stage/playground.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in a document, one line each. */
async function findings(frame, within) {
  // after animations: half-transparent text has no contrast yet
  await frame.evaluate(() => Promise.allSettled(document.getAnimations({ subtree: true }).filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished)));
  await frame.evaluate(AXE);
  const { violations, passes } = await frame.evaluate((within) => axe.run(within ?? document, { resultTypes: ["violations"] }), within);
  assert.ok(passes.length > 3, "the premise: axe looked");
  return violations.flatMap((one) => one.nodes.map((node) => `${one.impact} ${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help}`));
}

const none = (where, found) => assert.deepEqual(found, [], `${where}\n${found.join("\n")}`);

async function talking(t, how = {}) {
  const tenant = await t.found();
  const widget = await tenant.widget();
  await tenant.hires("Jonas Lind");
  const visitor = await t.visits({ widget, body: "<main><h1>Harbour lamp</h1><p>Oak and brass.</p></main>" }, how);
  return { tenant, widget, visitor };
}

const frameOf = (page) => page.frames().find((frame) => frame.url().startsWith(at(OURS, "/widget/v1/frame")));

/** The widget closed, open, in a talk, and with its menu, in one look. */
const widgetIn = (context) => async (t) => {
  const { tenant, visitor } = await talking(t, { context });
  await visitor.launcher.waitFor();
  none("closed", await findings(visitor.page.mainFrame()));
  await visitor.opens();
  none("opened, page", await findings(visitor.page.mainFrame()));
  none("opened, frame", await findings(frameOf(visitor.page)));
  await visitor.says("Is the shade removable? https://lamps.example.com");
  await visitor.reaches("sent");
  const agent = await t.works(tenant.owner);
  await agent.opens("Is the shade");
  await agent.says("Yes.");
  await visitor.sees("Yes.");
  none("in a talk", await findings(frameOf(visitor.page)));
  await visitor.frame.getByRole("button", { name: "More" }).click();
  none("menu", await findings(frameOf(visitor.page)));
};

const inboxIn = (context) => async (t) => {
  const { tenant, visitor } = await talking(t);
  await visitor.opens();
  await visitor.says("Is the shade removable?");
  const agent = await t.works(tenant.owner, { context });
  await agent.row("Is the shade").waitFor();
  none("list", await findings(agent.page.mainFrame()));
  await agent.opens("Is the shade");
  await agent.says("Yes, unscrew the ring.");
  await visitor.sees("Yes, unscrew the ring.");
  none("thread", await findings(agent.page.mainFrame()));
};

const pageOf = (path, shows) => async (t) => {
  const tenant = await t.found();
  const widget = await tenant.widget();
  const { page } = await t.works(tenant.owner);
  await page.goto(at(OURS, `/app/${path.replace("ID", widget.id)}`));
  await page.getByText(shows).first().waitFor();
  await page.waitForLoadState("networkidle");
  none(path, await findings(page.mainFrame()));
};

export const tests = {
  "AXE the widget, light": widgetIn({}),
  "AXE the widget, dark": widgetIn({ colorScheme: "dark" }),
  "AXE the widget, phone": widgetIn(PHONE),
  "AXE the inbox, light": inboxIn({}),
  "AXE the inbox, dark": inboxIn({ colorScheme: "dark" }),
  "AXE the inbox, phone": inboxIn(PHONE),
  "AXE the empty inbox": pageOf("#/inbox", "No conversations here yet"),
  "AXE widgets": pageOf("#/widgets", "Shop"),
  "AXE a widget's editor": pageOf("#/widgets/ID", "Shop"),
  "AXE a widget's installation": pageOf("#/widgets/ID/install", "Shop"),
  "AXE a widget's domains": pageOf("#/widgets/ID/domains", "shop.porchlight-example.com"),
  "AXE the team": pageOf("#/team", "Olga Owner"),
  "AXE settings": pageOf("#/settings", "Settings"),
  "AXE the account": pageOf("#/account", "Your account"),

  "AXE the sign-in": async (t) => {
    const page = await (await t.context()).newPage();
    await page.goto(at(OURS, "/app/"));
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    none("sign-in", await findings(page.mainFrame()));
  },

  "AXE the operators' console": async (t) => {
    await t.found();
    const ops = await t.operator();
    // long lists scroll, and what scrolls must be reachable by keyboard
    for (let n = 0; n < 25; n++) await ops.call("POST", "/operator/v1/tenants", { name: `Tenant ${n}`, owner_email: `owner@n${n}.example.com` });
    const page = await (await t.context()).newPage();
    await page.goto(at(OPS));
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    none("sign-in", await findings(page.mainFrame()));
    await page.getByLabel("E-mail", { exact: true }).fill(t.stage.operator_email);
    await page.getByLabel("Password", { exact: true }).fill(t.stage.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Tenant 24").first().waitFor();
    none("tenants", await findings(page.mainFrame()));
    await page.getByText("Tenant 24").first().click();
    await page.getByRole("button", { name: /Suspend/ }).waitFor();
    none("a tenant", await findings(page.mainFrame()));
    for (const path of ["#/audit", "#/system"]) {
      await page.goto(at(OPS, `/${path}`));
      await page.waitForLoadState("networkidle");
      none(path, await findings(page.mainFrame()));
    }
  },
};
