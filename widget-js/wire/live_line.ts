/** One WebSocket after the other: whoever dials again hears nothing of the last one. Sending never throws. */

import type { SocketLike } from "./socket";
import type { ClientFrame, ServerFrame } from "./types";

export interface LineEvents {
  opened(): unknown;
  said(data: unknown): unknown;
  closed(code: number): unknown;
}

export class LiveLine {
  /** Said hello and was let in: before that only the hello goes out. */
  isWelcome = false;
  #socket: SocketLike | null = null;

  constructor(readonly open: () => SocketLike) {}

  /** Throws where a page's policy or an extension refuses to even construct one. */
  dial(events: LineEvents) {
    const socket = (this.#socket = this.open());
    this.isWelcome = false;
    // A socket that was hung up may still have something queued.
    const isMine = () => this.#socket === socket;
    socket.onopen = () => isMine() && events.opened();
    socket.onmessage = ({ data }) => isMine() && events.said(data);
    socket.onclose = ({ code }) => isMine() && events.closed(code);
    socket.onerror = () => {};
  }

  hangUp() {
    const old = this.#socket;
    this.#socket = null;
    this.isWelcome = false;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    try {
      old.close(1000);
    } catch {
      // Already closing; nothing is owed to it.
    }
  }

  /** Answers whether it went out. */
  send(frame: ClientFrame): boolean {
    const socket = this.#socket;
    if (!socket || socket.readyState !== 1 || (frame.type !== "hello" && !this.isWelcome)) return false;
    try {
      socket.send(JSON.stringify(frame));
      return true;
    } catch {
      return false;
    }
  }
}

export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    const hasType = typeof frame === "object" && frame !== null && "type" in frame;
    return hasType && typeof frame.type === "string" ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
