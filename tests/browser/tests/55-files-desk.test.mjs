/** Files as the team has them: sent, looked at, found again, refused, deleted, kept. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";
import { OURS, at } from "../stage/hosts.mjs";
import { PHONE } from "../stage/playground.mjs";
import { judges } from "../stage/judging.mjs";
import { paper, pdf, picture, png, sendUp } from "../stage/samples.mjs";
import { until } from "../stage/waiting.mjs";

const LAMP = picture("lamp.png", 1200, 900, [200, 90, 60]);
const TALL = picture("tall.png", 500, 1400, [60, 160, 90]);
const BILL = paper("Invoice 1142.pdf");

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds once everything stands still: nothing is accepted. */
async function clean(page, where) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations({ subtree: true }).filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished)));
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 3, "the premise: axe looked");
  assert.deepEqual(violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help}`)), [], where);
}

const accessible = (context) => async (t) => {
  const { page, visitor } = await talking(t, { context });
  await visitor.send("All of it", [LAMP, TALL, BILL]);
  await openPicture(page, "lamp.png").waitFor();
  await choose(page, [BILL, { name: "a.exe", mimeType: "x", buffer: Buffer.from("x") }, { name: "b.pdf", mimeType: "application/pdf", buffer: png(9, 9) }]);
  await chip(page, "b.pdf").getByRole("alert").waitFor();
  await clean(page, "thread and tray");
  await openPicture(page, "lamp.png").click();
  await viewer(page).getByText("1 of 2").waitFor();
  await clean(page, "viewer");
  await page.keyboard.press("Escape");
  if (context?.isMobile) await page.getByRole("button", { name: "Show details" }).tap();
  await page.getByRole("button", { name: "Files", exact: true }).click();
  await page.getByRole("complementary").getByRole("button", { name: "Open picture lamp.png" }).waitFor();
  await clean(page, "gallery");
  await page.goto(at(OURS, "/app/#/settings/files"));
  await page.getByRole("checkbox", { name: /^PDF/ }).waitFor();
  await clean(page, "settings");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, page.viewportSize().width, "nothing sticks out");
};

/** A visitor without a browser, in a talk that has begun. */
async function guest(t, widget) {
  judges(t.stage);
  const away = t.visitor(widget.id);
  const { json: boot } = await away.bootstrap();
  const { json: session, text } = await away.session(boot.ticket);
  assert.ok(session?.access_token, text);
  const token = session.access_token;
  let conversation = null;

  async function send(body, files = []) {
    const file_ids = [];
    for (const one of files) {
      const { status, json } = await sendUp(t.stage.public, "/widget/v1/files", token, one);
      assert.equal(status, 201, JSON.stringify(json));
      file_ids.push(json.file.id);
    }
    const path = conversation ? `/widget/v1/conversations/${conversation}/messages` : "/widget/v1/conversations";
    const answer = await away.call("POST", path, token, { client_id: randomUUID(), body, file_ids });
    assert.equal(answer.status, 201, answer.text);
    conversation = answer.json.message.conversation_id;
    return answer.json.message;
  }

  return {
    token,
    rules: session.files,
    send,
    sendUp: (file) => sendUp(t.stage.public, "/widget/v1/files", token, file),
    conversation: () => conversation,
    messages: async () => (await away.call("GET", `/widget/v1/conversations/${conversation}/messages`, token)).json.items,
    state: async (id) => (await away.call("GET", `/widget/v1/files/${id}/state`, token)).json.file.state,
  };
}

async function talking(t, how = {}) {
  const tenant = await t.found();
  const widget = await tenant.widget();
  const visitor = await guest(t, widget);
  await visitor.send("Is the shade removable?");
  const agent = await t.works(tenant.owner, how);
  await agent.opens("Is the shade");
  return { tenant, widget, visitor, agent, page: agent.page };
}

const choose = (page, files) => page.locator("input[type=file]").setInputFiles(files);
const chip = (page, name) => page.getByRole("list", { name: "Attached files" }).getByRole("listitem").filter({ hasText: name });
const openPicture = (page, name) => page.getByRole("button", { name: `Open picture ${name}` });
const viewer = (page) => page.getByRole("dialog", { name: /^Picture \d/ });
const uploads = (t) => t.network.requests().filter(({ method, path }) => method === "POST" && path === "/v1/files").length;

/** A drop or a paste, as the browser would do it: files made in the page. */
async function hand(page, files) {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
  return page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, bytes } of all) transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
    return transfer;
  }, plain);
}

export const tests = {
  "DESK-FILES an agent sends a picture and a PDF with no words; both stand in the thread and reach the visitor": async (t) => {
    const { agent, page, visitor } = await talking(t);
    await choose(page, [LAMP, BILL]);
    await chip(page, "lamp.png").getByText(/kB|MB/).waitFor();
    await chip(page, "Invoice 1142.pdf").getByText(/kB|MB/).waitFor();
    assert.equal(await agent.composer.inputValue(), "");
    await agent.composer.press("Enter");
    await openPicture(page, "lamp.png").waitFor();
    const said = await until("the visitor has it", visitor.messages, (all) => all.at(-1).files.length === 2);
    assert.deepEqual(said.at(-1).files.map(({ name, kind, state }) => [name, kind, state]), [["lamp.png", "image", "ready"], ["Invoice 1142.pdf", "document", "ready"]]);
    assert.equal(said.at(-1).body, "");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download Invoice 1142.pdf" }).click()]);
    assert.equal(download.suggestedFilename(), "Invoice 1142.pdf");
    assert.deepEqual(readFileSync(await download.path()), pdf(), "the bytes are what was sent");
    await agent.row("lamp.png, Invoice 1142.pdf").getByLabel("Files:").waitFor();
  },

  "DESK-FILES the shortcut opens the picker, and Send works with files alone": async (t) => {
    const { agent, page } = await talking(t);
    await agent.composer.focus();
    const [picker] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Control+Alt+a")]);
    assert.equal(picker.isMultiple(), true);
    await picker.setFiles([BILL]);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("button", { name: "Download Invoice 1142.pdf" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Attach files").waitFor();
  },

  "DESK-FILES a visitor's pictures open in the viewer and it is all done by keyboard": async (t) => {
    const { page, visitor } = await talking(t);
    await visitor.send("Here it is", [LAMP, TALL, picture("third.png", 300, 300)]);
    await openPicture(page, "lamp.png").waitFor();
    const requests = () => t.network.requests().filter(({ path }) => /lightbox-[\w-]+\.js$/.test(path)).length;
    assert.equal(requests(), 0, "nobody pays for the viewer before it is opened");
    await openPicture(page, "lamp.png").focus();
    await page.keyboard.press("Enter");
    await viewer(page).getByText("1 of 3").waitFor();
    await page.keyboard.press("ArrowRight");
    await viewer(page).getByText("2 of 3").waitFor();
    await page.keyboard.press("End");
    await viewer(page).getByText("3 of 3").waitFor();
    await page.keyboard.press("Home");
    const zoom = () => viewer(page).locator("img:visible").last().evaluate((img) => new DOMMatrix(getComputedStyle(img).transform).a);
    await until("whole", zoom, (a) => a === 1);
    await page.keyboard.press("+");
    await until("nearer", zoom, (a) => a > 1.2);
    await page.keyboard.press("-");
    await until("whole again", zoom, (a) => a === 1);
    for (let n = 0; n < 12; n++) await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null), true, "the focus stays inside");
    const [download] = await Promise.all([page.waitForEvent("download"), viewer(page).getByRole("button", { name: "Download" }).press("Enter")]);
    assert.match(download.suggestedFilename(), /lamp/);
    await page.keyboard.press("Escape");
    await viewer(page).waitFor({ state: "detached" });
    await until("the focus is back", () => page.evaluate(() => document.activeElement?.getAttribute("aria-label")), (label) => label === "Open picture lamp.png");
  },

  "DESK-FILES the viewer shows the whole picture, and a swipe on a phone turns the page": async (t) => {
    const { page, visitor } = await talking(t, { context: PHONE });
    await visitor.send("", [LAMP, TALL]);
    await openPicture(page, "lamp.png").tap();
    const shown = () => viewer(page).locator("img:visible").last().boundingBox();
    const box = await until("it has a size", shown, (found) => found && found.width > 100);
    const { width, height } = page.viewportSize();
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, JSON.stringify(box));
    const touch = await page.context().newCDPSession(page);
    const point = (x) => [{ x, y: height / 2 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: point(300) });
    for (const x of [250, 200, 120]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: point(x) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await viewer(page).getByText("2 of 2").waitFor();
  },

  "DESK-FILES pictures take their room before they come: nothing moves": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await guest(t, widget);
    await visitor.send("Look", [LAMP]);
    await visitor.send("And", [TALL, LAMP]);
    const agent = await t.works(tenant.owner);
    let open;
    let asked = 0;
    const held = new Promise((go) => (open = go));
    await agent.page.route("**/f/*", async (route) => (asked++, await held, route.continue()));
    await agent.opens("And");
    const tile = openPicture(agent.page, "lamp.png").first();
    await tile.waitFor();
    await until("the pictures are asked for", () => asked, (n) => n >= 3);
    const place = () => agent.log.evaluate((log) => JSON.stringify([log.scrollHeight, ...[...log.querySelectorAll("article")].map((one) => one.getBoundingClientRect().top)]));
    const before = await place();
    open();
    await until("they are there", () => agent.log.locator("img").evaluateAll((all) => all.length >= 3 && all.every((img) => img.complete && img.naturalWidth > 0)));
    assert.equal(await place(), before);
  },

  "DESK-FILES files are dropped anywhere on the talk, and pasted": async (t) => {
    const { agent, page } = await talking(t);
    const drop = await hand(page, [LAMP]);
    await agent.log.dispatchEvent("dragenter", { dataTransfer: drop });
    await page.getByText("Drop files to attach them").waitFor();
    await page.getByText(/^They go with your reply to/).waitFor();
    await agent.log.dispatchEvent("drop", { dataTransfer: drop });
    await chip(page, "lamp.png").waitFor();
    await page.getByText("Drop files to attach them").waitFor({ state: "detached" });
    const clip = await hand(page, [picture("image.png", 200, 200)]);
    await agent.composer.evaluate((area, clipboardData) => area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })), clip);
    await chip(page, /^Picture \d/).waitFor();
    await agent.says("Two of them");
    await agent.message("Two of them").getByRole("button", { name: /^Open picture/ }).nth(1).waitFor();
  },

  "DESK-FILES what is chosen before the rules are known waits for them": async (t) => {
    const { page } = await talking(t);
    let open;
    const held = new Promise((go) => (open = go));
    await page.route("**/v1/file-rules", async (route) => (await held, route.continue()));
    await page.reload();
    await choose(page, [BILL]);
    open();
    await chip(page, "Invoice 1142.pdf").waitFor();
  },

  "DESK-FILES what may not be sent is refused in words before a byte leaves": async (t) => {
    const { page } = await talking(t);
    const before = uploads(t);
    await choose(page, [{ name: "setup.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") }]);
    await page.getByText("setup.exe: this type of file is not accepted.").waitFor();
    await choose(page, [{ name: "huge.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) }]);
    await page.getByText("huge.pdf is larger than 10 MB.").waitFor();
    await choose(page, [{ name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }]);
    await page.getByText("empty.txt is empty.").waitFor();
    assert.equal(uploads(t), before);
    await choose(page, ["a", "b", "c", "d"].map((name) => paper(`${name}.pdf`)));
    await page.getByText("A message can hold 3 files.").waitFor();
    await chip(page, ".pdf").nth(2).waitFor();
    assert.equal(await chip(page, ".pdf").count(), 3);
  },

  "DESK-FILES a file that is not what its name says is refused in the tray, and sending waits for its removal": async (t) => {
    const { agent, page } = await talking(t);
    await choose(page, [{ name: "invoice.pdf", mimeType: "application/pdf", buffer: png(50, 50) }]);
    await chip(page, "invoice.pdf").getByText(/Refused|does not/).waitFor();
    await agent.composer.fill("Here");
    assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
    await page.getByRole("button", { name: "Remove invoice.pdf" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await agent.sees("Here");
  },

  "DESK-FILES an upload waits out a dead network; one without room says so and is tried again": async (t) => {
    const { tenant, page, agent } = await talking(t);
    t.network.cut();
    await choose(page, [LAMP]);
    await chip(page, "lamp.png").getByText("Waiting for the network").waitFor();
    t.network.mend();
    await chip(page, "lamp.png").getByText(/kB|MB/).waitFor();
    const ops = await t.operator();
    await ops.call("PUT", `/operator/v1/tenants/${tenant.id}/files`, { quota_bytes: 1, max_bytes: null });
    await choose(page, [BILL]);
    const again = page.getByRole("button", { name: "Try Invoice 1142.pdf again" });
    await again.waitFor();
    await ops.call("PUT", `/operator/v1/tenants/${tenant.id}/files`, { quota_bytes: 5_000_000_000, max_bytes: null });
    await again.click();
    await again.waitFor({ state: "detached" });
    await agent.says("Both");
    await agent.message("Both").getByRole("button", { name: "Download Invoice 1142.pdf" }).waitFor();
  },

  "DESK-FILES a reply is in the thread at once and goes when its files are there; drafts keep theirs": async (t) => {
    const { tenant, widget, agent, page, visitor } = await talking(t);
    const other = await guest(t, widget);
    await other.send("Another talk");
    await agent.row("Another talk").waitFor();
    let open;
    const held = new Promise((go) => (open = go));
    await page.route("**/v1/files", async (route) => (await held, route.continue()));
    await choose(page, [LAMP]);
    await agent.row("Another talk").locator("button").click();
    await page.getByRole("list", { name: "Attached files" }).waitFor({ state: "detached" });
    await agent.row("Is the shade").getByText("Draft").waitFor();
    await agent.row("Is the shade").locator("button").click();
    await chip(page, "lamp.png").waitFor();
    await agent.says("This one");
    await agent.message("This one").getByText("Sending files").waitFor();
    await agent.says("And a second line");
    const { items } = await tenant.owner.call("GET", `/v1/conversations/${visitor.conversation()}/messages`);
    assert.equal(items.length, 1, "nothing has left yet");
    open();
    await agent.message("And a second line").getByText(/Sent|Delivered/).waitFor();
    const said = await visitor.messages();
    assert.deepEqual(said.map(({ body, files }) => [body, files.length]), [["Is the shade removable?", 0], ["This one", 1], ["And a second line", 0]]);
  },

  "DESK-FILES a note's files stay with the team and out of the reply": async (t) => {
    const { agent, page, tenant, visitor } = await talking(t);
    await page.getByRole("button", { name: "Private note", exact: true }).click();
    await choose(page, [BILL]);
    await chip(page, "Invoice 1142.pdf").getByText(/kB/).waitFor();
    await page.getByRole("button", { name: "Reply", exact: true }).click();
    await page.getByRole("list", { name: "Attached files" }).waitFor({ state: "detached" });
    await agent.says("A reply without it");
    await page.getByRole("button", { name: /^Private note/ }).click();
    await page.getByRole("button", { name: "Add note" }).click();
    await page.getByRole("button", { name: "Download Invoice 1142.pdf" }).waitFor();
    const { items } = await tenant.owner.call("GET", `/v1/conversations/${visitor.conversation()}/messages`);
    assert.deepEqual(items.slice(1).map(({ visibility, files }) => [visibility, files.length]), [["public", 0], ["note", 1]]);
    const seen = await visitor.messages();
    assert.equal(seen.flatMap(({ files }) => files).length, 0);
  },

  "DESK-FILES the gallery has every file, and leads to its message far above": async (t) => {
    const { agent, page, visitor } = await talking(t);
    await visitor.send("The first picture", [LAMP]);
    await visitor.send("", [BILL]);
    for (let n = 0; n < 70; n++) await visitor.send(`Line ${n}: ${"words ".repeat(8)}`);
    await agent.sees("Line 69:");
    await page.reload();
    await agent.sees("Line 69:");
    assert.equal(await agent.message("The first picture").count(), 0, "the premise: it is far above");
    await page.getByRole("button", { name: "Files", exact: true }).click();
    const panel = page.getByRole("complementary");
    await panel.getByRole("button", { name: "Open picture lamp.png" }).waitFor();
    await panel.getByRole("button", { name: "Download Invoice 1142.pdf" }).waitFor();
    await panel.getByText("Documents", { exact: true }).click();
    await panel.getByRole("button", { name: "Open picture lamp.png" }).waitFor({ state: "detached" });
    await panel.getByText("All", { exact: true }).click();
    await panel.getByRole("button", { name: "Go to the message with lamp.png" }).click();
    await agent.sees("The first picture");
    const inView = () =>
      agent.message("The first picture").evaluate((one) => {
        const [box, log] = [one.getBoundingClientRect(), one.closest("[role=log]").getBoundingClientRect()];
        return box.bottom > log.top && box.top < log.bottom;
      });
    await until("it is in view", inView);
    await visitor.send("One more", [TALL]);
    await panel.getByRole("button", { name: "Open picture tall.png" }).waitFor();
  },

  "DESK-FILES a supervisor deletes a file: it is gone for both; an agent cannot": async (t) => {
    const { tenant, page, visitor } = await talking(t);
    const sent = await visitor.send("My passport", [LAMP]);
    const jonas = await tenant.hires("Jonas Lind");
    const colleague = await t.works(jonas);
    await colleague.opens("My passport");
    await openPicture(colleague.page, "lamp.png").waitFor();
    assert.equal(await colleague.page.getByRole("button", { name: /^Delete file/ }).count(), 0);
    await openPicture(page, "lamp.png").waitFor();
    await page.getByRole("button", { name: "Delete file: lamp.png" }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Delete file" }).click();
    await page.getByText("No longer available: it was deleted.").waitFor();
    await colleague.page.getByText("No longer available: it was deleted.").waitFor();
    assert.equal((await visitor.messages()).at(-1).files[0].state, "gone");
    assert.equal(sent.files.length, 1);
  },

  "DESK-FILES a legal hold has a reason and stops deleting; a deleted conversation vanishes for everybody": async (t) => {
    const { tenant, page, agent, visitor } = await talking(t);
    const jonas = await tenant.hires("Jonas Lind");
    const colleague = await t.works(jonas);
    await colleague.opens("Is the shade");
    await page.getByRole("switch", { name: "Legal hold" }).click();
    await page.getByLabel("Reason").fill("Case 7/2026");
    await page.getByRole("button", { name: "Put on hold" }).click();
    await page.getByText(/^On legal hold since .* set by Olga Owner: Case 7\/2026$/).waitFor();
    const remove = page.getByRole("complementary").getByRole("button", { name: "Delete conversation" });
    assert.equal(await remove.isDisabled(), true);
    await tenant.owner.call("DELETE", `/v1/conversations/${visitor.conversation()}`, undefined, 409);
    await page.getByRole("switch", { name: "Legal hold" }).click();
    await page.getByRole("button", { name: "Lift the hold" }).click();
    await page.getByText(/^On legal hold since/).waitFor({ state: "detached" });
    await colleague.composer.fill("Words nobody will send");
    await remove.click();
    await page.getByRole("dialog").getByText(/Every message, private note and file in it is erased/).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete conversation" }).click();
    await agent.row("Is the shade").waitFor({ state: "detached" });
    await colleague.row("Is the shade").waitFor({ state: "detached" });
    await colleague.page.getByText("This conversation does not exist").waitFor();
    assert.equal(await colleague.page.getByRole("complementary").getByRole("button", { name: "Delete conversation" }).count(), 0);
  },

  "DESK-FILES the settings hold for the team and for visitors from the next file on": async (t) => {
    const { tenant, widget, page } = await talking(t);
    await page.goto(at(OURS, "/app/#/settings/files"));
    await page.getByRole("checkbox", { name: /^PDF/ }).uncheck();
    await page.getByLabel("Files per message").fill("11");
    await page.getByText("Enter a whole number from 0 to 10.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Save changes" }).first().isDisabled(), true);
    await page.getByLabel("Files per message").fill("2");
    await page.getByLabel("Largest file, MB").fill("1.5");
    await page.getByRole("button", { name: "Save changes" }).first().click();
    await page.getByText("Saved. It holds from the next file on.").waitFor();
    const later = await guest(t, widget);
    assert.deepEqual([later.rules.most, later.rules.max_bytes, later.rules.types.includes("pdf"), later.rules.types.includes("png")], [2, 1.5 * 1024 * 1024, false, true]);
    assert.equal((await later.sendUp(BILL)).status, 422);
    assert.equal((await later.sendUp(LAMP)).status, 201);
    await page.goto(at(OURS, `/app/#/widgets/${widget.id}`));
    await page.getByRole("switch", { name: /Visitors can attach files/ }).click();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText(/^Widget saved/).waitFor();
    assert.equal((await guest(t, widget)).rules.enabled, false);
    const jonas = await tenant.hires("Jonas Lind");
    const colleague = await t.works(jonas);
    await colleague.page.goto(at(OURS, "/app/#/settings/files"));
    await colleague.page.getByText("Only an owner or admin can change this.").waitFor();
    await colleague.page.getByText(/^Up to 2 files of 1.5 MB each/).waitFor();
  },

  "DESK-FILES keeping files for less time asks first": async (t) => {
    const { tenant, page } = await talking(t);
    await page.goto(at(OURS, "/app/#/settings/files"));
    const days = page.getByLabel("Days", { exact: true }).first();
    assert.equal(await days.inputValue(), "90");
    await days.fill("30");
    const save = page.getByRole("button", { name: "Save changes" }).last();
    await save.click();
    await page.getByRole("dialog").getByRole("button", { name: "Save and erase" }).click();
    await page.getByText("Saved. What is older is erased within a day.").waitFor();
    assert.equal((await tenant.owner.call("GET", "/v1/retention")).files.website, 30);
  },

  "DESK-FILES axe in the light": accessible({ colorScheme: "light" }),
  "DESK-FILES axe in the dark": accessible({ colorScheme: "dark" }),
  "DESK-FILES axe on a small phone": accessible({ ...PHONE, viewport: { width: 360, height: 740 } }),

  "DESK-FILES names that attack are names": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const context = await t.context();
    const reports = [];
    await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP-REPORT ${event.violatedDirective} ${event.blockedURI}`)));
    context.on("page", (page) => {
      page.on("dialog", (dialog) => (reports.push(`dialog ${dialog.message()}`), dialog.dismiss()));
      page.on("pageerror", (error) => reports.push(error.message));
      page.on("console", (message) => /CSP-REPORT|Content Security Policy|TrustedHTML/.test(message.text()) && reports.push(message.text()));
    });
    const visitor = await guest(t, widget);
    const names = [`<img src=x onerror=window.hurt=1>.png`, `'><script>window.hurt=1</script>.png`, `javascript:window.hurt=1.png`, `photo\u202Egnp.exe.png`];
    for (const name of names) await visitor.send("", [{ ...LAMP, name }]);
    const agent = await t.works(tenant.owner, { in: context });
    await agent.row(/png/).locator("button").click();
    await agent.log.getByRole("button", { name: /^Open picture/ }).nth(3).waitFor();
    const labels = await agent.log.getByRole("button", { name: /^Open picture/ }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    assert.ok(labels.some((label) => label.includes("onerror=window.hurt=1")), labels.join("\n"));
    assert.ok(labels.every((label) => !/[\u202a-\u202e\u2066-\u2069]/.test(label)), "nothing turns a name around");
    await agent.log.getByRole("button", { name: /^Open picture/ }).first().click();
    await viewer(agent.page).getByRole("heading").waitFor();
    await agent.page.keyboard.press("Escape");
    await agent.page.getByRole("button", { name: "Files", exact: true }).click();
    await agent.page.getByRole("complementary").getByRole("button", { name: /^Open picture/ }).nth(3).waitFor();
    assert.equal(await agent.page.evaluate(() => window.hurt ?? null), null);
    assert.deepEqual(reports, []);
  },
};
