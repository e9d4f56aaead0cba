/**
 * The rules by which events change what a screen shows, with no screen and no network.
 *
 * Promises: pure, total and idempotent: the same event twice gives the same state, an
 * event about something unknown leaves the state alone (and names it as missing), and what
 * did not change keeps its identity, so views compare by reference.
 */

import { previewOf } from "./preview";
import type {
  Contact,
  Conversation,
  ConversationStatus,
  Delivery,
  File,
  LiveEvent,
  Message,
  Position,
  Receipts,
  Side,
  VisitorConversation,
} from "./types";

// Receipts --------------------------------------------------------------------------------

type ReceiptKey = keyof Receipts;

/** Forward only; what is read has been delivered. */
export function moveReceipt(old: Receipts, side: Side, state: "delivered" | "read", seq: number): Receipts {
  const delivered: ReceiptKey = `${side}_delivered_seq`;
  const read: ReceiptKey = `${side}_read_seq`;
  const next = { ...old, [delivered]: Math.max(old[delivered], seq) };
  if (state === "read") next[read] = Math.max(old[read], seq);
  return next[delivered] === old[delivered] && next[read] === old[read] ? old : next;
}

/** Whose receipts count for a message is the side that did not write it. */
export function deliveryOf(message: Pick<Message, "author" | "seq" | "extra">, receipts: Receipts): Delivery {
  if (message.extra?.delivery) return message.extra.delivery;
  const reader: Side = message.author.kind === "visitor" ? "agent" : "visitor";
  if (message.seq <= receipts[`${reader}_read_seq`]) return "read";
  return message.seq <= receipts[`${reader}_delivered_seq`] ? "delivered" : "sent";
}

function ownSide(message: Message): Side | null {
  if (message.author.kind === "visitor") return "visitor";
  // A bot answers for nobody: people have still not read the visitor's words.
  return message.author.kind === "agent" && message.visibility === "public" ? "agent" : null;
}

// One conversation, as agents see it --------------------------------------------------------

export function reduceConversation(old: Conversation, event: LiveEvent): Conversation {
  switch (event.type) {
    case "message_posted":
      return event.conversation_id === old.id ? withMessage(old, event.message, event.seq) : old;
    case "message_changed":
      return event.conversation_id === old.id ? withChanged(old, event.message) : old;
    case "conversation_window_changed":
      return event.conversation_id === old.id ? { ...old, window: event.window } : old;
    case "conversation_contact_changed":
      return event.conversation_id === old.id ? { ...old, contact: event.contact } : old;
    case "conversation_opened":
      return event.conversation.id === old.id && event.conversation.last_seq >= old.last_seq
        ? event.conversation
        : old;
    case "conversation_status_changed":
      if (event.conversation_id !== old.id || old.status === event.status) return old;
      return { ...old, status: event.status, updated_at: event.at };
    case "conversation_assigned":
      if (event.conversation_id !== old.id || old.assignee?.id === event.assignee?.id) return old;
      return { ...old, assignee: event.assignee, updated_at: event.at };
    case "conversation_context_changed":
      return event.conversation_id === old.id ? { ...old, context: event.context, updated_at: event.at } : old;
    case "contact_changed":
      return event.contact.id === old.contact.id ? { ...old, contact: event.contact } : old;
    case "receipt_moved": {
      if (event.conversation_id !== old.id) return old;
      const receipts = moveReceipt(old.receipts, event.side, event.state, event.seq);
      const unread = event.side === "agent" ? event.unread : old.unread;
      return receipts === old.receipts && unread === old.unread ? old : { ...old, receipts, unread };
    }
    default:
      return old;
  }
}

function withMessage(old: Conversation, message: Message, seq: number): Conversation {
  if (seq <= old.last_seq) return old;
  const moved = { ...old, last_seq: seq, updated_at: message.created_at };
  if (message.visibility === "note") return moved;
  const side = ownSide(message);
  return {
    ...moved,
    last_message_at: message.created_at,
    preview: previewOf(message),
    last_author: message.author.kind,
    unread: side === "visitor" ? old.unread + 1 : side === "agent" ? 0 : old.unread,
    receipts: side ? moveReceipt(old.receipts, side, "read", seq) : old.receipts,
  };
}

/** The row shows the last message: other words there are other words here. */
function withChanged(old: Conversation, message: Message): Conversation {
  if (message.seq !== old.last_seq || message.visibility === "note") return old;
  const shown = previewOf(message);
  return shown === old.preview ? old : { ...old, preview: shown };
}

// The agents' list --------------------------------------------------------------------------

export interface InboxState {
  conversations: ReadonlyMap<string, Conversation>;
  /** Named by an event but not known here: fetch each, then `learn` it. */
  missing: ReadonlySet<string>;
  position: Position | null;
}

export const emptyInbox: InboxState = { conversations: new Map(), missing: new Set(), position: null };

export function reduceInbox(state: InboxState, event: LiveEvent): InboxState {
  const moved = { ...state, position: event.position };
  if (event.type === "contact_changed") return withContact(moved, event);
  if (event.type === "conversation_deleted") return without(moved, event.conversation_id);
  if (event.type === "conversation_opened") {
    return state.conversations.has(event.conversation.id) ? touch(moved, event.conversation.id, event) : learn(moved, [event.conversation]);
  }
  return "conversation_id" in event ? touch(moved, event.conversation_id, event) : moved;
}

function without(state: InboxState, id: string): InboxState {
  if (!state.conversations.has(id) && !state.missing.has(id)) return state;
  const conversations = new Map(state.conversations);
  const missing = new Set(state.missing);
  conversations.delete(id);
  missing.delete(id);
  return { ...state, conversations, missing };
}

function touch(state: InboxState, id: string, event: LiveEvent): InboxState {
  const old = state.conversations.get(id);
  if (!old) return state.missing.has(id) ? state : { ...state, missing: new Set(state.missing).add(id) };
  const next = reduceConversation(old, event);
  return next === old ? state : { ...state, conversations: new Map(state.conversations).set(id, next) };
}

function withContact(state: InboxState, event: LiveEvent & { type: "contact_changed" }): InboxState {
  const conversations = new Map(state.conversations);
  let changed = false;
  for (const [id, old] of conversations) {
    const next = reduceConversation(old, event);
    if (next === old) continue;
    conversations.set(id, next);
    changed = true;
  }
  return changed ? { ...state, conversations } : state;
}

/** Conversations from a list or a single fetch. An older copy never replaces a newer one. */
export function learn(state: InboxState, found: Conversation[], position?: Position): InboxState {
  const conversations = new Map(state.conversations);
  const missing = new Set(state.missing);
  for (const one of found) {
    const old = conversations.get(one.id);
    if (!old || one.last_seq >= old.last_seq) conversations.set(one.id, one);
    missing.delete(one.id);
  }
  return { conversations, missing, position: position ?? state.position };
}

export interface InboxView {
  view: "all" | "mine" | "unassigned";
  status: ConversationStatus | "all";
  sort: "newest" | "oldest";
  me: string;
  source?: string;
}

/** The rows of one view, in the server's order. */
export function rowsOf(state: InboxState, view: InboxView): Conversation[] {
  const sign = view.sort === "oldest" ? 1 : -1;
  return [...state.conversations.values()]
    .filter((one) => isInView(one, view))
    .sort((a, b) => sign * (compare(a.last_message_at, b.last_message_at) || compare(a.id, b.id)));
}

export function isInView(one: Conversation, view: InboxView): boolean {
  if (view.status !== "all" && one.status !== view.status) return false;
  if (view.source && one.source !== view.source) return false;
  if (view.view === "mine") return one.assignee?.id === view.me;
  return view.view !== "unassigned" || one.assignee === null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// One thread ----------------------------------------------------------------------------------

export interface ThreadState {
  conversation_id: string;
  /** Ascending by `seq`, no repeats. */
  messages: readonly Message[];
  receipts: Receipts;
  /** Older messages exist on the server. */
  has_more: boolean;
  /** Seqs after this one were skipped by what arrived: fetch `after_seq`. Agents see every seq; visitors do not (notes), so theirs is always null. */
  gap_after: number | null;
}

export const noReceipts: Receipts = {
  visitor_delivered_seq: 0,
  visitor_read_seq: 0,
  agent_delivered_seq: 0,
  agent_read_seq: 0,
};

export function emptyThread(conversation_id: string, receipts: Receipts = noReceipts): ThreadState {
  return { conversation_id, messages: [], receipts, has_more: false, gap_after: null };
}

/** A thread whose seqs are dense (agents'): a jump means something is missing. */
export function reduceThread(state: ThreadState, event: LiveEvent): ThreadState {
  return reduceMessages(state, event, true);
}

/** A visitor's thread: notes are not in it, so its seqs may jump. */
export function reduceVisitorThread(state: ThreadState, event: LiveEvent): ThreadState {
  if (event.type === "message_posted" && event.message.visibility === "note") return state;
  return reduceMessages(state, event, false);
}

function reduceMessages(state: ThreadState, event: LiveEvent, isDense: boolean): ThreadState {
  if (!("conversation_id" in event) || event.conversation_id !== state.conversation_id) return state;
  if (event.type === "receipt_moved") {
    return withReceipts(state, moveReceipt(state.receipts, event.side, event.state, event.seq));
  }
  if (event.type === "message_changed") return withReplaced(state, event.message);
  if (event.type === "file_changed") return withFile(state, event.seq, event.file);
  if (event.type === "conversation_deleted") return state.messages.length ? emptyThread(state.conversation_id) : state;
  return event.type === "message_posted" ? withPosted(state, event, isDense) : state;
}

function withPosted(state: ThreadState, event: LiveEvent & { type: "message_posted" }, isDense: boolean): ThreadState {
  const last = state.messages.at(-1)?.seq ?? null;
  const jumped = isDense && last !== null && event.seq > last + 1;
  const side = ownSide(event.message);
  const receipts = side ? moveReceipt(state.receipts, side, "read", event.seq) : state.receipts;
  const next = withReceipts(addMessages(state, [event.message]), receipts);
  return jumped ? { ...next, gap_after: Math.min(next.gap_after ?? last, last) } : next;
}

/** The event carries all of the message; one that is not here is not added. */
function withReplaced(state: ThreadState, message: Message): ThreadState {
  if (!state.messages.some((one) => one.seq === message.seq)) return state;
  const replaced = derived(message, state.receipts);
  return { ...state, messages: state.messages.map((one) => (one.seq === message.seq ? replaced : one)) };
}

/** One file of one message, replaced; nothing else. */
function withFile(state: ThreadState, seq: number, file: File): ThreadState {
  const message = state.messages.find((one) => one.seq === seq);
  const known = message?.files.find((one) => one.id === file.id);
  if (!message || !known || isSameFile(known, file)) return state;
  const files = message.files.map((one) => (one === known ? file : one));
  return { ...state, messages: state.messages.map((one) => (one === message ? { ...one, files } : one)) };
}

function isSameFile(a: File, b: File): boolean {
  return (Object.keys(b) as (keyof File)[]).every((key) => key === "findings" || a[key] === b[key]) && a.findings.join() === b.findings.join();
}

/** Messages from a page, an answer or an event; order and repeats do not matter. */
export function addMessages(state: ThreadState, found: readonly Message[]): ThreadState {
  const bySeq = new Map(state.messages.map((message) => [message.seq, message]));
  let changed = false;
  for (const message of found) {
    if (message.conversation_id !== state.conversation_id || bySeq.has(message.seq)) continue;
    bySeq.set(message.seq, derived(message, state.receipts));
    changed = true;
  }
  if (!changed) return state;
  return { ...state, messages: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

/** A page of history, with what it says about older ones. */
export function addPage(
  state: ThreadState,
  page: { items: readonly Message[]; has_more: boolean },
  direction: "before" | "after" | "latest",
): ThreadState {
  const next = addMessages(state, page.items);
  if (direction !== "after") return next.has_more === page.has_more ? next : { ...next, has_more: page.has_more };
  if (next.gap_after === null) return next;
  // Filled only when the page reached what was there already; else the rest is still to come.
  return { ...next, gap_after: page.has_more ? (page.items.at(-1)?.seq ?? next.gap_after) : null };
}

export function withReceipts(state: ThreadState, receipts: Receipts): ThreadState {
  if (receipts === state.receipts) return state;
  return { ...state, receipts, messages: state.messages.map((message) => derived(message, receipts)) };
}

function derived(message: Message, receipts: Receipts): Message {
  const delivery = message.extra?.delivery ?? furthest(message.delivery, deliveryOf(message, receipts));
  return delivery === message.delivery ? message : { ...message, delivery };
}

const RANK: Record<Delivery, number> = { queued: 0, sent: 1, delivered: 2, read: 3, failed: 4 };

function furthest(a: Delivery, b: Delivery): Delivery {
  return RANK[a] >= RANK[b] ? a : b;
}

// One conversation, as its visitor sees it -----------------------------------------------------

export function reduceVisitorConversation(old: VisitorConversation, event: LiveEvent): VisitorConversation {
  if (!("conversation_id" in event) || event.conversation_id !== old.id) return old;
  switch (event.type) {
    case "message_posted":
      return withVisitorMessage(old, event.message, event.seq);
    case "conversation_status_changed":
      return old.status === event.status ? old : { ...old, status: event.status, updated_at: event.at };
    case "conversation_assigned":
      return { ...old, assignee: event.assignee && { name: event.assignee.name }, updated_at: event.at };
    case "conversation_context_changed":
      return { ...old, context: event.context, updated_at: event.at };
    case "receipt_moved": {
      const receipts = moveReceipt(old.receipts, event.side, event.state, event.seq);
      const unread = event.side === "visitor" ? event.unread : old.unread;
      return receipts === old.receipts && unread === old.unread ? old : { ...old, receipts, unread };
    }
    default:
      return old;
  }
}

function withVisitorMessage(old: VisitorConversation, message: Message, seq: number): VisitorConversation {
  if (seq <= old.last_seq || message.visibility === "note") return old;
  const side = ownSide(message);
  return {
    ...old,
    last_seq: seq,
    updated_at: message.created_at,
    unread: side === "visitor" ? 0 : old.unread + 1,
    receipts: side ? moveReceipt(old.receipts, side, "read", seq) : old.receipts,
  };
}

/** All conversations of a visitor; a deleted one leaves the list. */
export function reduceVisitorList(old: readonly VisitorConversation[], event: LiveEvent): readonly VisitorConversation[] {
  if (event.type === "conversation_deleted") {
    return old.some((one) => one.id === event.conversation_id) ? old.filter((one) => one.id !== event.conversation_id) : old;
  }
  const next = old.map((one) => reduceVisitorConversation(one, event));
  return next.every((one, i) => one === old[i]) ? old : next;
}

// People ---------------------------------------------------------------------------------------

/** A contact's name for a row, from the best that is known. */
export function contactLabel(contact: Pick<Contact, "name" | "email" | "phone">): string | null {
  return contact.name || contact.email || contact.phone || null;
}
