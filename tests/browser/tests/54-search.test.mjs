/** Finding what was said, as the team does it. */

import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";
import { PHONE } from "../stage/playground.mjs";
import { judges } from "../stage/judging.mjs";

/** A visitor who has said all of this, and an agent whose inbox shows the latest of it. */
async function spoken(t, words, how = {}) {
  judges(t.stage);
  const tenant = await t.found();
  const widget = await tenant.widget();
  const away = t.visitor(widget.id);
  const { json: boot } = await away.bootstrap();
  const { json: session } = await away.session(boot.ticket);
  let path = "/widget/v1/conversations";
  for (const body of words) {
    const { status, json, text } = await away.call("POST", path, session.access_token, { client_id: randomUUID(), body, file_ids: [] });
    assert.equal(status, 201, text);
    path = `/widget/v1/conversations/${json.message.conversation_id}/messages`;
  }
  const { page } = await t.works(tenant.owner, how);
  await page.getByRole("listitem").filter({ hasText: words.at(-1) }).waitFor();
  return page;
}

const field = (page) => page.getByRole("combobox", { name: "Find words, people or a command" });
const hit = (page, words) => page.getByRole("option").filter({ hasText: words });
const said = (page, words) => page.getByRole("log").locator("article", { hasText: words });

export const tests = {
  "SEARCH by keyboard: what was said long ago is found by the beginning of a word, and jumped to": async (t) => {
    const chatter = Array.from({ length: 60 }, (_, n) => `And then line ${n}`);
    const page = await spoken(t, ["My parcel is wrapped in velvet", ...chatter]);
    await page.keyboard.press("Control+k");
    await field(page).fill("velv");
    await hit(page, "wrapped in velvet").waitFor();
    assert.equal(await hit(page, "wrapped in").locator("mark").innerText(), "velvet");
    await field(page).press("ArrowUp");
    await field(page).press("Enter");
    await said(page, "wrapped in velvet").waitFor();
    await page.waitForFunction((words) => {
      const found = [...document.querySelectorAll("[role=log] article")].find((one) => one.textContent.includes(words));
      const box = found?.getBoundingClientRect();
      return box && box.top >= 0 && box.bottom <= innerHeight;
    }, "wrapped in velvet");
  },

  "SEARCH on a phone: the button opens it, nothing sticks out, a tap jumps": async (t) => {
    const page = await spoken(t, ["Do you sell lanterns?", "Or candles"], { context: PHONE });
    await page.getByRole("button", { name: "Search", exact: true }).tap();
    await field(page).fill("lantern");
    await hit(page, "sell lanterns").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), page.viewportSize().width);
    await hit(page, "sell lanterns").tap();
    await said(page, "sell lanterns").waitFor();
  },
};
