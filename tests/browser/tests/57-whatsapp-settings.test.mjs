/** WhatsApp as an administrator sets it up: connecting, what Meta refuses, the doctor, templates, what arrived. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { OPS, OURS, at } from "../stage/hosts.mjs";
import { judges } from "../stage/judging.mjs";
import { PHONE } from "../stage/playground.mjs";
import { META, startSim } from "../stage/whatsapp.mjs";

export const beside = () => startSim();

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ROOT = "#/settings/whatsapp";

/** What axe finds once everything stands still: nothing is accepted, and nothing sticks out. */
async function clean(page, where) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations({ subtree: true }).filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished)));
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 3, "the premise: axe looked");
  assert.deepEqual(violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help}`)), [], where);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), page.viewportSize().width, `${where}: nothing sticks out`);
}

const open = (page, path = "") => page.goto(at(OURS, `/app/${ROOT}${path}`));
const box = (page, name) => page.getByRole("textbox", { name, exact: true });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** A tenant with a number of its own, and its owner at the desk. */
async function connected(t, how = {}) {
  judges(t.stage);
  const tenant = await t.found();
  const of = await t.sim.account("Lumen & Oak", how.number);
  const { app, account, number } = await t.sim.connects(t.stage, tenant.owner, { of });
  const { page } = await t.works(tenant.owner, how);
  return { tenant, of, app, account, number, page };
}

const accessible = (context) => async (t) => {
  const { tenant, account, number, page } = await connected(t, { context });
  await tenant.owner.call("POST", "/v1/whatsapp/templates", { account_id: account.id, name: "order_sent", language: "en", category: "UTILITY", named: false, components: [{ type: "BODY", text: "Your order left." }] });
  await open(page);
  await page.getByRole("heading", { name: "Business accounts" }).waitFor();
  await clean(page, "overview");
  for (const [tab, shows] of [["", "In conversations"], ["/profile", "About"], ["/doctor", "Access token"], ["/registration", "Two-step PIN"]]) {
    await open(page, `/numbers/${number.id}${tab}`);
    await page.getByText(shows, { exact: true }).first().waitFor();
    await page.waitForLoadState("networkidle");
    await clean(page, tab);
  }
  await open(page, "/templates");
  await page.getByText("order_sent").waitFor();
  await clean(page, "templates");
  await page.getByText("order_sent").click();
  await page.getByText("As it looks on a phone").waitFor();
  await clean(page, "a template");
  await open(page, "/templates/new");
  await page.getByRole("button", { name: "Send to Meta for review" }).click();
  await page.getByText("Give the template a name.").waitFor();
  await clean(page, "builder");
  await open(page, "/connect");
  await page.getByText("Which Meta app sends you the messages?").waitFor();
  await clean(page, "connect");
  await open(page, "/arrived");
  await page.getByText("Nothing has arrived yet").waitFor();
  await clean(page, "arrived");
};

export const tests = {
  "WA an administrator connects a number by hand and sees what Meta refuses": async (t) => {
    judges(t.stage);
    const tenant = await t.found();
    const of = await t.sim.account("Harbour Lamps", { registered: false, status: "PENDING" });
    const { page } = await t.works(tenant.owner);
    await open(page);
    await page.getByText("Bring WhatsApp into the inbox").waitFor();
    await press(page, "Connect by hand");
    await box(page, "App ID").fill(META.app);
    await box(page, "Name").fill("Our app");
    await box(page, "App secret").fill(META.secret);
    await press(page, "Add app");
    await page.getByText("The verify token is shown only now", { exact: false }).waitFor();
    const told = await page.locator("code").allTextContents();
    assert.match(told[0], /\/inbound\/whatsapp\/wap_/);
    assert.ok(told[1].length >= 20, "the verify token");
    await press(page, "I have done this");

    await box(page, "WhatsApp Business Account ID").fill(of.waba);
    await box(page, "Access token").fill("EAAGnothingOfMetas");
    await press(page, "Connect");
    await page.getByRole("alert").getByText(/not valid/).waitFor();
    await box(page, "Access token").fill(of.token);
    await press(page, "Connect");

    await page.getByText("Not registered", { exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Register", exact: true }).isDisabled(), true, "no PIN yet");
    await box(page, "Two-step PIN").fill("123456");
    await press(page, "Register");
    await page.getByText("Registered", { exact: true }).waitFor();
    await press(page, "To the numbers");
    await page.getByRole("heading", { name: "Harbour Lamps" }).waitFor();
    // secrets are written and never read
    const shown = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll("input")].map((one) => one.value).join());
    for (const secret of [META.secret, of.token, told[1]]) assert.ok(!shown.includes(secret), "a secret is on the page");
  },

  "WA the doctor names what is wrong with its fix, and looks again": async (t) => {
    const { number, of, page } = await connected(t);
    await open(page, `/numbers/${number.id}/doctor`);
    // the simulator calls the stage by its port, not by its public name
    await page.getByRole("heading", { name: "Callback address" }).waitFor();
    await page.getByText(/Set it in Meta's app dashboard/).waitFor();
    const ok = page.getByRole("img", { name: "fine" });
    const before = await ok.count();
    assert.ok(before > 5, `${before} lines are fine`);
    await t.sim.act("numbers", { id: of.number, quality: "RED" });
    await press(page, "Run again");
    await page.getByText("The quality is RED.").waitFor();
    await page.getByText(/Customers block or report/).waitFor();
    assert.equal(await ok.count(), before - 1);
  },

  "WA a template is checked while it is written, sent in, and follows Meta's verdict": async (t) => {
    const { page } = await connected(t);
    await open(page, "/templates/new");
    await box(page, "Name").fill("Order on its way");
    assert.equal(await box(page, "Name").inputValue(), "order_on_its_way");
    await box(page, "Text").fill("{{name}}, your order left.");
    await page.getByText("A text neither begins nor ends with a variable.").waitFor();
    await box(page, "Text").fill("Hello {{name}}, your order *left* today.");
    await press(page, "Send to Meta for review");
    await page.getByText("Meta's reviewers need an example.").waitFor();
    await box(page, "Example for {{name}}").fill("Ann");
    await page.locator("figure").getByText("Hello Ann, your order").waitFor();
    await page.getByText("Ready to be sent in").waitFor();
    await press(page, "Send to Meta for review");
    await page.getByRole("heading", { name: "order_on_its_way" }).waitFor();
    const all = await t.sim.ask("GET", "/_sim/templates");
    const { id } = all.find((one) => one.name === "order_on_its_way");
    await t.sim.act(`templates/${id}/status`, { status: "REJECTED", reason: "TAG_CONTENT_MISMATCH" });
    await t.sim.settle();
    // nobody reloads: the news comes by the live connection
    await page.getByText(/The words do not fit the language or the category/).waitFor();
  },

  "WA what arrives is listed, and a stopped number says so without a reload": async (t) => {
    const { of, page } = await connected(t);
    await open(page, "/arrived");
    await page.getByText("Nothing has arrived yet").waitFor();
    await t.sim.act(`users/${META.people[0]}/send`, { kind: "text", text: "Hello", number: of.number });
    await t.sim.settle();
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByText("Message: text").first().waitFor();
    await page.getByText("Failed", { exact: true }).first().click();
    await page.getByText("Nothing has failed.", { exact: false }).waitFor();

    await open(page);
    await page.getByText("Working").waitFor();
    await t.sim.act(`wabas/${of.waba}/account_update`, { event: "DISABLED_UPDATE", more: { ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "now" } } });
    await t.sim.settle();
    await page.getByText(/Sending stopped/).waitFor();
    await page.getByText("Meta has disabled the account.", { exact: false }).first().waitFor();
  },

  "WA settings and profile of a number are kept, the profile at Meta": async (t) => {
    const { number, page, tenant } = await connected(t);
    await open(page, `/numbers/${number.id}`);
    await page.getByText("Remind the team before the window closes").click();
    await box(page, "Minutes before").fill("90");
    await press(page, "Save changes");
    await page.getByText("Saved", { exact: true }).waitFor();
    const { items } = await tenant.owner.call("GET", "/v1/whatsapp/numbers");
    assert.equal(items[0].settings.nudge_minutes, 90);
    await open(page, `/numbers/${number.id}/profile`);
    await box(page, "About").fill("Lamps made by hand");
    await box(page, "Website").fill("no address");
    await page.getByText("A website begins with https://").waitFor();
    await box(page, "Website").fill("https://lumen.example");
    await press(page, "Save changes");
    await page.getByText("Profile saved at Meta").waitFor();
    assert.equal((await tenant.owner.call("GET", `/v1/whatsapp/numbers/${number.id}/profile`)).about, "Lamps made by hand");
  },

  "WA Meta's dialogue opens in a window of its own and no script of Meta's is loaded": async (t) => {
    const { tenant, app, of, page } = await connected(t);
    await tenant.owner.call("PATCH", `/v1/whatsapp/apps/${app.id}`, { signup_config: "1234567890" });
    const asked = [];
    page.context().on("request", (request) => asked.push(request.url()));
    await page.context().route("https://www.facebook.com/**", (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<title>Meta</title>" }));
    await open(page, "/connect");
    await press(page, "Continue with Facebook");
    assert.deepEqual(asked.filter((url) => url.includes("facebook")), [], "nothing of Meta's before the click");
    const [window] = await Promise.all([page.context().waitForEvent("page"), press(page, "Open Meta's window")]);
    await window.waitForURL(/facebook\.com/);
    const dialogue = new URL(window.url());
    assert.equal(dialogue.searchParams.get("redirect_uri"), at(OURS, "/app/"));
    const { code } = await t.sim.act("codes", { token: of.token, app: META.app });
    await window.goto(at(OURS, `/app/?code=${code}&state=${dialogue.searchParams.get("state")}`));
    await page.getByText("Lumen & Oak is connected").waitFor();
    assert.ok(!asked.some((url) => url.includes("connect.facebook.net")), "no script of Meta's");
  },

  "WA an agent sees how the numbers are doing and can change nothing": async (t) => {
    const { tenant, page } = await connected(t);
    await open(page);
    await page.getByRole("button", { name: "More, Our app" }).waitFor();
    const agent = await t.works(await tenant.hires("Jonas Lind"));
    await open(agent.page);
    await agent.page.getByText("Working").waitFor();
    await agent.page.getByText("Only an owner or admin can change this.").waitFor();
    assert.equal(await agent.page.getByRole("button", { name: /More,/ }).count(), 0);
    assert.equal(await agent.page.getByRole("link", { name: "Doctor" }).count(), 0);
  },

  "WA operators look after the platform's apps": async (t) => {
    const page = await (await t.context()).newPage();
    await page.goto(at(OPS, "/#/whatsapp"));
    await page.getByLabel("E-mail", { exact: true }).fill(t.stage.operator_email);
    await page.getByLabel("Password", { exact: true }).fill(t.stage.password);
    await press(page, "Sign in");
    await page.getByText("No app yet").waitFor();
    await clean(page, "no app");
    await press(page, "Add an app");
    await box(page, "App ID").fill("777777777777777");
    await box(page, "Name").fill("Shared app");
    await box(page, "App secret").fill("a_platform_secret");
    await press(page, "Add app");
    await page.getByText("Tell Meta where to call").waitFor();
    await clean(page, "told");
    await press(page, "Done");
    await page.getByText(/secret ends in …cret/).waitFor();
    await press(page, "More, Shared app");
    await page.getByRole("menuitem", { name: "Give a new secret" }).click();
    await box(page, "App secret").fill("another_secret_9876");
    await press(page, "Save");
    await page.getByText(/secret ends in …9876.*the secret before counts until/).waitFor();
    await press(page, "More, Shared app");
    await page.getByRole("menuitem", { name: "Erase secrets" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Shared app");
    await press(page, "Erase secrets");
    await page.getByText(/no secret: nothing is accepted/).waitFor();
  },

  "AXE WhatsApp's settings, light": accessible({}),
  "AXE WhatsApp's settings, dark": accessible({ colorScheme: "dark" }),
  "AXE WhatsApp's settings, phone": accessible(PHONE),
};
