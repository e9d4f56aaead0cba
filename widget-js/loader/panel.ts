/** The panel: a box around a frame of our own origin, shown and hidden with the launcher. */

import { herePage } from "./bootstrap";
import type { Core, Panel } from "./core";
import { CROSS, icon, make } from "./draw";
import { createFramePort, isFull, openFor } from "./frame_port";
import { dress } from "./host";
import { fitKeyboard, watchBack, watchPage } from "./page";
import { PANEL_STYLE } from "./panel_style";
import { brokenIn } from "./panel_words";

const PATIENCE_MS = 20_000;

export function attach(core: Core): Panel {
  const { frame } = core;
  const { wait, shut } = furnish(core);
  const patience = window.setTimeout(broken, PATIENCE_MS);
  const port = createFramePort(core, ready);
  const stopWatching = watchPage((page) => port.tell({ type: "page", page }));
  const { dressed, closed } = createShape(core, port.tell, takeFocus);
  let isReady = false;

  function hand() {
    try {
      port.hand();
    } catch {
      broken();
    }
  }

  /**
   * Not before the frame is there: Chromium, asked to focus a frame that is on its way into another process, may
   * tell the frame that it has the focus and go on to give every key to the page.
   */
  function takeFocus() {
    if (isReady && core.isOpen() && core.isAsked() && !core.isInline) core.frame.focus();
  }

  function broken() {
    wait.textContent = brokenIn(core.language());
    core.emit("error", { code: "frame_unavailable" });
  }

  function ready() {
    isReady = true;
    clearTimeout(patience);
    frame.classList.add("ready");
    wait.textContent = "";
    shut.hidden = true;
    takeFocus();
  }

  frame.addEventListener("load", hand);
  if (frame.dataset.loaded) hand();
  return {
    tell: port.tell,
    dressed,
    remove() {
      closed();
      stopWatching();
      clearTimeout(patience);
      port.close();
    },
  };
}

/** What stands in the box until the frame has drawn itself. */
function furnish({ root, panel, title, isInline, words, close }: Core) {
  const wait = make("div", "wait", { role: "status" });
  const shut = make("button", "shut", { type: "button", "aria-label": words()[1] });
  dress(root, PANEL_STYLE);
  shut.appendChild(icon(CROSS, ""));
  shut.addEventListener("click", close);
  shut.hidden = isInline;
  // The frame stays where it is: moving it would make it load anew.
  panel.prepend(wait, shut);
  panel.className = "panel";
  panel.setAttribute("role", isInline ? "region" : "dialog");
  panel.setAttribute("aria-label", title);
  panel.hidden = false;
  void panel.offsetWidth;
  return { wait, shut };
}

/** Open or closed, small or full: what changes around the frame, and what the frame hears of it. */
function createShape(core: Core, tell: Panel["tell"], takeFocus: () => void) {
  let wasOpen = false;
  let closing: (() => void)[] = [];

  function dressed() {
    core.panel.classList.toggle("shown", core.isOpen());
    tell({ type: "full", full: isFull(core) });
    if (core.isOpen() === wasOpen) return;
    wasOpen = core.isOpen();
    if (wasOpen) opened();
    else closed();
  }

  function opened() {
    tell({ type: "page", page: herePage() });
    tell(openFor(core));
    if (core.isInline) return;
    takeFocus();
    closing = [fitKeyboard(core.box), isFull(core) ? watchBack(core.close) : () => {}];
  }

  function closed() {
    tell({ type: "closed" });
    for (const undo of closing.splice(0)) undo();
  }

  return { dressed, closed };
}
