/** WhatsApp in the inbox: what agents see and do. Most of it against a recording, the last ones with Meta played. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PHONE } from "../stage/playground.mjs";
import { plays } from "../stage/recorded_talk.mjs";
import { until } from "../stage/waiting.mjs";
import { META, startSim } from "../stage/whatsapp.mjs";
import { judges } from "../stage/judging.mjs";

export const beside = () => startSim();

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOUR = 3_600_000;

/** What axe finds once everything stands still: nothing is accepted. */
async function clean(page, where) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations({ subtree: true }).filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished)));
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 3, "the premise: axe looked");
  assert.deepEqual(violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help}`)), [], where);
}

/** An owner signed in for real, in an inbox that was recorded. */
async function recorded(t, words, options = {}) {
  const tenant = await t.found();
  const context = await t.context(options);
  const play = await plays(context);
  const agent = await t.works(tenant.owner, { in: context });
  if (words) await agent.row(words).locator("button").click();
  return { agent, page: agent.page, ...play };
}

/** A number is one tenant's at a time: the next test has it for its own. */
const lets = (owner, account) => owner.call("DELETE", `/v1/whatsapp/accounts/${account.id}/credentials`);

const last = (asked, path) => asked.filter((one) => one.path.endsWith(path)).at(-1);
const send = (page) => page.getByRole("button", { name: "Send", exact: true });

const accessible = (options) => async (t) => {
  const { page, agent } = await recorded(t, "Exactly.", options);
  await agent.sees("Exactly.");
  const log = page.getByRole("log");
  for (const part of [1, 0.75, 0.5, 0.25, 0]) {
    await log.evaluate((element, to) => (element.scrollTop = to * (element.scrollHeight - element.clientHeight)), part);
    await page.waitForFunction(() => !document.querySelector("[data-index][style*='-']"));
    await clean(page, `thread at ${part}`);
  }
  await page.getByRole("button", { name: "Insert" }).click();
  await page.getByRole("menuitem", { name: /^List/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("This is needed.").first().waitFor();
  await clean(page, "a list to insert");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "React" }).last().click();
  await page.getByRole("button", { name: "Thumbs up" }).waitFor();
  await clean(page, "signs");
  await page.keyboard.press("Escape");
  if (options.isMobile) await page.getByRole("button", { name: "Back to the list" }).click();
  await agent.row("At ten").locator("button").click();
  await page.getByText("Only a template can be sent now").waitFor();
  await clean(page, "the shut window");
  await page.getByRole("button", { name: "Choose a template" }).click();
  await page.getByRole("button", { name: /^order_update/ }).click();
  await page.getByRole("button", { name: "Send template" }).click();
  await page.getByText(/^Still missing: /).waitFor();
  await clean(page, "a template being filled");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, page.viewportSize().width, "nothing sticks out");
};

export const tests = {
  "TALK axe finds nothing in a WhatsApp talk, by day": accessible({ viewport: { width: 1440, height: 900 } }),
  "TALK axe finds nothing in a WhatsApp talk, by night": accessible({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" }),
  "TALK axe finds nothing in a WhatsApp talk, on a phone": accessible(PHONE),
  "TALK nothing sticks out at 360 pixels": accessible({ ...PHONE, viewport: { width: 360, height: 740 }, colorScheme: "dark" }),

  "TALK nothing of a talk is loaded from elsewhere": async (t) => {
    const { page, agent } = await recorded(t, "Exactly.");
    await agent.sees("Exactly.");
    const strangers = [];
    page.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && host !== new URL(page.url()).host) strangers.push(request.url());
    });
    const log = page.getByRole("log");
    for (const part of [0.8, 0.6, 0.4, 0.2, 0]) await log.evaluate((element, to) => (element.scrollTop = to * element.scrollHeight), part);
    await page.getByText("From an advertisement").waitFor();
    assert.deepEqual(strangers, []);
  },

  "TALK the list shows one channel when asked, and says which it is": async (t) => {
    const { page, agent } = await recorded(t);
    await agent.row("Is the shade removable?").waitFor();
    assert.equal(await agent.row("Exactly.").getByRole("img", { name: "WhatsApp" }).count(), 1);
    assert.equal(await agent.row("Is the shade removable?").getByRole("img", { name: "WhatsApp" }).count(), 0);
    await agent.row("Group with Lamp lovers").waitFor();
    await page.getByRole("button", { name: "Channel: All channels" }).click();
    await page.getByRole("menuitem", { name: "WhatsApp" }).click();
    await agent.row("Is the shade removable?").waitFor({ state: "detached" });
    assert.match(page.url(), /source=whatsapp/);
    assert.equal(await agent.row("Exactly.").count(), 1);
  },

  "TALK in a group everybody has a name of their own": async (t) => {
    const { agent } = await recorded(t, "Is it bright enough");
    await agent.sees("Who has the walnut one?");
    assert.match(await agent.message("Who has the walnut one?").innerText(), /Ana Sousa/);
    assert.match(await agent.message("Me, since May").innerText(), /Tom Ellis/);
  },

  "TALK the window shuts while somebody writes: the words stay, and a template goes": async (t) => {
    const { page, agent, hear, asked } = await recorded(t, "Exactly.");
    await page.getByText("21 h left to reply freely").waitFor();
    await agent.composer.fill("One more thing: the cable");
    const window = (ms) => ({ last_inbound_at: new Date(Date.now() + ms - 24 * HOUR).toISOString(), open_until: new Date(Date.now() + ms).toISOString(), free_until: null, refused_at: null });
    hear({ type: "conversation_window_changed", conversation_id: "cnv_maya", window: window(42.5 * 60_000) });
    await page.getByText("42 min left to reply freely").waitFor();
    hear({ type: "conversation_window_changed", conversation_id: "cnv_maya", window: window(-1000) });
    await page.getByText("Only a template can be sent now").waitFor();
    await page.getByText("One more thing: the cable").waitFor();
    await page.getByRole("status").getByRole("button", { name: "Choose a template" }).click();
    await page.getByLabel("Search templates").fill("order");
    await page.getByLabel("Search templates").press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Send template" }).click();
    await page.getByText("Still missing: Heading: Order, Day, End of the link behind “Track my order”.").waitFor();
    assert.equal(last(asked, "/template"), undefined, "nothing left with a gap");
    await page.getByLabel("Heading: Order").fill("W-7");
    await page.getByLabel("Day").fill("on Friday");
    await page.getByLabel(/^End of the link/).fill("w7");
    await page.getByRole("figure").getByText("on Friday").waitFor();
    await page.getByRole("button", { name: "Send template" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const { body } = last(asked, "/template");
    assert.deepEqual(body.values, { header: { order: "W-7" }, body: { first_name: "Maya", day: "on Friday" }, buttons: { 0: "w7" } });
    await agent.sees("order_update");
    hear({ type: "conversation_window_changed", conversation_id: "cnv_maya", window: window(24 * HOUR - 1000) });
    await until("the words are back in the box", () => agent.composer.inputValue(), (value) => value === "One more thing: the cable");
  },

  "TALK a note goes while the window is shut": async (t) => {
    const { page, agent, asked } = await recorded(t, "At ten");
    await page.getByText("Only a template can be sent now").waitFor();
    await page.getByRole("button", { name: "Private note" }).click();
    await agent.says("He comes on Saturday");
    const sent = await until("it has left", () => last(asked, "/messages"));
    assert.equal(sent.body.visibility, "note");
  },

  "TALK the server says the window is shut: the words stay in the thread with a way on": async (t) => {
    const { page, agent, refuse } = await recorded(t, "Exactly.");
    refuse.set("POST /v1/conversations/cnv_maya/messages", { status: 409, code: "window_closed", title: "The window is shut", detail: "More than 24 hours have passed since they wrote." });
    await agent.says("Still there?");
    await agent.message("Still there?").getByText(/More than 24 hours have passed/).waitFor();
    await page.getByText("Only a template can be sent now").waitFor();
    await agent.message("Still there?").getByRole("button", { name: "Choose a template" }).click();
    await page.getByRole("dialog", { name: "Send a template to Maya Fernandes" }).waitFor();
  },

  "TALK a slash in an empty reply opens the templates, and is a slash in any other": async (t) => {
    const { page, agent } = await recorded(t, "Exactly.");
    await agent.composer.pressSequentially("1/2");
    assert.equal(await agent.composer.inputValue(), "1/2");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await agent.composer.fill("");
    await agent.composer.press("/");
    await page.getByRole("dialog", { name: /^Send a template/ }).waitFor();
    assert.equal(await agent.composer.inputValue(), "");
  },

  "TALK a sign is put, taken back, and gone again when the server refuses": async (t) => {
    const { page, agent, asked, refuse } = await recorded(t, "Exactly.");
    const message = agent.message("with the code").first();
    await message.hover();
    await message.getByRole("button", { name: "React" }).click();
    await page.getByRole("button", { name: "Heart" }).click();
    const own = message.getByRole("button", { name: /^Your team reacted/ });
    await own.waitFor();
    assert.deepEqual(last(asked, "/reaction").body, { emoji: "❤️" });
    await own.click();
    await own.waitFor({ state: "detached" });
    assert.equal(last(asked, "/reaction").method, "DELETE");
    refuse.set(`POST ${last(asked, "/reaction").path}`, { status: 409, code: "too_old", title: "Too old", detail: "It is older than 30 days." });
    await message.hover();
    await message.getByRole("button", { name: "React" }).click();
    await page.getByLabel("Another sign").fill("well");
    await page.getByRole("button", { name: "Put", exact: true }).click();
    await page.getByText("One emoji, please.").waitFor();
    await page.getByLabel("Another sign").fill("🦊");
    await page.getByRole("button", { name: "Put", exact: true }).click();
    await page.getByText("It is older than 30 days.").first().waitFor();
    await own.waitFor({ state: "detached" });
  },

  "TALK sending again warns only where nobody knows whether it arrived": async (t) => {
    const { page, agent, asked } = await recorded(t, "Exactly.");
    await agent.sees("Exactly.");
    await page.getByRole("log").evaluate((element) => (element.scrollTop = element.scrollHeight));
    await agent.message("Shall I call you").getByText("Ask for another number").waitFor();
    await agent.message("Shall I call you").getByRole("button", { name: "Send again" }).click();
    await agent.message("Shall I call you").getByText("Waiting to be sent").waitFor();
    const again = asked.filter((one) => one.path.endsWith("/send-again")).length;
    assert.equal(again, 1);
    await agent.message("I have put the second").getByRole("button", { name: "Send again" }).click();
    const warning = page.getByRole("dialog", { name: "Send it again?" });
    await warning.getByText("they get it twice").waitFor();
    assert.equal(asked.filter((one) => one.path.endsWith("/send-again")).length, 1, "not before somebody says so");
    await warning.getByRole("button", { name: "Send again all the same" }).click();
    await warning.waitFor({ state: "detached" });
    assert.equal(asked.filter((one) => one.path.endsWith("/send-again")).length, 2);
  },

  "TALK an answer to a certain message with buttons survives a reload and is sent whole": async (t) => {
    const { page, agent, asked } = await recorded(t, "Exactly.");
    const message = agent.message("with the code").first();
    await message.hover();
    await message.getByRole("button", { name: "Reply", exact: true }).click();
    await page.getByText("Answering Maya Fernandes").waitFor();
    await page.getByRole("button", { name: "Insert" }).click();
    await page.getByRole("menuitem", { name: /^Answer buttons/ }).click();
    await page.getByLabel("Button 1", { exact: true }).fill("Yes");
    await page.getByLabel("Button 2", { exact: true }).fill("Yes");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Two with the same words cannot be told apart.").waitFor();
    await page.getByLabel("Button 2", { exact: true }).fill("No");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Buttons, lists and links need words above them.").waitFor();
    assert.ok(await send(page).isDisabled());
    await page.reload();
    await page.getByText("Answering Maya Fernandes").waitFor();
    await agent.says("Shall we?");
    const { body } = await until("it has left", () => last(asked, "/messages"));
    assert.equal(body.reply_to, "msg_cnv_maya_30");
    assert.deepEqual(body.content.buttons.map((one) => one.title), ["Yes", "No"]);
    assert.equal(await page.getByText("Answering Maya Fernandes").count(), 0);
  },

  "TALK a press on a quote goes to what it quotes": async (t) => {
    const { page, agent } = await recorded(t, "Exactly.");
    await agent.sees("Exactly.");
    await page.getByRole("log").evaluate((element) => (element.scrollTop = 0));
    await agent.message("Welcome! How can we help?").first().waitFor();
    await page.getByRole("log").evaluate((element) => (element.scrollTop = element.scrollHeight));
    await agent.message("Exactly.").getByRole("button", { name: /Perfect, thank you/ }).click();
    await page.locator("article[data-found]").filter({ hasText: "with the code" }).waitFor();
  },

  "TALK limits are said before anything is sent": async (t) => {
    const { page, agent } = await recorded(t, "Exactly.");
    await agent.composer.fill("x".repeat(4_097));
    await page.getByText("1 character too many: WhatsApp takes 4096").waitFor();
    assert.ok(await send(page).isDisabled());
    await agent.composer.fill("");
    await page.locator("footer input[type=file]").setInputFiles([{ name: "cat.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") }]);
    await page.getByText(/^cat.gif: WhatsApp does not take this kind/).waitFor();
    await page.getByRole("button", { name: "Private note" }).click();
    await page.locator("footer input[type=file]").setInputFiles([{ name: "cat.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") }]);
    await page.getByRole("list", { name: "Attached files" }).getByText("cat.gif").waitFor();
  },

  "TALK a conversation is begun with a number and a template": async (t) => {
    const { page, asked } = await recorded(t);
    await page.getByRole("button", { name: "New WhatsApp conversation" }).click();
    await page.getByLabel("Phone").fill("0170 1234567");
    await page.getByRole("button", { name: "Choose a template" }).click();
    await page.getByText("With + and the country, such as +44 20 7946 0018.").waitFor();
    await page.getByLabel("Phone").fill("+49 170 1234567");
    await page.getByLabel("Name (optional)").fill("Jonas Weber");
    await page.getByRole("button", { name: "Choose a template" }).click();
    await page.getByRole("button", { name: /^hello_world/ }).click();
    await page.getByRole("button", { name: "Send and open" }).click();
    await page.waitForURL(/cnv_jonas/);
    const { body } = last(asked, "/whatsapp/conversations");
    assert.equal(body.phone, "+491701234567");
    assert.equal(body.number_id, "wan_shop");
    assert.equal(body.name, "Jonas Weber");
  },

  "TALK two entries of one person become one, and two again": async (t) => {
    const { page, asked } = await recorded(t, "Exactly.", { viewport: { width: 1440, height: 900 } });
    await page.getByRole("button", { name: "Merge with another person" }).click();
    await page.getByRole("dialog").getByRole("button", { name: /Jonas Weber/ }).click();
    await page.getByText("Merge Jonas Weber into Maya Fernandes?").waitFor();
    await page.getByRole("button", { name: "Merge", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.deepEqual(last(asked, "/merge").body, { with: "con_jonas" });
    await page.getByRole("button", { name: "Undo the merge with maya f." }).click();
    await page.getByText("They are two people again").waitFor();
    assert.match(last(asked, "/undo").path, /merges\/mrg_1\/undo$/);
  },

  "TALK somebody writes on WhatsApp, an agent answers, and both see it arrive": async (t) => {
    const tenant = await t.found();
    judges(t.stage);
    const { account } = await t.sim.connects(t.stage, tenant.owner);
    const agent = await t.works(tenant.owner);
    await t.sim.says(META.people[0], "Is the harbour lamp in stock?");
    await agent.opens("harbour lamp in stock");
    await agent.page.getByText(/\d+ h left to reply freely/).waitFor();
    await agent.says("Yes, two of them.");
    const chat = await until("the phone shows it", () => t.sim.chat(META.people[0]), (shown) => JSON.stringify(shown).includes("Yes, two of them."));
    assert.ok(chat);
    await agent.message("Yes, two of them.").getByText("Delivered").waitFor();
    await t.sim.act(`users/${META.people[0]}/open`);
    await agent.message("Yes, two of them.").getByText("Read").waitFor();
    await lets(tenant.owner, account);
  },

  "TALK buttons are tapped on the phone, a place and a sign arrive, and a sign goes back": async (t) => {
    const [person] = META.people;
    const tenant = await t.found();
    judges(t.stage);
    await t.sim.reset();
    const { account } = await t.sim.connects(t.stage, tenant.owner);
    const agent = await t.works(tenant.owner);
    const { page } = agent;
    await t.sim.says(person, "Oak or walnut?");
    await agent.opens("Oak or walnut?");
    await page.getByRole("button", { name: "Insert" }).click();
    await page.getByRole("menuitem", { name: /^Answer buttons/ }).click();
    await page.getByLabel("Button 1", { exact: true }).fill("Oak, please");
    await page.getByLabel("Button 2", { exact: true }).fill("Walnut");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await agent.says("We have both. Which one?");
    const shown = await until("the phone shows the buttons", () => t.sim.chat(person), (chat) => JSON.stringify(chat).includes("Oak, please"));
    const ours = shown.bubbles.find((one) => JSON.stringify(one).includes("Oak, please"));
    await t.sim.act(`users/${person}/tap`, { message: ours.id, choice: 1 });
    const tapped = agent.log.locator("article").filter({ hasText: "Walnut" }).last();
    await tapped.getByRole("button", { name: /Which one/ }).waitFor();
    await t.sim.act(`users/${person}/react`, { message: ours.id, emoji: "👍" });
    await agent.message("We have both.").first().getByRole("img", { name: /reacted with 👍/ }).waitFor();
    await t.sim.act(`users/${person}/send`, { kind: "location", body: { latitude: 38.711, longitude: -9.139, name: "Café A Brasileira" } });
    await agent.sees("Café A Brasileira");
    await tapped.hover();
    await tapped.getByRole("button", { name: "React" }).click();
    await page.getByRole("button", { name: "Heart" }).click();
    await until("the phone shows the heart", () => t.sim.chat(person), (chat) => JSON.stringify(chat).includes("❤"));
    await lets(tenant.owner, account);
  },
};
