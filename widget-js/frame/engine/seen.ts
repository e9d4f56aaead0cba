/** What the visitor has read, and how many messages wait for them. */

import type { LiveEvent } from "../../wire/types";
import { API } from "./api";
import type { Engine } from "./engine";

export interface Seen {
  /** Everything shown is read, if somebody is looking. */
  mark(): void;
  tellUnread(): void;
}

export function createSeen(engine: Engine): Seen {
  let seenSeq = 0;
  let toldUnread = 0;

  function mark() {
    const { conversation, isOpen, screen, phase } = engine.store.get();
    const isWatched = isOpen && screen === "chat" && document.visibilityState === "visible";
    if (!conversation?.unread || !isWatched || phase !== "ready" || seenSeq >= conversation.last_seq) return;
    seenSeq = conversation.last_seq;
    const event = readUpTo(conversation.id, seenSeq);
    engine.store.dispatch({ type: "event", event });
    engine.line.tabs?.post({ type: "event", event });
    tellUnread();
    tellServer(conversation.id, seenSeq);
  }

  function tellServer(id: string, seq: number) {
    const { live, tabs } = engine.line;
    if (tabs?.isLeader() && live?.state() === "online" && live.seen(id, seq, "read")) return;
    engine.rest.post(`${API}/conversations/${id}/read`, { seq }).catch(() => (seenSeq = 0));
  }

  function tellUnread() {
    const count = engine.store.get().conversation?.unread ?? 0;
    if (count !== toldUnread) engine.bridge.tell({ type: "unread", count });
    toldUnread = count;
  }

  return { mark, tellUnread };
}

/** What the server will say to this, a moment earlier. */
function readUpTo(conversation_id: string, seq: number): LiveEvent {
  return { type: "receipt_moved", conversation_id, side: "visitor", state: "read", seq, unread: 0, position: "", at: "" };
}
