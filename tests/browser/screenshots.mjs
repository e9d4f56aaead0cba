/**
 * Takes the pictures of docs/screenshots from the demo, as a newcomer sees it.
 *
 *   node tests/browser/screenshots.mjs [folder] [shop|inbox|settings|operators|whatsapp]...
 *
 * The demo is started fresh in a folder that goes away, with what plays Meta and the phones beside it; log-ins and
 * addresses are read from what it prints. Without the names of parts all of them are taken.
 */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { executable } from "./stage/chromium.mjs";
import { inboxOn } from "./stage/inbox.mjs";
import { program } from "./stage/stage.mjs";
import { startSim } from "./stage/whatsapp.mjs";
import { widgetOn } from "./stage/widget.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const FOLDER = process.argv[2] ?? join(HERE, "../../docs/screenshots");
const LARGEST = 300_000;
const DESK = { viewport: { width: 1280, height: 800 } };
const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const FEATURES = "--disable-features=MediaRouter,OptimizationHints,PaintHolding,AutofillServerCommunication";

mkdirSync(FOLDER, { recursive: true });
const data = mkdtempSync(join(tmpdir(), "porchlight-demo-"));
const sim = await startSim({ seed: Math.round(Date.now() / 1000) });
const demo = await startDemo();
const browser = await chromium.launch({ executablePath: executable(), args: ["--no-sandbox", "--disable-gpu", FEATURES] });
try {
  const parts = { shop, inbox, settings, operators, whatsapp };
  const asked = process.argv.slice(3);
  for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
} finally {
  await browser.close();
  demo.child.kill("SIGINT");
  await new Promise((go) => demo.child.on("exit", go));
  await sim.end();
  rmSync(data, { recursive: true, force: true });
}

async function shop() {
  const page = await open(demo.shop, DESK);
  const visitor = widgetOn(page);
  await visitor.launcher.waitFor();
  await shoot(page, "shop-closed");
  await visitor.opens();
  await visitor.says("Hello! Is the foot oiled or varnished?");
  const agent = inboxOn(await open(demo.inbox, DESK));
  await agent.signsIn(demo.owner, demo.password);
  await agent.opens("oiled or varnished");
  await agent.says("Hi! Oiled, with linseed oil. You can renew it yourself once a year.");
  await visitor.sees("linseed");
  await visitor.says("Lovely. And can I get it with a longer cable?");
  await agent.sees("longer cable");
  await agent.composer.pressSequentially("Of course");
  await visitor.typing.waitFor();
  await shoot(page, "shop-open");
  await page.context().close();
  await agent.page.context().close();
  const phone = await open(demo.shop, PHONE);
  const mobile = widgetOn(phone);
  await mobile.launcher.tap();
  await mobile.box.waitFor();
  await mobile.says("Do you deliver to Norway?");
  await mobile.reaches("sent");
  await shoot(phone, "shop-phone");
  await phone.context().close();
}

async function inbox() {
  for (const [name, options] of [["inbox-light", DESK], ["inbox-dark", { ...DESK, colorScheme: "dark" }], ["inbox-phone", PHONE]]) {
    const agent = inboxOn(await open(demo.inbox, options));
    await agent.signsIn(demo.owner, demo.password);
    await agent.row("Wei Chen").waitFor();
    if (name === "inbox-phone") await shoot(agent.page, "inbox-phone-list");
    await agent.opens(name === "inbox-phone" ? "Ahmed Farouk" : "Lucía Fernández");
    await agent.log.locator("article").first().waitFor();
    await shoot(agent.page, name);
    await agent.page.context().close();
  }
}

async function settings() {
  const agent = inboxOn(await open(demo.inbox, DESK));
  await agent.signInForm.waitFor();
  await shoot(agent.page, "sign-in");
  await agent.signsIn(demo.owner, demo.password);
  const { page } = agent;
  const go = (hash) => page.goto(`${demo.inbox}#/${hash}`);
  await go("widgets");
  await page.getByText("Shop pages").first().waitFor();
  await shoot(page, "widgets");
  await page.getByText("Shop pages").first().click();
  await page.waitForURL(/#\/widgets\/wgt_/);
  await page.waitForLoadState("networkidle");
  await shoot(page, "widget-look");
  const [, id] = page.url().match(/#\/widgets\/(wgt_\w+)/);
  await go(`widgets/${id}/install`);
  await page.waitForLoadState("networkidle");
  await shoot(page, "widget-install");
  await go(`widgets/${id}/domains`);
  await page.getByRole("button", { name: "Add a domain" }).first().click();
  const dialog = page.getByRole("dialog").or(page.locator("form")).first();
  await dialog.getByRole("textbox").first().fill("shop.lumen-and-oak.com");
  await dialog.getByRole("button", { name: /add|claim|continue/i }).last().click();
  await page.getByText("_porchlight-host-challenge").first().waitFor();
  await shoot(page, "domains");
  await go("team");
  await page.getByText("Jonas Lind").first().waitFor();
  await shoot(page, "team");
  await go("account");
  await page.waitForLoadState("networkidle");
  await shoot(page, "account");
}

async function operators() {
  const page = await open(demo.operators, DESK);
  await page.getByLabel("E-mail", { exact: true }).fill(demo.operator);
  await page.getByLabel("Password", { exact: true }).fill(demo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Lumen & Oak").first().waitFor();
  await shoot(page, "operator-tenants");
  await page.getByText("Lumen & Oak").first().click();
  await page.waitForURL(/#\/tenants\/ten_/);
  await page.waitForLoadState("networkidle");
  await shoot(page, "operator-tenant");
  for (const name of ["system", "audit"]) {
    await page.goto(`${demo.operators}#/${name}`);
    await page.waitForLoadState("networkidle");
    await shoot(page, `operator-${name}`);
  }
}

async function whatsapp() {
  for (const [name, options] of [["whatsapp", WIDE], ["whatsapp-phone", PHONE]]) {
    const agent = inboxOn(await open(demo.inbox, options));
    const { page } = agent;
    await agent.signsIn(demo.owner, demo.password);
    await talks(agent, name, options === PHONE);
    await numberOf(page, name);
    await page.context().close();
  }
  const phone = await open(`${demo.phones}?user=491701234567`, PHONE);
  await phone.getByText("Here is the invoice").waitFor();
  await shoot(phone, "whatsapp-simulator");
  await phone.context().close();
}

/** A conversation with everything in it, from its end and further up; then one that only a template reaches. */
async function talks({ page, ...agent }, name, isPhone) {
  await agent.opens("Zoë Krüger");
  await agent.sees("Here is the invoice");
  await shoot(page, `${name}-talk`);
  for (const [part, words] of Object.entries({ order: "The second one!", begin: "Ask away" })) {
    await agent.log.evaluate((log, to) => (log.scrollTop = to * (log.scrollHeight - log.clientHeight)), part === "order" ? 0.5 : 0);
    await agent.sees(words);
    await shoot(page, `${name}-talk-${part}`);
  }
  if (isPhone) await page.getByRole("button", { name: "Back to the list" }).click();
  await agent.row("João Silva").locator("button").click();
  await page.getByText("Only a template can be sent now").waitFor();
  await shoot(page, `${name}-closed`);
  await page.getByRole("button", { name: "Choose a template" }).click();
  await page.getByRole("button", { name: /^order_update/ }).waitFor();
  await shoot(page, `${name}-templates`);
  await page.getByRole("button", { name: /^order_update/ }).click();
  for (const [gap, value] of [["Variable 1", "João"], ["Variable 2", "20435"]]) await page.getByLabel(gap, { exact: true }).fill(value);
  await page.getByRole("figure").getByText("20435").waitFor();
  await shoot(page, `${name}-template`);
}

async function numberOf(page, name) {
  const go = (path) => page.goto(`${demo.inbox}#/settings/whatsapp${path}`);
  await go("/templates/new");
  const box = (label) => page.getByLabel(label, { exact: true });
  await box("Name").fill("Order on its way");
  await box("Text").fill("Hello {{name}}, your *{{item}}* left our workshop this morning.");
  await box("Example for {{name}}").fill("Zoë");
  await box("Example for {{item}}").fill("Harbour lamp");
  await box("Small print").fill("Lumen & Oak, made by hand");
  await page.getByText("Ready to be sent in").waitFor();
  await page.getByRole("link", { name: "All templates" }).scrollIntoViewIfNeeded();
  await shoot(page, `${name}-builder`);
  await go("");
  await page.getByText("+1 555").first().waitFor();
  await page.waitForLoadState("networkidle");
  await shoot(page, `${name}-numbers`);
  await page.locator("a[href*='/numbers/']").first().click();
  await page.waitForURL(/numbers\/[^/]+$/);
  const [, id] = page.url().match(/numbers\/(\w+)/);
  await page.waitForLoadState("networkidle");
  await shoot(page, `${name}-number`);
  await go(`/numbers/${id}/doctor`);
  await page.locator("[data-state=ok]").first().waitFor();
  await shoot(page, `${name}-doctor`);
  await go("/arrived");
  await page.getByText("Message: text").first().waitFor();
  await shoot(page, `${name}-arrived`);
}

async function open(url, options) {
  const context = await browser.newContext({ locale: "en-GB", colorScheme: "light", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function shoot(page, name) {
  await page.mouse.move(1, 1);
  await page.evaluate(() => document.fonts.ready);
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  const { size } = statSync(path);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
  if (size > LARGEST) throw new Error(`${name}.png is larger than ${LARGEST / 1000} kB`);
}

/** Starts the demo on free ports and reads addresses and log-ins from its own words. */
async function startDemo() {
  const port = await freePorts();
  const child = spawn(program("porchlight"), ["demo", "--data", data, "--port", String(port), "--whatsapp-sim", sim.base], { stdio: ["ignore", "pipe", "inherit"] });
  const said = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.includes("Stop with")) break;
  }
  child.stdout.resume();
  const text = said.join("\n");
  const address = (what) => text.match(new RegExp(`${what}\\s+(\\S+)`))[1];
  const [, owner, password] = text.match(/Team inbox.*log in as (\S+) \/ (.+)/);
  const [, operator] = text.match(/Operator console.*log in as (\S+) \//);
  return { child, shop: address("Demo shop"), inbox: address("Team inbox"), operators: address("Operator console"), phones: address("WhatsApp phones"), owner, password: password.trim(), operator };
}

/** The first of three ports in a row that nobody has, below those the system gives to outgoing connections. */
async function freePorts() {
  for (let first = 21_000 + (process.pid % 5_000); ; first += 3) {
    const isFree = await Promise.all([first, first + 1, first + 2].map(isFreePort));
    if (isFree.every(Boolean)) return first;
  }
}

function isFreePort(port) {
  return new Promise((go) => {
    const server = createServer();
    server.once("error", () => go(false));
    server.listen(port, "127.0.0.1", () => server.close(() => go(true)));
  });
}
