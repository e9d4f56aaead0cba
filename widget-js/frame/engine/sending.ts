/** From the outbox to the server, and what an acknowledgement changes. */

import type { OutboxItem } from "../../wire/outbox";
import { Problem } from "../../wire/rest";
import { fileIds } from "../../wire/upload_message";
import type { Opened, Posted } from "../../wire/types";
import type { Words } from "../state";
import { API } from "./api";
import type { Engine } from "./engine";

export type Sent = { opened: Opened } | { posted: Posted };

const LANE = "chat";

export interface Sending {
  say(body: string): void;
  send(item: OutboxItem<Words>): Promise<Sent>;
  sent(sent: Sent): void;
  /** A conversation was begun, here or in another tab. */
  adopt(opened: Omit<Opened, "handle">): void;
}

export function createSending(engine: Engine): Sending {
  function say(body: string) {
    const { conversation, page, context } = engine.store.get();
    const isArchived = conversation?.status === "archived";
    const conversation_id = isArchived ? null : (conversation?.id ?? null);
    const files = engine.attaching.take();
    if (!body && !files.length) return;
    void engine.outbox.add({ body, conversation_id, page, context, ...(files.length && { files }) }, LANE);
    engine.typing.tell(false);
  }

  async function send(item: OutboxItem<Words>): Promise<Sent> {
    await engine.session.token();
    const { body, conversation_id } = item.payload;
    if (!conversation_id) return open(item);
    try {
      const path = `${API}/conversations/${conversation_id}/messages`;
      return { posted: await engine.rest.post<Posted>(path, { client_id: item.client_id, body, ...ids(item.payload) }) };
    } catch (error) {
      // Closed for good or gone: the words are still worth saying, in a new one.
      const isGone = error instanceof Problem && (error.status === 404 || error.code === "conversation_archived");
      if (!isGone) throw error;
      return open(item);
    }
  }

  async function open({ client_id, payload }: OutboxItem<Words>): Promise<Sent> {
    const { body, context, page } = payload;
    const words = { client_id, body, ...ids(payload), ...(context && { context }), ...(page && { page }) };
    return { opened: await engine.rest.post<Opened>(`${API}/conversations`, words) };
  }

  function sent(answer: Sent) {
    engine.change({ isOffline: false });
    // Words got through, so the socket will too.
    engine.line.live?.wake();
    if ("posted" in answer) return engine.store.dispatch({ type: "posted", posted: answer.posted });
    const { handle, ...opened } = answer.opened;
    if (handle) engine.keep.set("handle", handle);
    adopt(opened);
    engine.line.tabs?.post({ type: "opened", opened });
    engine.profile.save();
  }

  function adopt({ conversation, message, position }: Omit<Opened, "handle">) {
    const isNew = engine.store.get().conversation?.id !== conversation.id;
    engine.store.dispatch({ type: "opened", conversation, message });
    if (!isNew) return;
    engine.bridge.tell({ type: "conversation", id: conversation.id, status: conversation.status });
    engine.line.startFrom(position);
    engine.change({ history: "ready" });
    void engine.entrance.follow();
  }

  return { say, send, sent, adopt };
}

function ids(payload: Words) {
  const file_ids = fileIds(payload);
  return file_ids.length ? { file_ids } : {};
}

/** No network, no ticket, no session yet: the words wait. A refused origin waits for a person. */
export function isTemporary(error: unknown): boolean {
  return !(error instanceof Problem) || error.temporary || error.status === 401;
}
