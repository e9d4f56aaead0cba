/**
 * The port to the frame: one fresh port each time it loads, addressed to its exact origin; a
 * frame the browser refused to show gets nothing, because its origin is another.
 */

import { GREETING, readToLoader, type ToFrame, type ToLoader } from "../wire/port";
import { herePage, type Refused } from "./bootstrap";
import type { Core } from "./core";

export interface FramePort {
  /** Hands the frame, which has just loaded, its end. Throws where the page forbids it. */
  hand(): void;
  /** Before the frame is ready nothing is lost: `told` keeps what still matters then. */
  tell(message: ToFrame): void;
  close(): void;
}

export function createFramePort(core: Core, onReady: () => void): FramePort {
  const { emit } = core;
  let port: MessagePort | null = null;
  let isReady = false;

  const post = (message: ToFrame) => port?.postMessage(message);

  function hand() {
    port?.close();
    isReady = false;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => {
      const message = readToLoader(data);
      if (message) hear(message);
    };
    core.frame.contentWindow!.postMessage(GREETING, core.origin, [channel.port2]);
    post({ type: "init", config: core.answer().config, locale: core.language(), theme: core.theme(), page: herePage(), open: core.isOpen(), full: isFull(core) });
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
    onReady();
    core.told.forEach(tell);
    if (core.isOpen()) post(openFor(core));
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

  return { hand, tell, close: () => port?.close() };
}

export function openFor(core: Core): ToFrame {
  return { type: "open", focus: core.isAsked() };
}

export function isFull(core: Core): boolean {
  return core.box.classList.contains("full");
}
