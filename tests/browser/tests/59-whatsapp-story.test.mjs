/** WhatsApp from end to end: a person on the page that plays a phone, an agent in the inbox, Meta between them played. */

import assert from "node:assert/strict";
import { judges } from "../stage/judging.mjs";
import { PHONE } from "../stage/playground.mjs";
import { png } from "../stage/samples.mjs";
import { until } from "../stage/waiting.mjs";
import { META, startSim } from "../stage/whatsapp.mjs";

export const beside = () => startSim();

const DAY = 86_400_000;
const [ADA, ZOE, JOAO] = META.people;
const LEA = "4915112345678";

/** Somebody's phone, as the demo shows it. */
async function phoneOf(t, person) {
  const page = await (await t.context(PHONE)).newPage();
  // the browser takes every name and port for the stage's network; the simulator is beside it
  await page.route(`${t.sim.base}/**`, async (route) => {
    const asked = route.request();
    const answer = await fetch(asked.url(), { method: asked.method(), headers: { "content-type": "application/json" }, body: asked.postData() ?? undefined }).catch(() => null);
    // a page that is leaving asks in vain
    if (!answer) return route.abort().catch(() => {});
    const body = Buffer.from(await answer.arrayBuffer());
    await route.fulfill({ status: answer.status, contentType: answer.headers.get("content-type") ?? "", body }).catch(() => {});
  });
  await page.goto(`${t.sim.base}/_sim/phone?user=${person}`);
  const chat = page.getByRole("log", { name: "Messages" });
  const bubble = (words) => chat.locator(".row").filter({ hasText: words });
  return {
    page,
    bubble,
    async says(words) {
      await page.getByLabel("Message", { exact: true }).fill(words);
      await page.getByRole("button", { name: "Send", exact: true }).tap();
      await bubble(words).waitFor();
    },
    sees: (words) => bubble(words).first().waitFor(),
  };
}

const founded = new WeakMap();

/** The tenant of the stage that has the simulator's number: a number is one tenant's, so the tests share it. */
async function connected(t) {
  if (!founded.has(t.stage)) founded.set(t.stage, connects(t));
  return founded.get(t.stage);
}

async function connects(t) {
  const tenant = await t.found();
  judges(t.stage);
  await t.sim.connects(t.stage, tenant.owner);
  return tenant;
}

export const tests = {
  "WAH-STORY a person writes from a phone, the answer arrives there, and its ticks move to read in the inbox": async (t) => {
    const tenant = await connected(t);
    const agent = await t.works(tenant.owner);
    const phone = await phoneOf(t, ADA);
    await phone.says("Is the harbour lamp in stock?");
    await agent.opens("harbour lamp in stock");
    await agent.page.getByText(/\d+ h left to reply freely/).waitFor();
    await agent.says("Yes, two of them.");
    await phone.sees("Yes, two of them.");
    // the chat is open on the phone, so what arrives is read
    await agent.message("Yes, two of them.").getByText("Read", { exact: true }).waitFor();
    await phone.bubble("Is the harbour lamp in stock?").getByText("read", { exact: true }).waitFor({ state: "attached" });
    const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390, "nothing sticks out of the phone");
  },

  "WAH-STORY pictures go both ways, and a sign under one is seen in the inbox": async (t) => {
    const tenant = await connected(t);
    const agent = await t.works(tenant.owner);
    const phone = await phoneOf(t, ZOE);
    await phone.page.getByRole("button", { name: "Attach" }).tap();
    await phone.page.getByRole("button", { name: "Picture", exact: true }).tap();
    await agent.opens("The porch tonight");
    const theirs = agent.log.locator("article img");
    await until("their picture is shown", () => theirs.first().evaluate((image) => image.naturalWidth).catch(() => 0), (width) => width > 0);
    await agent.page.locator("footer input[type=file]").setInputFiles([{ name: "shade.png", mimeType: "image/png", buffer: png() }]);
    await agent.says("This one?");
    const received = phone.page.locator(".row:not(.mine) img");
    await until("our picture is on the phone", () => received.first().evaluate((image) => image.naturalWidth).catch(() => 0), (width) => width > 0);
    const { bubbles } = await t.sim.chat(ZOE);
    const picture = bubbles.find((one) => !one.mine && one.kind === "image");
    await t.sim.act(`users/${ZOE}/react`, { message: picture.id, emoji: "👍" });
    await agent.log.getByText("👍").waitFor();
  },

  "WAH-STORY a failed message says why, and goes when it is sent again": async (t) => {
    const tenant = await connected(t);
    const agent = await t.works(tenant.owner);
    await t.sim.says(JOAO, "Do you ship to Brazil?");
    await agent.opens("ship to Brazil");
    await t.sim.act(`users/${JOAO}/leave_whatsapp`);
    await agent.says("We do, €24.");
    const message = agent.message("We do, €24.");
    await message.getByText("Not sent", { exact: true }).waitFor();
    assert.match(await message.innerText(), /131026/);
    await t.sim.act(`users/${JOAO}/join_whatsapp`);
    await message.getByRole("button", { name: "Send again" }).click();
    await message.getByText("Delivered", { exact: true }).waitFor();
    const { bubbles } = await t.sim.chat(JOAO);
    const arrived = bubbles.filter((one) => !one.mine && one.state === "delivered");
    assert.equal(arrived.length, 1, "once, although it was sent twice");
  },

  "WAH-STORY a day later only a template goes; a tap on it opens the window again": async (t) => {
    const tenant = await connected(t);
    await t.sim.act("users", { phone: LEA, name: "Lea Brandt", country: "DE" });
    // said a day and a minute ago by everybody's clock
    const now = Date.now();
    await t.sim.act("clock", { now: now - DAY - 60_000 });
    await t.sim.says(LEA, "Please tell me when it leaves.");
    await t.sim.settle();
    await t.sim.act("clock", { now });
    const agent = await t.works(tenant.owner);
    await agent.row("when it leaves").locator("button").click();
    await agent.page.getByText("Only a template can be sent now").waitFor();
    await agent.page.getByRole("button", { name: "Choose a template" }).first().click();
    await agent.page.getByRole("button", { name: /^order_update/ }).click();
    const dialog = agent.page.getByRole("dialog");
    await dialog.getByLabel("Variable 1").fill("Lea");
    await dialog.getByLabel("Variable 2").fill("860198");
    await dialog.getByLabel(/^End of the link/).fill("860198");
    await dialog.getByRole("button", { name: "Send template" }).click();
    const phone = await phoneOf(t, LEA);
    await phone.sees("Hi Lea, your order 860198 is on its way.");
    await phone.page.getByRole("button", { name: "Thanks" }).tap();
    await agent.page.getByText(/\d+ h left to reply freely/).waitFor();
    await agent.says("You are welcome!");
    await phone.sees("You are welcome!");
  },
};
