/** The page around an open panel: where it has gone, how its keyboard and its back gesture behave. */

import type { Page } from "../wire/types";
import { herePage } from "./bootstrap";
import { listen } from "./draw";

/** Single-page sites change their address without a load; their history functions stay untouched. */
export function watchPage(changed: (page: Page) => void): () => void {
  let last = herePage().url;
  let timer = 0;
  // The title usually follows the address a moment later.
  const look = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const page = herePage();
      if (page.url !== last) changed(page);
      last = page.url;
    }, 300);
  };
  const { navigation } = window as { navigation?: EventTarget };
  const offs = [listen(window, "popstate", look), listen(window, "hashchange", look)];
  if (navigation?.addEventListener) offs.push(listen(navigation, "navigatesuccess", look), listen(navigation, "currententrychange", look));
  return () => {
    clearTimeout(timer);
    offs.forEach((off) => off());
  };
}

/** Words typed on a phone must not hide behind its keyboard: the panel fits what is really visible. */
export function fitKeyboard(box: HTMLElement): () => void {
  const view = window.visualViewport;
  if (!view) return () => {};
  const fit = () => {
    box.style.setProperty("--h", `${view.height}px`);
    box.style.setProperty("--t", `${view.offsetTop}px`);
  };
  fit();
  const offs = [listen(view, "resize", fit), listen(view, "scroll", fit)];
  return () => offs.forEach((off) => off());
}

/** The back gesture of a phone closes the panel, where the browser offers it without touching the page's history. */
export function watchBack(close: () => void): () => void {
  const Watcher = (window as { CloseWatcher?: new () => { onclose: unknown; destroy(): void } }).CloseWatcher;
  try {
    const watcher = new Watcher!();
    watcher.onclose = close;
    return () => watcher.destroy();
  } catch {
    // Unknown here, or not allowed without a press; then the buttons do.
    return () => {};
  }
}
