/** Into a session, however long it takes, and what follows from being in one. */

import { backOff, realClock } from "../../wire/clock";
import { Problem } from "../../wire/rest";
import type { VisitorSession } from "../../wire/types";
import type { Engine } from "./engine";

export interface Entrance {
  start(): Promise<void>;
  entered(session: VisitorSession): void;
  /** The conversation exists: show it and keep it current. */
  follow(): Promise<void>;
  /** True when this page may not show the widget, and now says so. */
  refusedBy(error: unknown): boolean;
}

export function createEntrance(engine: Engine): Entrance {
  async function start() {
    void engine.outbox.resume().then(engine.attaching.resume);
    for (let attempt = 0; ; attempt++) {
      try {
        await engine.session.token();
        return;
      } catch (error) {
        if (refusedBy(error)) return;
        engine.change({ isOffline: attempt > 0 || !isOurFault(error) });
        await pause(backOff(attempt + 1, realClock));
      }
    }
  }

  function refusedBy(error: unknown): boolean {
    if (!(error instanceof Problem) || error.temporary || error.status === 401) return false;
    engine.change({ phase: "refused" });
    engine.bridge.tell({ type: "error", code: error.code });
    engine.outbox.pause();
    return true;
  }

  function entered({ visitor, conversation, position }: VisitorSession) {
    const { store, line, profile, place } = engine;
    const isFirst = store.get().phase === "starting";
    store.dispatch({ type: "entered", visitor, conversation: isFirst ? conversation : null });
    line.startFrom(position);
    if (isFirst && conversation) {
      void follow();
      place.tell();
    }
    profile.saveIfKnown();
  }

  async function follow() {
    engine.line.open();
    await engine.history.loadLatest();
    engine.seen.tellUnread();
    engine.seen.mark();
  }

  return { start, entered, follow, refusedBy };
}

/** Waits, but not longer than until the network comes back. */
function pause(ms: number): Promise<void> {
  return new Promise((go) => {
    const timer = setTimeout(go, ms);
    window.addEventListener("online", () => (clearTimeout(timer), go()), { once: true });
  });
}

function isOurFault(error: unknown): boolean {
  return !(error instanceof Problem) || error.status !== 0;
}
