/** XSS: whatever anybody writes anywhere stays words, and our own pages never trip over their own policy. */

import assert from "node:assert/strict";
import { OURS, at } from "../stage/hosts.mjs";
import { widgetOn } from "../stage/widget.mjs";

/** Each would set `window.hurt` if it were ever more than words. */
const PAYLOADS = [
  `<script>window.top.hurt=window.hurt=1</script>`,
  `<img src=x onerror="window.hurt=1">`,
  `<svg/onload=window.hurt=1>`,
  `"><iframe srcdoc="<script>parent.hurt=1</script>">`,
  `<math><mtext><table><mglyph><style><img src=x onerror=window.hurt=1>`,
  `[click](javascript:window.hurt=1)`,
  `javascript:window.hurt=1//https://ok.example`,
  `JaVaScRiPt&#58;window.hurt=1`,
  `data:text/html;base64,PHNjcmlwdD5odXJ0PTE8L3NjcmlwdD4=`,
  `https://ok.example/"onmouseover="window.hurt=1`,
  `https://ok.example/'><img src=x onerror=window.hurt=1>`,
  "${window.hurt=1} {{constructor.constructor('window.hurt=1')()}} `${window.hurt=1}`",
  `\u202Egnp.exe\u202C \u200Bhttps://ok\u200B.example <b onclick=window.hurt=1>bold</b>`,
  `</textarea><script>window.hurt=1</script>`,
  `<a href="vbscript:window.hurt=1" style="background:url(javascript:window.hurt=1)">x</a>`,
];

/** Watches pages for scripts that ran and for policies that had to step in. */
async function watched(context) {
  const seen = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP-REPORT ${location.origin} ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
  });
  context.on("page", (page) => {
    page.on("dialog", (dialog) => (seen.push(`dialog ${dialog.message()}`), dialog.dismiss()));
    page.on("pageerror", (error) => seen.push(`error ${error.message}`));
    page.on("console", (message) => /CSP-REPORT|Content Security Policy|TrustedHTML|TrustedScript/.test(message.text()) && seen.push(message.text()));
  });
  return seen;
}

const hurt = (page) => Promise.all(page.frames().map((frame) => frame.evaluate(() => window.hurt ?? null).catch(() => null)));
const unhurt = async (page) => assert.deepEqual((await hurt(page)).filter(Boolean), []);

export const tests = {
  "XSS-01..08 fifteen payloads as messages, both ways, stay words": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const [shopContext, deskContext] = [await t.context(), await t.context()];
    const reports = [await watched(shopContext), await watched(deskContext)];
    const visitor = await t.visits({ widget }, { in: shopContext });
    await visitor.opens();
    await visitor.says("First");
    const agent = await t.works(tenant.owner, { in: deskContext });
    await agent.opens("First");
    for (const words of PAYLOADS) {
      await visitor.says(words);
      await agent.says(words);
    }
    await visitor.says("Last of mine");
    await agent.says("Last of ours");
    await agent.sees("Last of mine");
    await visitor.sees("Last of ours");
    const shown = await visitor.words();
    for (const words of PAYLOADS) assert.equal(shown.filter((one) => one.trim() === words.trim()).length, 2, words);
    const links = [...(await visitor.frame.locator("a").evaluateAll((all) => all.map((one) => [one.protocol, one.rel, one.target]))), ...(await agent.log.locator("a").evaluateAll((all) => all.map((one) => [one.protocol, one.rel, one.target])))];
    for (const [protocol, rel, target] of links) assert.deepEqual([protocol.replace("mailto:", "https:").replace("http:", "https:"), rel.includes("noopener"), target], ["https:", true, "_blank"]);
    assert.ok(links.length > 0, "the premise: honest addresses become links");
    await unhurt(visitor.page);
    await unhurt(agent.page);
    assert.deepEqual(reports.flat(), []);
  },

  "XSS-10 XSS-12 XSS-13 XSS-14 names, page titles, products and attributes stay words in the inbox": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const deskContext = await t.context();
    const reports = await watched(deskContext);
    const agent = await t.works(tenant.owner, { in: deskContext });
    for (const [n, words] of PAYLOADS.entries()) {
      const page = await (await t.context()).newPage();
      await page.goto(t.page({ widget, path: `/p${n}`, html: `<!doctype html><html lang="en"><body>${widget.snippet}</body></html>` }));
      await page.evaluate((words) => {
        document.title = words;
        window.porchlight("set", { name: words.slice(0, 80), attributes: { plan: words } });
        window.porchlight("context", { title: words, price: words.slice(0, 90), url: "javascript:window.hurt=1", image: "javascript:window.hurt=1" });
      }, words);
      const visitor = widgetOn(page);
      await visitor.opens();
      await visitor.says(`Number ${n}.`);
      await visitor.reaches("sent");
      await agent.opens(`Number ${n}.`);
      await agent.sees(`Number ${n}.`);
      await unhurt(page);
      await page.context().close();
    }
    await unhurt(agent.page);
    const schemes = await agent.page.locator("a[href]").evaluateAll((all) => all.map((one) => one.protocol));
    assert.equal(schemes.some((one) => !["https:", "http:", "mailto:"].includes(one)), false, String(schemes));
    assert.deepEqual(reports, []);
  },

  "XSS-15 a widget's own settings stay words on the page, in the frame and in the editor": async (t) => {
    const tenant = await t.found();
    const words = `<img src=x onerror=window.hurt=1>`;
    const widget = await tenant.widget({ name: words, settings: { title: words, tagline: words, greeting: words, launcher_label: words.slice(0, 30) } });
    const contexts = [await t.context(), await t.context()];
    const reports = [await watched(contexts[0]), await watched(contexts[1])];
    const visitor = await t.visits({ widget }, { in: contexts[0] });
    await visitor.opens();
    await visitor.frame.getByRole("heading", { name: words }).waitFor();
    const agent = await t.works(tenant.owner, { in: contexts[1] });
    await agent.page.goto(at(OURS, `/app/#/widgets/${widget.id}`));
    await agent.page.getByText(words).first().waitFor();
    await unhurt(visitor.page);
    await unhurt(agent.page);
    assert.deepEqual(reports.flat(), []);
    const refused = await tenant.owner.call("POST", "/v1/widgets", { name: "x", display: "floating", settings: { color: "red;background:url(x)" } }, [400, 422]);
    assert.ok(refused.code);
  },

  "XSS the dashboard's every page runs under its own policy without a single report": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const context = await t.context();
    const reports = await watched(context);
    const { page } = await t.works(tenant.owner, { in: context });
    for (const path of ["#/inbox", "#/widgets", `#/widgets/${widget.id}`, `#/widgets/${widget.id}/install`, `#/widgets/${widget.id}/domains`, "#/team", "#/settings", "#/account"]) {
      await page.goto(at(OURS, `/app/${path}`));
      await page.waitForLoadState("networkidle");
    }
    assert.deepEqual(reports, []);
  },
};
