/** Signs of life on their way out: the last of each kind is kept for the next welcome. */

import type { LiveLine } from "./live_line";
import type { ClientFrame, Reach } from "./types";

export class LiveSignals {
  #presence: ClientFrame | null = null;
  readonly #seen = new Map<string, ClientFrame & { type: "seen" }>();

  constructor(readonly line: LiveLine) {}

  presence(state: "online" | "away", viewing: string | null) {
    this.#presence = { type: "presence", state, viewing };
    this.line.send(this.#presence);
  }

  /** Answers whether it went out now. */
  seen(conversation_id: string, seq: number, state: Reach): boolean {
    const frame = { type: "seen", conversation_id, seq, state } as const;
    if (this.line.send(frame)) return true;
    const key = `${state} ${conversation_id}`;
    const kept = this.#seen.get(key);
    if (!kept || kept.seq < seq) this.#seen.set(key, frame);
    return false;
  }

  sendKept() {
    if (this.#presence) this.line.send(this.#presence);
    for (const frame of this.#seen.values()) this.line.send(frame);
    this.#seen.clear();
  }

  forget() {
    this.#presence = null;
    this.#seen.clear();
  }
}
