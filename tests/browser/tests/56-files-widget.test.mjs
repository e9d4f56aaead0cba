/** Files as a visitor has them: chosen, dropped, pasted, on their way, refused, looked at, had. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { OURS, at } from "../stage/hosts.mjs";
import { PHONE } from "../stage/playground.mjs";
import { paper, pdf, picture, sendUp } from "../stage/samples.mjs";
import { until } from "../stage/waiting.mjs";

const ASK = "Is the shade removable?";
const LAMP = picture("lamp.png", 1200, 900, [200, 90, 60]);
const TALL = picture("tall.png", 500, 1400, [60, 160, 90]);
const BILL = paper("Invoice 1142.pdf");

/** Files are judged as they come, as on a real installation; but nothing else runs before a test has looked. */
const judging = new WeakSet();
async function judges(stage) {
  if (judging.has(stage)) return;
  judging.add(stage);
  for (let isOn = true; isOn; ) {
    isOn = await stage.jobs().then(
      () => true,
      () => false,
    );
    await new Promise((go) => setTimeout(go, 100));
  }
}

/** A visitor with the panel open on a shop. */
async function visiting(t, how = {}) {
  const tenant = await t.found();
  const widget = await tenant.widget(how.widget);
  void judges(t.stage);
  const visitor = await t.visits({ widget }, how);
  if (how.context?.isMobile) await visitor.launcher.tap();
  else if (how.widget?.display !== "embedded") await visitor.launcher.click();
  await visitor.box.waitFor();
  await clip(visitor).and(visitor.frame.locator(":enabled")).waitFor();
  return { tenant, widget, visitor };
}

/** The same, in a talk, with words for what the agent does. */
async function talking(t, how) {
  const all = await visiting(t, how);
  await all.visitor.says(ASK);
  await all.visitor.reaches("sent", ASK);
  const { call, token } = all.tenant.owner;
  const { items } = await call("GET", "/v1/conversations?status=all");
  const path = `/v1/conversations/${items[0].id}/messages`;
  async function sends(body, files, change = {}) {
    const file_ids = [];
    for (const one of files) {
      const { status, json } = await sendUp(t.stage.public, "/v1/files", token, one);
      assert.equal(status, 201, JSON.stringify(json));
      file_ids.push(json.file.id);
    }
    return call("POST", path, { client_id: randomUUID(), body, file_ids, visibility: "public", ...change });
  }
  const messages = async () => (await call("GET", path)).items;
  return { ...all, sends, messages };
}

const clip = ({ frame }) => frame.getByRole("button", { name: "Attach files" });
const picker = ({ frame }) => frame.locator("input[type=file]");
const chip = ({ frame }, name) => frame.getByRole("list", { name: "Files" }).getByRole("listitem").filter({ hasText: name });
const shot = ({ frame }, name) => frame.getByRole("button", { name: `Open picture ${name}` });
const card = ({ frame }, name) => frame.getByRole("link", { name: `Download ${name}` });
const viewer = ({ frame }) => frame.getByRole("dialog");
const refusal = ({ frame }) => frame.getByRole("alert");
const inside = ({ page }) => page.frames().find((frame) => frame.url().startsWith(at(OURS, "/widget/v1/frame")));

/** Waits until the whole picture is drawn. */
const drawn = (locator) => until("drawn", () => locator.locator("img").first().evaluate((img) => img.complete && img.naturalWidth > 0));

/** A drop or a paste, as the browser would do it: files made in the frame. */
async function hand(frame, files) {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: buffer.toString("base64") }));
  return frame.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, bytes } of all) {
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
    }
    return transfer;
  }, plain);
}

async function look(visitor, name) {
  const folder = join(tmpdir(), "porchlight-browser");
  mkdirSync(folder, { recursive: true });
  await visitor.page.screenshot({ path: join(folder, `widget-${name}.png`) });
}

const LOOKS = {
  light: {},
  dark: { context: { colorScheme: "dark" } },
  phone: { context: PHONE },
};

export const tests = {
  ...Object.fromEntries(
    Object.entries(LOOKS).map(([name, how]) => [
      `WIDGET-FILES everything in one talk, to be looked at: ${name}`,
      async (t) => {
        const { visitor, sends } = await talking(t, how);
        await picker(visitor).setInputFiles([LAMP, BILL]);
        await picker(visitor).setInputFiles([{ name: "setup.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") }, picture("third.png")]);
        await visitor.frame.locator(".chip.ready").nth(2).waitFor();
        await refusal(visitor).waitFor();
        await look(visitor, `${name}-chips`);
        await visitor.says("Here is what I have");
        await shot(visitor, "lamp.png").waitFor();
        await sends("Have a look", [LAMP, TALL, picture("blue.png")]);
        await visitor.sees("Have a look");
        for (const one of await visitor.frame.locator(".shot").all()) await drawn(one);
        await sends("", [paper("A very long name of an offer for the harbour lamp, second version, final.pdf"), TALL]);
        await drawn(visitor.frame.locator(".shot").last());
        await look(visitor, `${name}-thread`);
        await shot(visitor, "blue.png").click();
        await drawn(viewer(visitor).locator(".canvas"));
        await look(visitor, `${name}-lightbox`);
      },
    ]),
  ),
};
