/**
 * The panel: a box around a frame of our own origin, and the port between the two.
 *
 * Each time the frame loads (a page that moves our element makes it load again) it gets one
 * fresh port, addressed to its exact origin; a frame the browser refused to show gets
 * nothing, because its origin is another.
 */

import { GREETING, readToLoader, type ToFrame, type ToLoader } from "../wire/port";
import { Refused, herePage } from "./bootstrap";
import type { Core, Panel } from "./core";
import { CROSS, icon, make } from "./draw";
import { dress } from "./host";
import { fitKeyboard, watchBack, watchPage } from "./page";
import { PANEL_STYLE } from "./panel_style";
import { brokenIn } from "./panel_words";

const PATIENCE_MS = 20_000;

export function attach(core: Core): Panel {
  const { frame, emit, panel: element } = core;
  const wait = make("div", "wait", { role: "status" });
  const shut = make("button", "shut", { type: "button", "aria-label": core.words()[1] });
  let port: MessagePort | null = null;
  let isReady = false;
  let wasOpen = false;
  let closing: (() => void)[] = [];
  const patience = window.setTimeout(broken, PATIENCE_MS);
  const stopWatching = watchPage((page) => tell({ type: "page", page }));

  function hand() {
    port?.close();
    isReady = false;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => {
      const message = readToLoader(data);
      if (message) hear(message);
    };
    try {
      frame.contentWindow!.postMessage(GREETING, core.origin, [channel.port2]);
      post({ type: "init", config: core.answer().config, locale: core.language(), theme: core.theme(), page: herePage(), open: core.isOpen(), full: isFull() });
    } catch {
      broken();
    }
  }

  const openNow = (): ToFrame => ({ type: "open", focus: core.isAsked() });
  const isFull = () => core.box.classList.contains("full");
  const post = (message: ToFrame) => port?.postMessage(message);

  function broken() {
    wait.textContent = brokenIn(core.language());
    emit("error", { code: "frame_unavailable" });
  }

  function hear(message: ToLoader) {
    switch (message.type) {
      case "ready":
        return ready();
      case "ticket":
        return void giveTicket();
      case "close":
        return core.close();
      case "unread":
        return core.unread(message.count);
      case "message":
        return emit("message", { author: message.author, conversation: message.conversation_id });
      case "conversation":
        return emit("conversation", { id: message.id, status: message.status });
      case "error":
        return emit("error", { code: message.code });
    }
  }

  function ready() {
    isReady = true;
    clearTimeout(patience);
    frame.classList.add("ready");
    wait.textContent = "";
    shut.hidden = true;
    core.told.forEach(tell);
    if (core.isOpen()) post(openNow());
  }

  async function giveTicket() {
    try {
      post({ type: "ticket", ticket: await core.ticket() });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? (error as Refused).code : "network";
      post({ type: "refused", code });
      if ((error as Refused).status === 403) emit("blocked", { code, origin: location.origin });
    }
  }

  /** Before the frame is ready nothing is lost: `told` keeps what still matters then. */
  function tell(message: ToFrame) {
    if (!isReady) return;
    try {
      post(message);
    } catch {
      // The page gave something that cannot be copied, a function or an element.
      core.told.delete(message.type);
      emit("error", { code: "invalid_argument" });
    }
  }

  function dressed() {
    element.classList.toggle("shown", core.isOpen());
    tell({ type: "full", full: isFull() });
    if (core.isOpen() === wasOpen) return;
    wasOpen = core.isOpen();
    if (wasOpen) opened();
    else closed();
  }

  function opened() {
    tell({ type: "page", page: herePage() });
    tell(openNow());
    if (core.isInline) return;
    if (core.isAsked()) frame.focus();
    closing = [fitKeyboard(core.box), isFull() ? watchBack(core.close) : () => {}];
  }

  function closed() {
    tell({ type: "closed" });
    for (const undo of closing.splice(0)) undo();
  }

  dress(core.root, PANEL_STYLE);
  shut.appendChild(icon(CROSS, ""));
  shut.addEventListener("click", core.close);
  shut.hidden = core.isInline;
  // The frame stays where it is: moving it would make it load anew.
  element.prepend(wait, shut);
  element.className = "panel";
  element.setAttribute("role", core.isInline ? "region" : "dialog");
  element.setAttribute("aria-label", core.title);
  element.hidden = false;
  void element.offsetWidth;
  frame.addEventListener("load", hand);
  if (frame.dataset.loaded) hand();
  return {
    tell,
    dressed,
    remove() {
      closed();
      stopWatching();
      clearTimeout(patience);
      port?.close();
    },
  };
}
