/** What an event of the log sets in motion, beyond what it changes on the screen. */
import type { LiveEvent } from "wire";
import { session } from "../session.ts";
import type { Core, EventOf } from "./core.ts";
import type { Lists } from "./lists.ts";
import type { Sending } from "./sending.ts";
import { applyEvent } from "./state.ts";
import type { Threads } from "./threads.ts";

export interface Hearing {
  hear(event: LiveEvent): void;
  listen(heard: (event: LiveEvent) => void): () => void;
}

interface Parts {
  lists: Lists;
  threads: Threads;
  sending: Sending;
}

export function hearing(core: Core, parts: Parts): Hearing {
  const listeners = new Set<(event: LiveEvent) => void>();
  return {
    listen: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    hear(event) {
      core.store.set((state) => applyEvent(state, event));
      if (core.store.get().inbox.missing.size) parts.lists.fetchMissing();
      parts.threads.fillGaps();
      if (countsMove(event)) parts.lists.countSoon();
      if (event.type === "message_posted") received(core, event);
      if (event.type === "file_changed") core.files.uploads.heard(event.file);
      if (event.type === "conversation_deleted") forget(core, parts, event.conversation_id);
      if (event.type === "session_ended") void session.fresh(true).catch(() => undefined);
      for (const listener of listeners) listener(event);
    },
  };
}

function received(core: Core, event: EventOf<"message_posted">) {
  if (event.message.author.kind === "visitor" && core.mayWrite) core.live().seen(event.conversation_id, event.seq, "delivered");
}

/** What was begun for a conversation that is gone goes with it. */
function forget(core: Core, { sending }: Parts, id: string) {
  sending.drop(id);
  core.files.trays.drop(id);
  core.drafts.forget(id);
}

function countsMove(event: LiveEvent): boolean {
  return (
    event.type === "message_posted" ||
    event.type === "conversation_opened" ||
    event.type === "conversation_assigned" ||
    event.type === "conversation_status_changed" ||
    event.type === "conversation_deleted" ||
    (event.type === "receipt_moved" && event.side === "agent")
  );
}
