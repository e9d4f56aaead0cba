/** The passing signs of life: who types, and whether somebody of the team is there. */

import type { LiveSignal } from "../../wire/types";
import type { Engine } from "./engine";

const SHOWN_MS = 6_000;
const EVERY_MS = 3_000;

export interface Typing {
  tell(isTyping: boolean): void;
  signalled(signal: LiveSignal): void;
}

export function createTyping(engine: Engine): Typing {
  let off = 0;
  let toldAt = 0;

  function tell(isTyping: boolean) {
    const id = engine.store.get().conversation?.id;
    const now = Date.now();
    if (!id || (isTyping && now - toldAt < EVERY_MS) || (!isTyping && !toldAt)) return;
    toldAt = isTyping ? now : 0;
    const { live, tabs } = engine.line;
    if (tabs?.isLeader()) live?.typing(id, isTyping);
    else tabs?.post({ type: "typing", conversation_id: id, on: isTyping });
  }

  function signalled(signal: LiveSignal) {
    if (signal.type === "presence" && typeof signal.online === "boolean") return engine.change({ isTeamOnline: signal.online });
    if (signal.type !== "typing" || signal.conversation_id !== engine.store.get().conversation?.id) return;
    if (signal.author.kind === "visitor") return;
    clearTimeout(off);
    engine.change({ typing: signal.on ? signal.author : null });
    // The word that it ended may get lost; it ends by itself then.
    off = window.setTimeout(() => engine.change({ typing: null }), SHOWN_MS);
  }

  return { tell, signalled };
}
