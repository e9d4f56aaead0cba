/** Files as a visitor has them: chosen, dropped, pasted, on their way, refused, looked at, had. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  let isOver = false;
  const { end } = stage;
  stage.end = () => ((isOver = true), end());
  while (!isOver) {
    await stage.jobs();
    await new Promise((go) => setTimeout(go, 100));
  }
}

/** A visitor with the panel open on a shop. */
async function visiting(t, how = {}) {
  const tenant = await t.found();
  const widget = await tenant.widget(how.widget);
  void judges(t.stage);
  const inPage = how.widget?.display === "embedded" && {
    body: '<h1>Harbour lamp</h1><div id="chat" style="width: 360px; height: 620px"></div>',
    snippet: widget.snippet.replace("<script ", '<script data-target="#chat" '),
  };
  const visitor = await t.visits({ widget, ...inPage }, how);
  if (how.context?.isMobile) await visitor.launcher.tap();
  else if (!inPage) await visitor.launcher.click();
  await visitor.frame.locator("textarea").waitFor();
  await visitor.frame.locator(".clip:enabled").waitFor();
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

/** A second of film, as this browser records it. */
async function film(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const over = new Promise((go) => (recorder.onstop = go));
    recorder.start();
    for (let n = 0; n < 60; n++) {
      pen.fillStyle = `hsl(${n * 6} 60% 50%)`;
      pen.fillRect(0, 0, 160, 90);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await over;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return Buffer.from(bytes);
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

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No finding of axe is accepted. */
async function none(where, visitor) {
  const frame = inside(visitor);
  // after animations: half-transparent text has no contrast yet
  await frame.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished)));
  await frame.evaluate(AXE);
  const { violations, passes } = await frame.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 3, "the premise: axe looked");
  const found = violations.flatMap((one) => one.nodes.map((node) => `${one.impact} ${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help}`));
  assert.deepEqual(found, [], `${where}\n${found.join("\n")}`);
}

/** How far the frame's own things have jumped since it was asked to watch. */
const watchShifts = (visitor) =>
  inside(visitor).evaluate(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) window.shifts.push({ value: one.value, of: one.sources.map(({ node }) => node?.className ?? "") });
    }).observe({ type: "layout-shift" });
  });
const shifts = (visitor) => inside(visitor).evaluate(() => window.shifts);

/** A line that lets so many bytes a second out of the frame. */
async function slowly(visitor, bytes) {
  const session = await visitor.page.context().newCDPSession(inside(visitor));
  await session.send("Network.enable");
  const limit = (upload) => session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: upload });
  await limit(bytes);
  return () => limit(-1);
}

/** Noise: nothing makes it smaller on the way. */
function heavy(name, bytes) {
  const body = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) body.writeUInt32LE((Math.random() * 2 ** 32) >>> 0, at);
  return { name, mimeType: "text/plain", buffer: Buffer.from(body.toString("base64").slice(0, bytes)) };
}

const uploads = (t) => t.network.requests().filter(({ method, path }) => method === "POST" && path === "/widget/v1/files").length;
/** Somebody reaches for the paperclip, and what it needs comes. */
async function reaches(visitor) {
  await clip(visitor).hover();
  await visitor.frame.locator(".composer > [role=status]").waitFor({ state: "attached" });
}
const chunks = (t) => t.network.requests().filter(({ path }) => /assets\/(files|lightbox|player)-/.test(path)).map(({ path }) => path.match(/(files|lightbox|player)-\w+\.(js|css)/)?.slice(1).join(".") ?? path);

export const tests = {
  "WIDGET-FILES chosen with the picker: chips with names and sizes, sent with words, both sides have them": async (t) => {
    const { visitor, tenant, messages } = await talking(t);
    assert.deepEqual(chunks(t), [], "nobody pays for files before reaching for them");
    const [chooser] = await Promise.all([visitor.page.waitForEvent("filechooser"), clip(visitor).click()]);
    assert.equal(chooser.isMultiple(), true);
    const accept = await picker(visitor).getAttribute("accept");
    assert.match(accept, /\.pdf/);
    assert.match(accept, /image\/jpeg/, "so that a phone offers its camera");
    assert.equal(await picker(visitor).getAttribute("capture"), null);
    await chooser.setFiles([LAMP, BILL]);
    await chip(visitor, "lamp.png").getByText("12 kB").waitFor();
    await chip(visitor, "Invoice 1142.pdf").getByText("587 bytes").waitFor();
    await visitor.frame.locator(".chip.ready").nth(1).waitFor();
    assert.ok(await chip(visitor, "lamp.png").locator("img").evaluate((img) => img.src.startsWith("blob:") && img.naturalWidth > 0));
    await visitor.says("Mine looks like this");
    await shot(visitor, "lamp.png").waitFor();
    await card(visitor, "Invoice 1142.pdf").waitFor();
    assert.equal(await visitor.frame.locator(".chip").count(), 0);
    await visitor.reaches("sent", "Mine looks like this");
    const said = (await messages()).at(-1);
    assert.deepEqual(said.files.map(({ name, kind, state }) => [name, kind, state]), [["lamp.png", "image", "ready"], ["Invoice 1142.pdf", "document", "ready"]]);
    const agent = await t.works(tenant.owner);
    await agent.opens("Mine looks");
    await agent.page.getByRole("button", { name: "Open picture lamp.png" }).waitFor();
  },

  "WIDGET-FILES no words are needed, also for the very first message": async (t) => {
    const { visitor, tenant } = await visiting(t);
    const send = visitor.frame.getByRole("button", { name: "Send" });
    assert.equal(await send.getAttribute("aria-disabled"), "true");
    await picker(visitor).setInputFiles(BILL);
    await until("Send can be pressed", () => send.getAttribute("aria-disabled"), (is) => is === "false");
    await send.click();
    await card(visitor, "Invoice 1142.pdf").waitFor();
    await visitor.reaches("sent");
    const { items } = await tenant.owner.call("GET", "/v1/conversations?status=all");
    assert.deepEqual([items.length, items[0].preview], [1, "Invoice 1142.pdf"]);
  },

  "WIDGET-FILES dropped on the panel: the target is clear, and elsewhere the drop goes nowhere": async (t) => {
    const { visitor } = await talking(t);
    const data = await hand(inside(visitor), [LAMP]);
    const target = visitor.frame.locator("main");
    await target.dispatchEvent("dragenter", { dataTransfer: data });
    await visitor.frame.getByText("Drop files here to attach them").waitFor();
    await look(visitor, "light-drop");
    await target.dispatchEvent("dragleave", { dataTransfer: data });
    await visitor.frame.locator(".drop").waitFor({ state: "detached" });
    await target.dispatchEvent("dragenter", { dataTransfer: data });
    await target.dispatchEvent("drop", { dataTransfer: data });
    await chip(visitor, "lamp.png").waitFor();
    await visitor.frame.locator(".drop").waitFor({ state: "detached" });
  },

  "WIDGET-FILES pasted: a picture becomes a file, words stay words": async (t) => {
    const { visitor } = await talking(t);
    const data = await hand(inside(visitor), [picture("image.png")]);
    await visitor.box.evaluate((box, clipboardData) => box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })), data);
    await chip(visitor, "image.png").waitFor();
    const both = await inside(visitor).evaluateHandle((transfer) => {
      transfer.setData("text/plain", "1\t2");
      return transfer;
    }, await hand(inside(visitor), [picture("table.png")]));
    const isTaken = await visitor.box.evaluate((box, clipboardData) => !box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })), both);
    assert.equal(isTaken, false, "what a spreadsheet copies is words first");
    assert.equal(await visitor.frame.locator(".chip").count(), 1);
  },

  "WIDGET-FILES wrong type, too large, empty, too many: said in words with the limit, and nothing is sent": async (t) => {
    const { visitor } = await talking(t);
    t.network.forget();
    await picker(visitor).setInputFiles([{ name: "setup.exe", mimeType: "", buffer: Buffer.from("MZ") }, { name: "none.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }]);
    await refusal(visitor).getByText("This type cannot be sent. Allowed: jpg").waitFor();
    await refusal(visitor).getByText("This file is empty.").waitFor();
    await picker(visitor).setInputFiles(heavy("novel.txt", 10 * 1024 * 1024 + 1));
    await refusal(visitor).getByText("Too large: at most 10 MB per file.").waitFor();
    assert.equal(await refusal(visitor).getByText("setup.exe").count(), 0, "the newest news only");
    assert.equal(uploads(t), 0);
    await picker(visitor).setInputFiles([1, 2, 3, 4, 5].map((n) => picture(`p${n}.png`, 40, 40)));
    await refusal(visitor).getByText("At most 3 files in one message.").waitFor();
    await refusal(visitor).getByText("p4.png, p5.png").waitFor();
    assert.equal(await visitor.frame.locator(".chip").count(), 3);
    await visitor.frame.getByRole("button", { name: "Dismiss" }).click();
    await refusal(visitor).waitFor({ state: "detached" });
  },

  "WIDGET-FILES what is refused after a look inside says why, and the words can go without it": async (t) => {
    const { visitor, messages } = await talking(t);
    await picker(visitor).setInputFiles({ name: "holiday.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") });
    await chip(visitor, "holiday.png").getByText("Refused. The content is not what the name says.").waitFor();
    await look(visitor, "light-refused");
    await visitor.says("Never mind");
    await visitor.reaches("sent", "Never mind");
    assert.deepEqual((await messages()).at(-1).files, []);
    assert.equal(await visitor.frame.locator(".chip").count(), 0);
  },

  "WIDGET-FILES sent before it was looked at: the bubble stands at once, and says what becomes of it": async (t) => {
    const { visitor, messages } = await talking(t);
    const fast = await slowly(visitor, 20_000);
    await picker(visitor).setInputFiles([{ name: "holiday.png", mimeType: "image/png", buffer: Buffer.concat([Buffer.from("<svg>"), heavy("", 60_000).buffer]) }, LAMP]);
    await chip(visitor, "lamp.png").waitFor();
    await visitor.says("Look");
    await visitor.bubble("Look").waitFor();
    await visitor.says("And one more thing");
    await visitor.bubble("Look").getByText(/^\d+\s?%/).waitFor();
    await fast();
    await visitor.bubble("Look").getByText("Refused. The content is not what the name says.").waitFor();
    await until("what was said later has gone", messages, (all) => all.at(-1).body === "And one more thing");
    await look(visitor, "light-failed");
    await visitor.frame.getByRole("button", { name: "Send without it" }).click();
    await visitor.reaches("sent", "Look");
    assert.deepEqual((await messages()).slice(1).map(({ body, files }) => [body, files.length]), [["And one more thing", 0], ["Look", 1]]);
  },

  "WIDGET-FILES a percentage moves, and cancelling ends the request": async (t) => {
    const { visitor } = await talking(t);
    const fast = await slowly(visitor, 150_000);
    await picker(visitor).setInputFiles(heavy("notes.txt", 900_000));
    const said = chip(visitor, "notes.txt").locator(".facts");
    const percent = async () => parseInt(await said.innerText(), 10);
    const first = await until("it has begun", percent, (n) => n > 0 && n < 90);
    await until("it goes on", percent, (n) => n > first);
    await look(visitor, "light-uploading");
    await visitor.frame.getByRole("button", { name: "Cancel notes.txt" }).click();
    await chip(visitor, "notes.txt").waitFor({ state: "detached" });
    assert.ok(await visitor.box.evaluate((box) => box === document.activeElement), "the focus is not lost");
    await fast();
    await visitor.says("Never mind");
    await visitor.reaches("sent", "Never mind");
  },

  "WIDGET-FILES the network goes in the middle: the message waits, and arrives with its file when it is back": async (t) => {
    const { visitor, messages } = await talking(t);
    await reaches(visitor);
    t.network.cut();
    await picker(visitor).setInputFiles(LAMP);
    await chip(visitor, "lamp.png").getByText("Waiting").waitFor();
    await visitor.says("Here it is");
    await visitor.bubble("Here it is").waitFor();
    await visitor.banner.getByText("One message waits").waitFor();
    await look(visitor, "light-offline");
    t.network.mend();
    await visitor.reaches("sent", "Here it is");
    assert.deepEqual((await messages()).at(-1).files.map(({ name }) => name), ["lamp.png"]);
  },

  "WIDGET-FILES chosen while nothing can be fetched: not lost, and up as soon as the network is back": async (t) => {
    const { visitor } = await talking(t);
    t.network.cut();
    await picker(visitor).setInputFiles(LAMP);
    await clip(visitor).and(visitor.frame.locator("[aria-busy=true]")).waitFor();
    t.network.mend();
    await visitor.frame.locator(".chip.ready").waitFor();
  },

  "WIDGET-FILES a reload in the middle of an upload loses neither message nor chip": async (t) => {
    const { visitor, messages } = await talking(t, { in: await t.profile() });
    await reaches(visitor);
    t.network.cut();
    await picker(visitor).setInputFiles(LAMP);
    await chip(visitor, "lamp.png").waitFor();
    await visitor.says("Here it is");
    await visitor.bubble("Here it is").waitFor();
    await picker(visitor).setInputFiles(BILL);
    await chip(visitor, "Invoice 1142.pdf").getByText("Waiting").waitFor();
    t.network.mend();
    await visitor.page.reload();
    await visitor.opens();
    await visitor.reaches("sent", "Here it is");
    assert.deepEqual((await messages()).at(-1).files.map(({ name }) => name), ["lamp.png"]);
    await chip(visitor, "Invoice 1142.pdf").waitFor();
    assert.equal(await visitor.frame.locator(".chip").count(), 1);
    await visitor.frame.locator(".chip.ready").waitFor();
    await visitor.box.press("Enter");
    await card(visitor, "Invoice 1142.pdf").waitFor();
    const left = () => inside(visitor).evaluate(async () => {
      const { name } = (await indexedDB.databases()).find((one) => one.name.endsWith("/files"));
      const opened = await new Promise((go) => (indexedDB.open(name).onsuccess = (event) => go(event.target.result)));
      const all = await new Promise((go) => (opened.transaction("files").objectStore("files").count().onsuccess = (event) => go(event.target.result)));
      opened.close();
      return all;
    });
    await until("no bytes are left behind", left, (count) => count === 0);
  },

  "WIDGET-FILES an agent's pictures: boxes have their size at once, nothing jumps": async (t) => {
    const { visitor, sends } = await talking(t);
    await sends("A first one", [picture("first.png", 300, 200)]);
    await drawn(shot(visitor, "first.png"));
    // enough words that the log scrolls: in a short one every new message moves the others, with or without files
    for (let n = 0; n < 8; n++) await sends(`Line ${n}`, []);
    await visitor.sees("Line 7");
    await sends("Have a look", [LAMP, TALL]);
    await visitor.sees("Have a look");
    await watchShifts(visitor);
    await drawn(shot(visitor, "lamp.png"));
    await drawn(shot(visitor, "tall.png"));
    await inside(visitor).evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
    assert.deepEqual(await shifts(visitor), []);
    const small = await shot(visitor, "lamp.png").locator("img").evaluate((img) => img.naturalWidth);
    assert.ok(small <= 320, `a thumbnail is enough: ${small}`);
    await visitor.page.reload();
    await visitor.launcher.click();
    await visitor.sees("Have a look");
    await watchShifts(visitor);
    await drawn(shot(visitor, "tall.png"));
    assert.deepEqual(await shifts(visitor), [], "nor when the talk is opened again");
  },

  "WIDGET-FILES the lightbox by keyboard: opens, leafs, zooms, keeps the focus, closes": async (t) => {
    const { visitor, sends } = await talking(t);
    await sends("", [LAMP, TALL, picture("third.png", 300, 300)]);
    await drawn(shot(visitor, "lamp.png"));
    assert.ok(!chunks(t).includes("lightbox.js"), "nobody pays for the viewer before it is opened");
    const { keyboard } = visitor.page;
    await shot(visitor, "lamp.png").focus();
    await keyboard.press("Enter");
    await viewer(visitor).getByRole("img", { name: "lamp.png" }).waitFor();
    await viewer(visitor).getByText("1 of 3").last().waitFor();
    await keyboard.press("ArrowRight");
    await viewer(visitor).getByRole("img", { name: "tall.png" }).waitFor();
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    await viewer(visitor).getByRole("img", { name: "third.png" }).waitFor();
    await keyboard.press("ArrowLeft");
    const seen = viewer(visitor).getByRole("img", { name: "tall.png" });
    await seen.waitFor();
    const zoom = () => seen.evaluate((img) => new DOMMatrix(getComputedStyle(img).transform).a);
    await keyboard.press("+");
    await until("nearer", zoom, (a) => a > 1.2);
    await keyboard.press("0");
    await until("whole again", zoom, (a) => a === 1);
    for (let n = 0; n < 15; n++) {
      await keyboard.press(n % 4 === 3 ? "Shift+Tab" : "Tab");
      assert.ok(await inside(visitor).evaluate(() => document.activeElement.closest("[role=dialog]") !== null), "the focus stays inside");
    }
    await keyboard.press("Escape");
    await viewer(visitor).waitFor({ state: "detached" });
    assert.ok(await visitor.box.isVisible(), "the panel itself stays open");
    assert.equal(await inside(visitor).evaluate(() => document.activeElement.getAttribute("aria-label")), "Open picture lamp.png");
  },

  "WIDGET-FILES on a phone: a swipe leafs, a pull closes, everything fits": async (t) => {
    const { visitor, sends } = await talking(t, { context: { ...PHONE, viewport: { width: 360, height: 640 } } });
    await sends("", [LAMP, TALL, picture("third.png", 300, 300)]);
    await shot(visitor, "lamp.png").tap();
    await viewer(visitor).getByRole("img", { name: "lamp.png" }).waitFor();
    const touch = await visitor.page.context().newCDPSession(visitor.page);
    const drag = async (points) => {
      const at = ([x, y]) => [{ x, y }];
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(points[0]) });
      for (const point of points.slice(1)) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(point) });
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await drag([[300, 300], [250, 300], [120, 300]]);
    await viewer(visitor).getByRole("img", { name: "tall.png" }).waitFor();
    await look(visitor, "phone-small-lightbox");
    await drag([[180, 200], [180, 260], [180, 400]]);
    await viewer(visitor).waitFor({ state: "detached" });
    const wide = await inside(visitor).evaluate(() => [document.documentElement.scrollWidth, document.querySelector(".log").scrollWidth <= document.querySelector(".log").clientWidth]);
    assert.deepEqual(wide, [360, true], "nothing sticks out");
  },

  "WIDGET-FILES a document downloads as what it is, with headers that leave nothing to run": async (t) => {
    const { visitor, sends } = await talking(t);
    await sends("", [BILL]);
    await card(visitor, "Invoice 1142.pdf").waitFor();
    const [download] = await Promise.all([visitor.page.waitForEvent("download"), card(visitor, "Invoice 1142.pdf").click()]);
    assert.equal(download.suggestedFilename(), "Invoice 1142.pdf");
    assert.deepEqual(readFileSync(await download.path()), pdf(), "the bytes are what was sent");
    const link = await card(visitor, "Invoice 1142.pdf").getAttribute("href");
    const headers = await inside(visitor).evaluate(async (url) => Object.fromEntries((await fetch(url)).headers), link);
    assert.match(headers["content-disposition"], /^attachment; .*filename\*=UTF-8''Invoice%201142\.pdf/);
    assert.equal(headers["content-type"], "application/pdf");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["content-security-policy"], "default-src 'none'; sandbox");
    assert.equal(headers["referrer-policy"], "no-referrer");
  },

  "WIDGET-FILES a hostile name is text: in the chip, the bubble, the card, the viewer": async (t) => {
    const { visitor, sends } = await talking(t);
    const evil = '"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\u202Egnp.exe.png';
    await picker(visitor).setInputFiles(picture(evil, 80, 80));
    await visitor.frame.locator(".chip.ready").waitFor();
    assert.equal(await visitor.frame.locator(".chip script, .chip img[onerror]").count(), 0);
    assert.doesNotMatch(await visitor.frame.locator(".chip .name").innerText(), /\u202E/, "nor does it turn what follows");
    await visitor.box.press("Enter");
    await visitor.frame.locator(".shot[aria-disabled=false]").waitFor();
    await sends("", [{ ...BILL, name: "<b onmouseover=window.pwned=1>bill.pdf" }]);
    await visitor.frame.locator("a.filecard").hover();
    await visitor.frame.locator(".shot").click();
    await viewer(visitor).waitFor();
    assert.equal(await visitor.frame.locator(".name *:not(span), .name [onerror], .name [onmouseover]").count(), 0);
    assert.equal(await inside(visitor).evaluate(() => window.pwned), undefined);
  },

  "WIDGET-FILES where files are off there is no paperclip, and a drop does not lead the frame away": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget({ settings: { files: { enabled: false } } });
    const visitor = await t.visits({ widget });
    await visitor.opens();
    assert.equal(await clip(visitor).count(), 0);
    const data = await hand(inside(visitor), [LAMP]);
    const isFree = await inside(visitor).evaluate((dataTransfer) => {
      const drop = (type) => document.querySelector("main").dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      return [drop("dragover"), drop("drop")];
    }, data);
    assert.deepEqual(isFree, [false, false]);
    assert.equal(await visitor.frame.locator(".chip, .drop").count(), 0);
  },

  "WIDGET-FILES a film plays in the talk, in a box that was there before it": async (t) => {
    const { visitor, sends, tenant } = await talking(t);
    const policy = await tenant.owner.call("GET", "/v1/file-policy");
    const { ceiling: _, used_bytes: __, scanning: ___, ...own } = policy;
    await tenant.owner.call("PUT", "/v1/file-policy", { ...own, types: [...own.types, "webm"] });
    await sends("", [{ name: "tour.webm", mimeType: "video/webm", buffer: await film(visitor.page) }]);
    const player = visitor.frame.locator("video");
    await player.waitFor();
    assert.deepEqual([await player.getAttribute("preload"), await player.getAttribute("controls")], ["metadata", ""]);
    const box = await player.boundingBox();
    await until("it knows its length", () => player.evaluate((one) => one.readyState), (state) => state >= 1);
    assert.deepEqual(await player.boundingBox(), box);
    await player.evaluate((one) => ((one.muted = true), one.play()));
    await until("it goes on", () => player.evaluate((one) => one.currentTime), (seconds) => seconds > 0.05);
    await card(visitor, "tour.webm").waitFor();
    await look(visitor, "light-film");
  },

  "WIDGET-FILES a file that is taken away says so where it was": async (t) => {
    const { visitor, sends, tenant } = await talking(t);
    const { message } = await sends("Here", [BILL]);
    await card(visitor, "Invoice 1142.pdf").waitFor();
    await tenant.owner.call("DELETE", `/v1/files/${message.files[0].id}`);
    await visitor.bubble("Here").getByText("No longer available. It was removed.").waitFor();
    assert.equal(await card(visitor, "Invoice 1142.pdf").count(), 0);
  },

  "WIDGET-FILES axe finds nothing: chips, refusals, bubbles in every state, the viewer": async (t) => {
    const { visitor, sends, tenant } = await talking(t);
    await picker(visitor).setInputFiles([LAMP, BILL, { name: "bad.png", mimeType: "image/png", buffer: Buffer.from("<svg>") }]);
    await visitor.frame.locator(".chip.refused").waitFor();
    await visitor.frame.locator(".chip.ready").nth(1).waitFor();
    await picker(visitor).setInputFiles([{ name: "setup.exe", mimeType: "", buffer: Buffer.from("MZ") }]);
    await refusal(visitor).waitFor();
    await none("chips", visitor);
    await visitor.says("Look");
    const { message } = await sends("Here", [BILL, LAMP, TALL]);
    await drawn(shot(visitor, "tall.png"));
    await tenant.owner.call("DELETE", `/v1/files/${message.files[0].id}`);
    await visitor.frame.getByText("It was removed.").waitFor();
    await none("bubbles", visitor);
    await shot(visitor, "tall.png").click();
    await drawn(viewer(visitor).locator(".canvas"));
    await none("viewer", visitor);
  },

  "WIDGET-FILES in Arabic, embedded: from the right, in its words, nothing sticks out": async (t) => {
    const { visitor } = await visiting(t, { widget: { display: "embedded", settings: { locale: "ar" } } });
    await picker(visitor).setInputFiles([LAMP, paper("فاتورة رقم ١١٤٢ للمصباح الجديد في الميناء القديم.pdf"), { name: "setup.exe", mimeType: "", buffer: Buffer.from("MZ") }]);
    await visitor.frame.locator(".chip.ready").nth(1).waitFor();
    assert.equal(await inside(visitor).evaluate(() => document.documentElement.dir), "rtl");
    await refusal(visitor).getByText("لا يمكن إرسال هذا النوع").waitFor();
    await look(visitor, "arabic-chips");
    await visitor.frame.locator(".send").click();
    await visitor.frame.locator("a.filecard").waitFor();
    await look(visitor, "arabic-thread");
    const log = await visitor.frame.locator(".log").evaluate((log) => log.scrollWidth <= log.clientWidth);
    assert.ok(log, "nothing sticks out");
  },

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
