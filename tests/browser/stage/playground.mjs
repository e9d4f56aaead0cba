/** What a test is given: the stage, the network, browsers of its own, and words for what people do in them. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OURS, SHOP, at } from "./hosts.mjs";
import { found, operator, visitor } from "./people.mjs";
import { inboxOn } from "./inbox.mjs";
import { launchKept } from "./chromium.mjs";
import { widgetOn } from "./widget.mjs";

export const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

export function playground({ stage, network, browser }) {
  const contexts = [];
  const folders = [];
  network.clear();
  network.forget();
  network.mend();
  network.swallow(null);

  /** A browser window of its own; like a private one, it keeps nothing from the sites within sites. */
  async function context(options = {}) {
    const made = await browser.newContext({ locale: "en-GB", colorScheme: "light", ...options });
    return kept(made);
  }

  function kept(made) {
    made.setDefaultTimeout(15_000);
    contexts.push(made);
    return made;
  }

  function scratch() {
    folders.push(mkdtempSync(join(tmpdir(), "porchlight-profile-")));
    return folders.at(-1);
  }

  /** Puts up a page of a shop with the widget's own snippet and answers its address. */
  function page({ widget, host = SHOP, path = "/", body = "<h1>Harbour lamp</h1><p>Oak and brass.</p>", head = "", html = "", snippet = widget?.snippet ?? "", headers = {} }) {
    const whole = html || `<!doctype html><html lang="en"><head><title>Harbour lamp</title><meta name="viewport" content="width=device-width">${head}</head><body>${body}${snippet}</body></html>`;
    return network.put(at(host, path), whole, headers);
  }

  /** A visitor's browser on a page of the shop. */
  async function visits(options, how = {}) {
    const address = page(options);
    const tab = await (how.in ?? (await context(how.context))).newPage();
    await tab.goto(address);
    return Object.assign(widgetOn(tab), { address });
  }

  /** An agent's browser, signed in through the form. */
  async function works(person, how = {}) {
    const tab = await (how.in ?? (await context(how.context))).newPage();
    const inbox = inboxOn(tab);
    await tab.goto(at(OURS, "/app/"));
    await inbox.signsIn(person.email, stage.password);
    return inbox;
  }

  return {
    stage,
    network,
    context,
    page,
    visits,
    works,
    found: (name) => found(stage, name),
    operator: () => operator(stage),
    visitor: (widgetId, origin) => visitor(stage, widgetId, origin),
    /** A browser with a profile on disk, as people have at home; the same folder brings the same profile back. */
    profile: async (folder = scratch()) => Object.assign(kept(await launchKept(network, folder)), { folder }),
    async shoot(name) {
      const folder = join(tmpdir(), "porchlight-browser");
      mkdirSync(folder, { recursive: true });
      const tabs = contexts.flatMap((one) => one.pages());
      for (const [n, tab] of tabs.entries()) {
        await tab.screenshot({ path: join(folder, `${name.replace(/[^a-z0-9-]+/gi, "_").slice(0, 60)}-${n}.png`), timeout: 5_000 }).catch(() => {});
      }
    },
    async end() {
      await Promise.all(contexts.map((one) => one.close().catch(() => {})));
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
