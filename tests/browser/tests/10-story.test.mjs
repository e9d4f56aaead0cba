/** The story of the product: two people on two sites talk, live. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OPS, OURS, SHOP, at } from "../stage/hosts.mjs";
import { PHONE } from "../stage/playground.mjs";
import { until } from "../stage/waiting.mjs";

const ASK = "Is the shade removable?";
const ANSWER = "Yes, unscrew the ring.";

/** A tenant with an agent at the inbox and a visitor with the widget open. */
async function two(t, how = {}) {
  const tenant = await t.found();
  const widget = await tenant.widget();
  const agent = await t.works(tenant.owner);
  const visitor = await t.visits({ widget }, how);
  await visitor.opens();
  return { tenant, widget, agent, visitor };
}

/** The same, in the middle of a talk. */
async function talking(t, how) {
  const all = await two(t, how);
  await all.visitor.says(ASK);
  await all.agent.opens(ASK);
  await all.agent.says(ANSWER);
  await all.visitor.sees(ANSWER);
  return all;
}

export const tests = {
  "STORY a visitor writes on the shop, it appears in the inbox without reloading, and the answer in the widget": async (t) => {
    const { agent, visitor } = await two(t);
    await visitor.says(ASK);
    await agent.opens(ASK);
    await agent.sees(ASK);
    await agent.says(ANSWER);
    await visitor.sees(ANSWER);
    assert.deepEqual(await visitor.words(), [ASK, ANSWER]);
    assert.equal(await visitor.frame.locator(".row.theirs", { hasText: ANSWER }).locator(".who").innerText(), "Olga Owner");
  },

  "STORY typing shows on both sides and goes away when it ends": async (t) => {
    const { agent, visitor } = await talking(t);
    await visitor.box.pressSequentially("And the cable");
    const line = agent.page.getByText(/^Visitor \w+ is writing$/);
    await line.waitFor();
    await visitor.box.fill("");
    await line.waitFor({ state: "hidden" });
    await agent.composer.pressSequentially("It is");
    await visitor.typing.waitFor();
    assert.match(await visitor.typing.innerText(), /Olga Owner is writing/);
    await agent.composer.fill("");
    await visitor.typing.waitFor({ state: "hidden" });
  },

  "STORY ticks go from sent to delivered to read, both ways": async (t) => {
    const { tenant, agent, visitor } = await two(t);
    await visitor.says(ASK);
    await visitor.reaches("delivered", ASK);
    await agent.opens(ASK);
    await visitor.reaches("read", ASK);
    await visitor.closes();
    await agent.says(ANSWER);
    const ticks = (word) => agent.message(ANSWER).getByText(word, { exact: true });
    await ticks("Delivered").waitFor();
    const { items } = await tenant.owner.call("GET", "/v1/conversations");
    assert.equal(items[0].receipts.visitor_read_seq < items[0].last_seq, true, "a closed widget has read nothing");
    await visitor.launcher.click();
    await ticks("Read").waitFor();
  },

  "STORY the launcher counts what came while the panel was closed": async (t) => {
    const { agent, visitor } = await talking(t);
    await visitor.closes();
    assert.equal(await visitor.badge.isVisible(), false);
    await agent.says("One more thing.");
    await agent.says("And another.");
    await visitor.badge.filter({ hasText: /^2$/ }).waitFor();
    assert.match(await visitor.launcher.getAttribute("aria-label"), /2 unread/);
    await visitor.opens();
    await visitor.closes();
    assert.equal(await visitor.badge.isVisible(), false);
  },

  "STORY a reload keeps the history": async (t) => {
    const { agent, visitor } = await talking(t);
    await visitor.page.reload();
    await visitor.opens();
    await visitor.sees(ANSWER);
    assert.deepEqual(await visitor.words(), [ASK, ANSWER]);
    await visitor.says("Thank you!");
    await agent.sees("Thank you!");
  },

  "STORY a second tab shows the same talk, live, and each message once": async (t) => {
    const { widget, agent, visitor } = await talking(t);
    const second = await t.visits({ widget, path: "/second" }, { in: visitor.page.context() });
    await second.opens();
    await second.sees(ANSWER);
    await second.says("From the second tab.");
    await agent.sees("From the second tab.");
    await visitor.sees("From the second tab.");
    await agent.says("Seen in both.");
    for (const tab of [visitor, second]) {
      await tab.sees("Seen in both.");
      assert.deepEqual(await tab.words(), [ASK, ANSWER, "From the second tab.", "Seen in both."]);
    }
  },

  "STORY the inbox is live in every open tab, and an answer in one empties the count in the other": async (t) => {
    const { agent, visitor } = await two(t);
    const second = await agent.page.context().newPage();
    await second.goto(at(OURS, "/app/"));
    await visitor.says(ASK);
    const row = second.getByRole("listitem").filter({ hasText: ASK });
    await row.getByLabel("1 unread message").waitFor();
    await agent.opens(ASK);
    await agent.says(ANSWER);
    await second.getByRole("listitem").filter({ hasText: ANSWER }).waitFor();
    await second.getByLabel("1 unread message").first().waitFor({ state: "hidden" });
  },

  "STORY a private note never reaches the visitor": async (t) => {
    const { agent, visitor } = await talking(t);
    await agent.page.getByRole("button", { name: "Private note" }).click();
    await agent.says("He asks about the old model.");
    await agent.sees("He asks about the old model.");
    await agent.says("The old one too.");
    await visitor.sees("The old one too.");
    assert.deepEqual(await visitor.words(), [ASK, ANSWER, "The old one too."]);
    await visitor.page.reload();
    await visitor.opens();
    await visitor.sees("The old one too.");
    assert.deepEqual(await visitor.words(), [ASK, ANSWER, "The old one too."]);
  },

  "STORY the product and the page a visitor looks at stand beside the talk": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const agent = await t.works(tenant.owner);
    const visitor = await t.visits({ widget, path: "/lamps/harbour" });
    await visitor.page.evaluate(() => window.porchlight("context", { title: "Harbour lamp, oak", price: "€149", url: "harbour?size=l" }));
    await visitor.opens();
    await visitor.frame.getByText("Harbour lamp, oak").waitFor();
    await visitor.says(ASK);
    await agent.opens(ASK);
    await agent.page.getByText("Harbour lamp, oak").first().waitFor();
    await agent.page.getByText("€149").first().waitFor();
    const { items } = await tenant.owner.call("GET", "/v1/conversations");
    assert.equal(items[0].context.url, at(SHOP, "/lamps/harbour?size=l"), "as the page would follow it");
  },

  "STORY a panel that comes slowly leaves the keys to the page, then takes them": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget });
    let release;
    const held = new Promise((go) => (release = go));
    await visitor.page.route(/\/widget\/v1\/frame\//, (route) => held.then(() => route.continue()));
    await visitor.launcher.click();
    await visitor.host.locator(".panel.shown").waitFor();
    const focused = () => visitor.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName ?? "");
    // a frame that is focused on its way may believe it has the keys while the page gets them
    assert.equal(await focused(), "button");
    release();
    await until("the frame has the focus", focused, (name) => name === "iframe");
    await until("the words go into the box", () => visitor.box.evaluate((box) => box === document.activeElement));
    await visitor.page.keyboard.type(ASK);
    await visitor.page.keyboard.press("Enter");
    await visitor.reaches("sent");
  },

  "STORY the gentle question comes after the first message and its answer reaches the inbox": async (t) => {
    const { agent, visitor } = await two(t);
    const ask = visitor.frame.locator("form.ask");
    assert.equal(await ask.isVisible(), false);
    await visitor.says(ASK);
    await ask.getByLabel("Name").fill("Marta Kowalska");
    await ask.getByLabel("E-mail").fill("marta@example.com");
    await ask.getByRole("button", { name: "Save" }).click();
    await ask.waitFor({ state: "hidden" });
    await agent.row("Marta Kowalska").waitFor();
    await agent.opens("Marta Kowalska");
    await agent.page.getByText("marta@example.com").first().waitFor();
  },

  "STORY from an operator's console to an owner's first inbox": async (t) => {
    const ops = await (await t.context()).newPage();
    await ops.goto(at(OPS));
    await ops.getByLabel("E-mail", { exact: true }).fill(t.stage.operator_email);
    await ops.getByLabel("Password", { exact: true }).fill(t.stage.password);
    await ops.getByRole("button", { name: "Sign in" }).click();
    await ops.getByRole("button", { name: "New tenant" }).first().click();
    const dialog = ops.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Nordic Stoves");
    await dialog.getByLabel("Owner's e-mail").fill("freya@nordic.example.com");
    await dialog.getByRole("button", { name: /create/i }).click();
    await ops.getByText("Nordic Stoves").first().waitFor();
    const link = await invitationFor(t.stage, "freya@nordic.example.com");
    const owner = await (await t.context()).newPage();
    await owner.goto(link);
    await owner.getByLabel("Your name").fill("Freya Holm");
    await owner.getByLabel("New password", { exact: true }).fill(t.stage.password);
    await owner.getByRole("button", { name: "Join the team" }).click();
    await owner.getByText("No conversations here yet").waitFor();
  },

  "STORY an owner invites an agent, who joins from the letter and answers": async (t) => {
    const { tenant, agent: owner, visitor } = await two(t);
    await visitor.says(ASK);
    await owner.page.goto(at(OURS, "/app/#/team"));
    await owner.page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = owner.page.getByRole("dialog");
    await dialog.getByLabel("E-mail").fill(`jonas@${tenant.host}`);
    await dialog.getByRole("button", { name: "Send invitation" }).click();
    await owner.page.getByText(`Invitation sent to jonas@${tenant.host}`).waitFor();
    const page = await (await t.context()).newPage();
    await page.goto(await invitationFor(t.stage, `jonas@${tenant.host}`));
    await page.getByLabel("Your name").fill("Jonas Lind");
    await page.getByLabel("New password", { exact: true }).fill(t.stage.password);
    await page.getByRole("button", { name: "Join the team" }).click();
    await page.getByRole("listitem").filter({ hasText: ASK }).locator("button").click();
    await page.locator("textarea").fill("Jonas here.");
    await page.locator("textarea").press("Enter");
    await visitor.sees("Jonas here.");
  },

  "STORY an agent works by keyboard alone: sign in, open, answer, assign, resolve, next": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitors = [await t.visits({ widget }), await t.visits({ widget })];
    for (const [n, one] of visitors.entries()) {
      await one.opens();
      await one.says(`Question ${n + 1}`);
      await one.reaches("sent");
    }
    const page = await (await t.context()).newPage();
    await page.goto(at(OURS, "/app/"));
    const keys = page.keyboard;
    await page.getByLabel("E-mail", { exact: true }).waitFor();
    await keys.type(tenant.owner.email);
    await keys.press("Tab");
    await keys.type(t.stage.password);
    await keys.press("Enter");
    await page.getByRole("listitem").filter({ hasText: "Question 2" }).waitFor();
    await keys.press("j");
    await page.getByRole("log").getByText("Question 2").waitFor();
    await keys.press("r");
    await until("the composer has the focus", () => page.evaluate(() => document.activeElement?.tagName), (tag) => tag === "TEXTAREA");
    await keys.type("An answer by keyboard");
    await keys.press("Enter");
    await visitors[1].sees("An answer by keyboard");
    await keys.press("Escape");
    await keys.press("m");
    await until("assigned", () => tenant.owner.call("GET", "/v1/conversations?view=mine"), ({ items }) => items.length === 1);
    await keys.press("Shift+E");
    await page.getByRole("log").getByText("Question 1").waitFor();
    const { items } = await until("resolved", () => tenant.owner.call("GET", "/v1/conversations?status=resolved"), ({ items }) => items.length === 1);
    assert.equal(items[0].preview, "An answer by keyboard");
    await keys.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.waitFor();
    await keys.press("Escape");
    await sheet.waitFor({ state: "hidden" });
  },

  "STORY a visitor works by keyboard alone, and the focus comes back to the launcher": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const agent = await t.works(tenant.owner);
    const visitor = await t.visits({ widget, body: "<h1>Harbour lamp</h1>" });
    await visitor.launcher.waitFor();
    await visitor.page.keyboard.press("Tab");
    await visitor.page.keyboard.press("Enter");
    await visitor.box.waitFor();
    await until("the words go into the box", () => visitor.box.evaluate((box) => box === document.activeElement));
    await visitor.page.keyboard.type(ASK);
    await visitor.page.keyboard.press("Enter");
    await agent.row(ASK).waitFor();
    await visitor.page.keyboard.press("Escape");
    await visitor.box.waitFor({ state: "hidden" });
    const focused = () => visitor.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? "");
    await until("the launcher has the focus", focused, (name) => name === "launcher");
  },

  "STORY on a phone: the panel fills the screen, the inbox shows list or thread, and both talk": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const agent = await t.works(tenant.owner, { context: PHONE });
    const visitor = await t.visits({ widget }, { context: PHONE });
    await visitor.launcher.tap();
    await visitor.box.waitFor();
    const panel = async () => Object.values(await visitor.host.locator("iframe").boundingBox()).map(Math.round).join();
    await until("the panel has the screen", panel, (box) => box === "0,0,390,780");
    assert.equal(await visitor.launcher.isVisible(), false);
    assert.equal(await visitor.box.evaluate((box) => parseFloat(getComputedStyle(box).fontSize) >= 16), true, "a phone zooms into smaller inputs");
    await visitor.says(ASK);
    await agent.row(ASK).locator("button").tap();
    await agent.composer.waitFor();
    assert.equal(await agent.row(ASK).isVisible(), false, "the thread has the screen");
    const width = await agent.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390, "nothing sticks out");
    await agent.says(ANSWER);
    await visitor.sees(ANSWER);
    await agent.page.getByRole("button", { name: "Back to the list" }).tap();
    await agent.row(ANSWER).waitFor();
    await visitor.frame.getByRole("button", { name: "Close chat" }).tap();
    await visitor.launcher.waitFor();
  },
};

/** The link in the newest letter to somebody. */
async function invitationFor(stage, email) {
  await stage.jobs();
  const letters = readdirSync(stage.mail).filter((name) => name.endsWith(".eml")).sort().reverse();
  const letter = letters.map((name) => readFileSync(join(stage.mail, name), "utf8")).find((text) => text.includes(email));
  const text = decoded(letter);
  return text.match(/https:\/\/\S*#\/accept\/[\w-]+/)[0];
}

/** The plain part as text, whatever way it travelled. */
function decoded(letter) {
  const part = letter.split("\r\n--").find((one) => one.includes("text/plain"));
  const body = part.slice(part.indexOf("\r\n\r\n") + 4);
  if (/base64/i.test(part)) return Buffer.from(body, "base64").toString();
  return body.replaceAll("=\r\n", "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
