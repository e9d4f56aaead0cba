/** What comes over the line, from the server or from the tab that holds it, and what it changes here. */

import type { LiveEvent } from "../../wire/types";
import { beep } from "../sound";
import type { ChatState } from "../state";
import type { Engine } from "./engine";
import type { TabMessage } from "./line";

export interface Hearing {
  hear(message: TabMessage): void;
}

export function createHearing(engine: Engine): Hearing {
  function hear(message: TabMessage) {
    switch (message.type) {
      case "event":
        return happened(message.event);
      case "signal":
        return engine.typing.signalled(message.signal);
      case "link":
        return linked(message.link);
      case "opened":
        return engine.sending.adopt(message.opened);
      case "typing":
        if (engine.line.tabs?.isLeader()) engine.line.live?.typing(message.conversation_id, message.on);
    }
  }

  function linked(link: ChatState["link"]) {
    // Without a way to the server a failed send would be our only sign of its return.
    if (link !== "online" && link !== "polling") return engine.change({ link: link === "stopped" ? "idle" : link });
    engine.change({ link, isOffline: false });
    void engine.outbox.wake();
    engine.attaching.wake();
    if (engine.store.get().history === "failed") void engine.history.loadLatest();
  }

  function happened(event: LiveEvent) {
    const { line, store, bridge, seen } = engine;
    line.moveTo(event.position);
    const isUnknown = event.type === "message_posted" && event.conversation_id !== store.get().conversation?.id;
    store.dispatch({ type: "event", event });
    if (isUnknown) void meet(event.conversation_id);
    if (event.type === "message_posted") spoken(event);
    if (event.type === "conversation_status_changed") {
      bridge.tell({ type: "conversation", id: event.conversation_id, status: event.status });
    }
    seen.tellUnread();
  }

  function spoken({ message, conversation_id }: LiveEvent & { type: "message_posted" }) {
    engine.bridge.tell({ type: "message", author: message.author.kind, conversation_id });
    if (message.author.kind === "visitor") return;
    const { isOpen, isMuted } = engine.store.get();
    const isWatched = isOpen && document.visibilityState === "visible";
    if (engine.line.tabs?.isLeader() && !isWatched) {
      if (!isMuted) beep();
      engine.line.live?.seen(conversation_id, message.seq, "delivered");
    }
    engine.seen.mark();
  }

  /** An agent wrote where this tab was not looking: look there, unless something else is going on. */
  async function meet(id: string) {
    const { store, history, entrance } = engine;
    const now = store.get().conversation;
    if (now && now.status !== "resolved" && now.status !== "archived") return;
    const found = (await history.conversations().catch(() => [])).find((one) => one.id === id);
    if (!found) return;
    store.dispatch({ type: "began_anew" });
    store.dispatch({ type: "entered", visitor: store.get().visitor!, conversation: found });
    void entrance.follow();
  }

  return { hear };
}
