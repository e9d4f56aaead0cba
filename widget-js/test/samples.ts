/** Conversations, messages and events with sensible values; a test names what matters to it. */

import type { Author, Conversation, File, LiveEvent, Message, VisitorConversation } from "../wire/types";

export const visitor: Author = { kind: "visitor", id: "con_1", name: "Vera" };
export const agent: Author = { kind: "agent", id: "agt_1", name: "Ada" };
const receipts = { visitor_delivered_seq: 0, visitor_read_seq: 0, agent_delivered_seq: 0, agent_read_seq: 0 };

export function message(seq: number, given: Partial<Message> = {}): Message {
  return {
    id: `msg_${seq}`,
    conversation_id: "cnv_1",
    seq,
    client_id: `c${seq}`,
    author: visitor,
    body: `words ${seq}`,
    files: [],
    visibility: "public",
    delivery: "sent",
    reply_to: null,
    extra: null,
    created_at: `2026-11-21T10:00:${String(seq).padStart(2, "0")}.000Z`,
    ...given,
  };
}

export function file(id: string, given: Partial<File> = {}): File {
  return {
    id,
    name: `${id}.pdf`,
    kind: "document",
    media_type: "application/pdf",
    bytes: 1000,
    width: null,
    height: null,
    state: "ready",
    reason: null,
    scan: "off",
    findings: [],
    created_at: "2026-11-21T10:00:00.000Z",
    ...given,
  };
}

export function posted(seq: number, given: Partial<Message> = {}): LiveEvent {
  const one = message(seq, given);
  return { type: "message_posted", conversation_id: one.conversation_id, seq, message: one, position: `p${seq}`, at: one.created_at };
}

export function conversation(given: Partial<Conversation> = {}): Conversation {
  return {
    id: "cnv_1",
    source: "website",
    status: "open",
    widget: { id: "wgt_1", name: "Shop" },
    channel: null,
    window: null,
    group: null,
    contact: {
      id: "con_1",
      name: "Vera",
      email: null,
      phone: null,
      verified: false,
      attributes: {},
      page: null,
      locale: null,
      created_at: "2026-11-21T10:00:00.000Z",
      last_seen_at: "2026-11-21T10:00:00.000Z",
    },
    assignee: null,
    preview: "",
    last_author: "visitor",
    unread: 0,
    last_seq: 0,
    last_message_at: "2026-11-21T10:00:00.000Z",
    context: null,
    receipts,
    created_at: "2026-11-21T10:00:00.000Z",
    updated_at: "2026-11-21T10:00:00.000Z",
    ...given,
  };
}

export function visitorConversation(given: Partial<VisitorConversation> = {}): VisitorConversation {
  return {
    id: "cnv_1",
    status: "open",
    assignee: null,
    unread: 0,
    last_seq: 0,
    receipts,
    context: null,
    created_at: "2026-11-21T10:00:00.000Z",
    updated_at: "2026-11-21T10:00:00.000Z",
    ...given,
  };
}
