/** Pages that break other people's widgets: on each the launcher is where it should be, opens, and a message arrives. */

import assert from "node:assert/strict";
import { EVIL, OURS, SHOP, at } from "../stage/hosts.mjs";
import { until } from "../stage/waiting.mjs";
import { widgetOn } from "../stage/widget.mjs";

const LONG = `<div style="height:3000px">A long page</div>`;

/** What a page is like: pieces of it, its headers, and what it does once it is there. */
const PAGES = {
  "all: unset on everything": { head: `<style>*{all:unset !important}</style>` },
  "heavy resets": { head: `<style>*,*::before{margin:0!important;padding:0!important;border:0!important;background:none!important;position:static!important;display:inline!important;font:6px serif!important;opacity:.2!important}</style>` },
  "the last child of the body hidden": { head: `<style>body>:last-child,body>*:not(h1),html>:not(head):not(body){display:none!important}</style>` },
  "62.5 % root, uppercase, wide letters, content-box": { head: `<style>html{font-size:62.5%}*{text-transform:uppercase;letter-spacing:.3em;box-sizing:content-box!important;line-height:3}</style>` },
  "a bar at the highest z-index over the corner": { body: `<h1>Bar</h1><div style="position:fixed;inset:auto 0 0 0;height:200px;background:#333;z-index:2147483647">cookies!</div>` },
  "a transformed body, scrolled": { head: `<style>body{transform:translateX(0) scale(.9);filter:blur(0)}</style>`, body: LONG, then: (page) => page.evaluate(() => scrollTo(0, 1500)) },
  "a transformed root, scrolled": { head: `<style>html{transform:rotate(0.0001deg);perspective:500px}</style>`, body: LONG, then: (page) => page.evaluate(() => scrollTo(0, 1500)) },
  "a body that hides what overflows": { head: `<style>html,body{height:100%;overflow:hidden}body{display:flex;contain:strict}</style>` },
  "right to left": { html: (snippet) => `<!doctype html><html lang="ar" dir="rtl"><head><title>متجر</title></head><body><h1>مصباح</h1>${snippet}</body></html>`, box: "الرسالة" },
  "quirks mode": { html: (snippet) => `<html><head><title>q</title></head><body bgcolor=white><table><tr><td>old${snippet}</table></body></html>` },
  "a base that leads elsewhere": { head: `<base href="https://${EVIL}/deep/" target="_blank">` },
  "a strict policy with a nonce": { policy: `default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src https://${OURS}; frame-src https://${OURS}; base-uri 'none'`, nonce: true },
  "a minimal policy": { policy: `default-src 'none'; script-src https://${OURS}; frame-src https://${OURS}; connect-src https://${OURS}` },
  "trusted types required": { policy: `require-trusted-types-for 'script'; trusted-types 'none'` },
  "polluted prototypes": { head: `<script>Array.prototype.toJSON=Object.prototype.toJSON=function(){return "broken"};Function.prototype.bind=function(){throw 1};Object.prototype.hurt=1;Array.prototype.extra=function(){};String.prototype.trim=()=>"";Array.prototype.map=()=>[]</script>`, broken: true },
  "fetch, sockets and XHR replaced": { head: `<script>window.fetch=()=>Promise.reject(new Error("no"));window.WebSocket=window.XMLHttpRequest=function(){throw new Error("no")};Request=Response=Headers=undefined</script>` },
  "storage and cookies that throw": { head: `<script>for(const n of ["localStorage","sessionStorage","indexedDB"])Object.defineProperty(window,n,{get(){throw new Error(n)}});Object.defineProperty(document,"cookie",{get(){throw 1},set(){throw 1}})</script>` },
  "AMD, CommonJS and framework globals": { head: `<script>define=(...a)=>{};define.amd={};module={exports:{}};exports={};require=()=>{throw 1};process={env:{}};h=io=React=Vue=$=jQuery=()=>{throw 1};porch={}</script>` },
  "old-fashioned globals": { head: `<script>window.name="x";window.onmessage=function(e){e.stopImmediatePropagation()};window.onerror=()=>true;var status="a",top2=top,event=1,self2=self;document.getElementsByClassName=()=>[];Element.prototype.remove=function(){}</script>` },
  "the body replaced": { then: (page) => page.evaluate(() => document.body.replaceWith(Object.assign(document.createElement("body"), { innerHTML: "<h1>Turbo</h1>" }))) },
  "the body emptied": { then: (page) => page.evaluate(() => void (document.body.innerHTML = "<h1>Empty</h1>")) },
  "the whole tree wiped": { then: (page) => page.evaluate(() => document.documentElement.replaceChildren(document.createElement("head"), Object.assign(document.createElement("body"), { innerHTML: "<h1>Hydrated</h1>" }))) },
  "the document written anew": { then: (page) => page.evaluate(() => (document.open(), document.write("<!doctype html><title>w</title><body><h1>Written</h1>"), document.close())) },
  "isolation by COEP": { headers: { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" } },
  "a permissions policy of nothing": { headers: { "permissions-policy": "autoplay=(), camera=(), fullscreen=(), storage-access=(), clipboard-write=()", "referrer-policy": "no-referrer" } },
  "key presses captured": { head: `<script>for(const n of ["keydown","keyup","keypress","input"])window.addEventListener(n,e=>{e.preventDefault();e.stopImmediatePropagation()},true)</script>` },
  "pointer events off": { head: `<style>html,body,body *{pointer-events:none!important;user-select:none!important;touch-action:none}</style>` },
  "a snippet put in by a script": { html: (snippet) => `<!doctype html><html lang="en"><head><title>s</title></head><body><h1>Tag manager</h1><script>const f=document.createRange().createContextualFragment(${JSON.stringify(snippet).replaceAll("</", "<\\/")});setTimeout(()=>document.body.append(f),10)</script></body></html>` },
  "the snippet twice": { html: (snippet) => `<!doctype html><html lang="en"><head><title>t</title>${snippet}</head><body><h1>Twice</h1>${snippet}</body></html>` },
  "the snippet in the head, before there is a body": { html: (snippet) => `<!doctype html><html lang="en"><head><title>h</title>${snippet.replace(/ (async|defer)(="")?/g, "")}</head><body><h1>Head</h1></body></html>` },
  "dark forced colours and no motion": { context: { forcedColors: "active", reducedMotion: "reduce", colorScheme: "dark" } },
  "a zoomed page": { head: `<style>html{zoom:2}</style>` },
};

function hostile(name, { html, head, body, policy, nonce, headers = {}, then, box = "Message", context, broken }) {
  return async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const snippet = nonce ? widget.snippet.replaceAll("<script", `<script nonce="abc"`) : widget.snippet;
    const all = { ...headers, ...(policy && { "content-security-policy": policy }) };
    const page = await (await t.context(context)).newPage();
    await page.goto(t.page({ widget, html: html?.(snippet), head, body, snippet, headers: all }));
    const visitor = widgetOn(page);
    await visitor.launcher.waitFor();
    await then?.(page);
    await visitor.launcher.waitFor();
    // where a page's prototypes are broken not even a test can ask it things; a click still proves what is on top
    if (!broken) await inTheCorner(page, visitor);
    await visitor.launcher.click();
    const area = visitor.frame.getByRole("textbox", { name: box });
    await area.waitFor();
    await area.fill(`Written on: ${name}`);
    await area.press("Enter");
    const { items } = await until("the message arrives", () => tenant.owner.call("GET", "/v1/conversations"), ({ items }) => items.some((one) => one.last_seq > 0));
    assert.equal(items.length, 1);
    assert.equal(items[0].preview, `Written on: ${name}`);
    assert.equal(await page.locator("porchlight-widget").count(), 1, "one widget");
  };
}

/** Visible, of its own size, in its corner of the window, and nothing lies over it. */
async function inTheCorner(page, { launcher }) {
  const look = () =>
    launcher.evaluate((button) => {
      const { left, top, right, bottom, width, height } = button.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const { opacity, visibility } = getComputedStyle(button);
      const hit = document.elementFromPoint(x, y);
      return { left, right: innerWidth - right, bottom: innerHeight - bottom, width, height, top, opacity, visibility, hit: hit?.localName };
    });
  const seen = await until("the launcher is on top", look, (now) => now.hit === "porchlight-widget");
  assert.deepEqual([seen.opacity, seen.visibility], ["1", "visible"]);
  const scale = seen.height / 56;
  assert.ok(scale === 1 || scale === 2 || scale === 1.8, `${seen.width} × ${seen.height}`);
  assert.ok(Math.abs(seen.bottom - 20 * scale) < 2, `bottom ${seen.bottom}`);
  assert.ok(seen.right >= 0 && seen.right < 60 * scale, `right ${seen.right}`);
}

export const tests = {
  ...Object.fromEntries(Object.entries(PAGES).map(([name, page]) => [`HOSTILE ${name}`, hostile(name, page)])),

  "HOSTILE a page's own modal dialog goes first, and the launcher comes back after it": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget, body: `<h1>Modal</h1><dialog id="d"><button>Inside</button></dialog>` });
    await visitor.launcher.waitFor();
    await visitor.page.evaluate(() => document.getElementById("d").showModal());
    await visitor.page.getByRole("button", { name: "Inside" }).click();
    await visitor.page.evaluate(() => document.getElementById("d").close());
    await visitor.opens();
  },

  "HOSTILE shutdown leaves no trace": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget });
    await visitor.opens();
    await visitor.page.evaluate(() => window.porchlight("shutdown"));
    await visitor.host.waitFor({ state: "detached" });
    await visitor.page.evaluate(() => document.body.replaceChildren());
    assert.equal(await visitor.page.locator("iframe").count(), 0);
    assert.equal(await visitor.host.count(), 0, "and does not come back");
  },

  "HOSTILE nothing on the page moves: layout shift is 0 closed, opened and closed again": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const page = await (await t.context()).newPage();
    await page.addInitScript(() => {
      window.shifts = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.shifts += one.value))).observe({ type: "layout-shift", buffered: true });
    });
    const text = `<p>${"Oak and brass. ".repeat(200)}</p>`;
    await page.goto(t.page({ widget, path: "/still", body: `<h1>Harbour lamp</h1>${text}` }));
    const visitor = widgetOn(page);
    const place = () => page.evaluate(() => JSON.stringify([document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.querySelector("p").getBoundingClientRect()]));
    await visitor.launcher.waitFor();
    const before = await place();
    await visitor.opens();
    assert.equal(await place(), before);
    await visitor.closes();
    assert.equal(await place(), before);
    assert.equal(await page.evaluate(() => window.shifts), 0);
    await page.goto(t.network.put(at(SHOP, "/moving"), `<!doctype html><title>m</title><p>${text}</p>`));
    await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
    await page.evaluate(() => document.body.prepend(Object.assign(document.createElement("div"), { style: "height:200px" })));
    await until("the premise: a page that moves is seen to move", () => page.evaluate(() => window.shifts), (sum) => sum > 0);
  },
};
