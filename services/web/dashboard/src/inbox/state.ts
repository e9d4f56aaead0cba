/**
 * Everything the inbox shows, as plain data. What the server says goes through wire's reducers; what is here besides is
 * how far each list and thread has been loaded, what waits to be sent, and the signals that nobody keeps.
 */
import {
  addPage,
  emptyInbox,
  emptyThread,
  reduceConversation,
  reduceInbox,
  reduceThread,
  withReceipts,
  type AttachedFile,
  type Content,
  type Conversation,
  type InboxState,
  type LiveEvent,
  type LiveSignal,
  type LiveState,
  type MessagePage,
  type OutboxItem,
  type StopReason,
  type ThreadState,
  type Unread,
  type Upload,
  type Visibility,
} from "wire";
import type { Filter } from "../router.ts";
import { hasWords, type Draft } from "./drafts.ts";

export interface Words {
  conversation_id: string;
  body: string;
  visibility: Visibility;
  /** What an earlier version kept has none. */
  files?: readonly AttachedFile[];
  /** What it answers, with enough of it to show it. */
  answers?: { id: string; name: string; brief: string };
  /** What goes with it that is neither words nor a file. */
  content?: Content;
}

export type Waiting = OutboxItem<Words>;

export interface ListState {
  phase: "loading" | "ready" | "failed";
  more: "idle" | "loading" | "failed";
  cursor: string | null;
  /** The last row the server gave: rows beyond it belong to pages not loaded yet. */
  edge: { at: string; id: string } | null;
  error: unknown;
}

export interface ThreadView {
  thread: ThreadState;
  phase: "loading" | "ready" | "failed" | "missing";
  older: "idle" | "loading" | "failed";
  /** The first message nobody had read when the thread was opened. */
  unreadFrom: number | null;
  /** A message somebody wants to be taken to. */
  sought: number | null;
  error: unknown;
}

export type Presence = "online" | "away" | "offline";
export interface Person {
  id: string;
  name: string;
}

export interface State {
  inbox: InboxState;
  lists: ReadonlyMap<string, ListState>;
  threads: ReadonlyMap<string, ThreadView>;
  waiting: readonly Waiting[];
  uploads: readonly Upload[];
  /** Ids of uploads not sent yet, by conversation and mode. */
  trays: ReadonlyMap<string, readonly string[]>;
  typing: ReadonlyMap<string, readonly (Person & { kind: string })[]>;
  viewing: ReadonlyMap<string, readonly Person[]>;
  presence: ReadonlyMap<string, Presence>;
  visitors: ReadonlyMap<string, "online" | "offline">;
  unread: Unread | null;
  drafts: ReadonlySet<string>;
  connection: { state: LiveState; reason: StopReason | null; wasOnline: boolean };
  selected: ReadonlySet<string>;
}

export const emptyState: State = {
  inbox: emptyInbox,
  lists: new Map(),
  threads: new Map(),
  waiting: [],
  uploads: [],
  trays: new Map(),
  typing: new Map(),
  viewing: new Map(),
  presence: new Map(),
  visitors: new Map(),
  unread: null,
  drafts: new Set(),
  connection: { state: "idle", reason: null, wasOnline: false },
  selected: new Set(),
};

export const listKey = (filter: Filter): string => `${filter.view} ${filter.status} ${filter.assignee ?? ""} ${filter.sort} ${filter.source}`;

export const freshList: ListState = { phase: "loading", more: "idle", cursor: null, edge: null, error: null };

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): ReadonlyMap<K, V> {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}

export function applyEvent(state: State, event: LiveEvent): State {
  const inbox = reduceInbox(state.inbox, event);
  const next = { ...state, inbox };
  if (!("conversation_id" in event)) return next;
  if (event.type === "conversation_deleted") return withoutConversation(next, event.conversation_id);
  const view = state.threads.get(event.conversation_id);
  if (!view) return next;
  const thread = reduceThread(view.thread, event);
  if (thread !== view.thread) next.threads = withEntry(state.threads, event.conversation_id, { ...view, thread });
  if (event.type === "message_posted") next.typing = stopTyping(state.typing, event.conversation_id, event.message.author.id);
  return next;
}

function withoutConversation(state: State, id: string): State {
  const selected = new Set(state.selected);
  const drafts = new Set(state.drafts);
  selected.delete(id);
  drafts.delete(id);
  const old = state.threads.get(id);
  const gone: ThreadView | undefined = old && { ...old, thread: emptyThread(id), phase: "missing", unreadFrom: null, sought: null };
  return { ...state, selected, drafts, threads: withEntry(state.threads, id, gone), typing: withEntry(state.typing, id, undefined) };
}

/** Files that wait to be sent are a draft too. */
export const hasTray = (state: State, conversation: string): boolean =>
  state.trays.size > 0 && (state.trays.has(`${conversation} reply`) || state.trays.has(`${conversation} note`));

/** The list says where somebody has begun to write. */
export function markDraft(state: State, conversation: string, draft: Draft): State {
  const has = hasWords(draft);
  if (state.drafts.has(conversation) === has) return state;
  const drafts = new Set(state.drafts);
  if (has) drafts.add(conversation);
  else drafts.delete(conversation);
  return { ...state, drafts };
}

/** A change this person made, shown before the server has said so; the position is not ours to move. */
export function applyOwn(state: State, event: LiveEvent): State {
  if (!("conversation_id" in event)) return state;
  const old = state.inbox.conversations.get(event.conversation_id);
  if (!old) return state;
  return replaceConversation(state, reduceConversation(old, event));
}

export function replaceConversation(state: State, conversation: Conversation): State {
  if (state.inbox.conversations.get(conversation.id) === conversation) return state;
  const conversations = withEntry(state.inbox.conversations, conversation.id, conversation);
  return { ...state, inbox: { ...state.inbox, conversations } };
}

export function applySignal(state: State, signal: LiveSignal): State {
  if (signal.type === "typing") {
    const { id, name, kind } = signal.author;
    const others = stopTyping(state.typing, signal.conversation_id, id);
    const now = others.get(signal.conversation_id) ?? [];
    if (!signal.on) return { ...state, typing: others };
    return { ...state, typing: withEntry(others, signal.conversation_id, [...now, { id: id ?? "visitor", name, kind }]) };
  }
  if (signal.type === "viewing") {
    return { ...state, viewing: withEntry(state.viewing, signal.conversation_id, signal.agents) };
  }
  if (signal.agents) return { ...state, presence: new Map(signal.agents.map((agent) => [agent.id, agent.state])) };
  if (signal.conversation_id && signal.visitor) {
    return { ...state, visitors: withEntry(state.visitors, signal.conversation_id, signal.visitor) };
  }
  return state;
}

function stopTyping(typing: State["typing"], conversation: string, author: string | null): State["typing"] {
  const now = typing.get(conversation);
  if (!now) return typing;
  const rest = now.filter((person) => person.id !== (author ?? "visitor"));
  return rest.length === now.length ? typing : withEntry(typing, conversation, rest.length ? rest : undefined);
}

export function threadOpened(state: State, conversation: Conversation | undefined, id: string): State {
  if (state.threads.has(id)) return state;
  const receipts = conversation?.receipts;
  const view: ThreadView = {
    thread: receipts ? emptyThread(id, receipts) : emptyThread(id),
    phase: "loading",
    older: "idle",
    unreadFrom: null,
    sought: null,
    error: null,
  };
  return { ...state, threads: withEntry(withoutOldest(state.threads), id, view) };
}

const KEPT = 40;

/** Memory stays flat over a long day: a thread that was opened long ago is loaded again when it is wanted. */
function withoutOldest(threads: State["threads"]): State["threads"] {
  const [oldest] = threads.keys();
  return threads.size < KEPT || oldest === undefined ? threads : withEntry(threads, oldest, undefined);
}

export function threadLoaded(state: State, conversation: Conversation, page: MessagePage): State {
  const old = state.threads.get(conversation.id);
  if (!old) return state;
  const thread = addPage(withReceipts(old.thread, conversation.receipts), page, "latest");
  const unreadFrom = old.unreadFrom ?? firstUnread(thread, conversation);
  return { ...state, threads: withEntry(state.threads, conversation.id, { ...old, thread, phase: "ready", unreadFrom }) };
}

/** Where the line "New" stands when somebody opens a thread that was kept: above what came since, or nowhere. */
export function threadRevisited(state: State, id: string): State {
  const conversation = state.inbox.conversations.get(id);
  if (!conversation) return state;
  return changeThread(state, id, (view) => ({ ...view, unreadFrom: firstUnread(view.thread, conversation) }));
}

function firstUnread(thread: ThreadState, conversation: Conversation): number | null {
  if (conversation.unread === 0) return null;
  const read = conversation.receipts.agent_read_seq;
  return thread.messages.find((message) => message.seq > read && message.author.kind === "visitor")?.seq ?? null;
}

export function changeThread(state: State, id: string, change: (view: ThreadView) => ThreadView): State {
  const old = state.threads.get(id);
  return old ? { ...state, threads: withEntry(state.threads, id, change(old)) } : state;
}

export function changeList(state: State, key: string, change: (list: ListState) => ListState): State {
  return { ...state, lists: withEntry(state.lists, key, change(state.lists.get(key) ?? freshList)) };
}
