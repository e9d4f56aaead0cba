/** Everything the panel shows, and the one function that changes it. */

import type { FileRefusal } from "../wire/file_rules";
import {
  addMessages,
  addPage,
  emptyThread,
  reduceVisitorConversation,
  reduceVisitorList,
  reduceVisitorThread,
  withReceipts,
  type ThreadState,
} from "../wire/inbox";
import type { OutboxItem } from "../wire/outbox";
import type { LiveState } from "../wire/socket";
import type { Upload } from "../wire/upload";
import type { AttachedFile } from "../wire/upload_message";
import type {
  Author,
  Context,
  FileRules,
  LiveEvent,
  MessagePage,
  Message,
  Page,
  Posted,
  Theme,
  Visitor,
  VisitorConversation,
  WidgetConfig,
} from "../wire/types";
import type { FilePart } from "./files";

/** What a message in the outbox says beyond its id. */
export interface Words {
  body: string;
  /** Where it was written; null begins a conversation. */
  conversation_id: string | null;
  page: Page | null;
  context: Context | null;
  files?: readonly AttachedFile[];
}

export type Phase = "starting" | "ready" | "refused" | "suspended";
export type Screen = "chat" | "past" | "reading";

export interface ChatState {
  config: WidgetConfig;
  locale: string;
  theme: Theme | null;
  phase: Phase;
  /** The server could not be reached at the last try, by whatever way. */
  isOffline: boolean;
  link: LiveState;
  /** Somebody of the team is there. */
  isTeamOnline: boolean;
  visitor: Visitor | null;
  conversation: VisitorConversation | null;
  thread: ThreadState | null;
  history: "none" | "loading" | "ready" | "failed";
  outbox: readonly OutboxItem<Words>[];
  typing: Author | null;
  /** Origin of the page around us. */
  host: string;
  page: Page | null;
  context: Context | null;
  isOpen: boolean;
  /** Grows each time the focus should come here. */
  focusOn: number;
  isFull: boolean;
  screen: Screen;
  /** All conversations; null while they load. */
  past: readonly VisitorConversation[] | null;
  reading: ThreadState | null;
  /** The visitor has answered or dismissed the question for name and e-mail. */
  hasAnsweredAsk: boolean;
  isMuted: boolean;
  /** What may be attached; null until there is a session. */
  rules: FileRules | null;
  uploads: readonly Upload[];
  /** Uploads that the composer holds for the next message. */
  drafts: readonly string[];
  refusals: readonly FileRefusal[];
  /** What does everything with files, once it has come. */
  part: FilePart | null;
  /** Something was chosen, and the part did not come yet. */
  isFetchingPart: boolean;
}

export type Action =
  | { type: "changed"; change: Partial<ChatState> }
  | { type: "event"; event: LiveEvent }
  | { type: "entered"; visitor: Visitor; conversation: VisitorConversation | null }
  | { type: "opened"; conversation: VisitorConversation; message: Message }
  | { type: "posted"; posted: Posted }
  | { type: "page_loaded"; page: MessagePage; conversation_id: string; direction: "before" | "after" | "latest" }
  | { type: "began_anew" };

export function initialState(config: WidgetConfig): ChatState {
  return {
    config,
    locale: "en",
    theme: null,
    phase: "starting",
    isOffline: false,
    link: "idle",
    isTeamOnline: config.online,
    visitor: null,
    conversation: null,
    thread: null,
    history: "none",
    outbox: [],
    typing: null,
    host: "",
    page: null,
    context: null,
    isOpen: false,
    focusOn: 0,
    isFull: false,
    screen: "chat",
    past: null,
    reading: null,
    hasAnsweredAsk: false,
    isMuted: false,
    rules: null,
    uploads: [],
    drafts: [],
    refusals: [],
    part: null,
    isFetchingPart: false,
  };
}

export function reduce(state: ChatState, action: Action): ChatState {
  switch (action.type) {
    case "changed":
      return { ...state, ...action.change };
    case "event":
      return withEvent(state, action.event);
    case "entered":
      return withConversation({ ...state, phase: "ready", isOffline: false, visitor: action.visitor }, action.conversation);
    case "opened":
      return withMessage(withConversation(state, action.conversation), action.message);
    case "posted":
      return withMessage(state, action.posted.message);
    case "page_loaded":
      return withPage(state, action);
    case "began_anew":
      return { ...state, conversation: null, thread: null, history: "none", typing: null, screen: "chat" };
  }
}

function withConversation(state: ChatState, conversation: VisitorConversation | null): ChatState {
  if (!conversation) return state;
  if (state.conversation?.id === conversation.id) {
    const isOlder = conversation.last_seq < state.conversation.last_seq;
    if (isOlder || !state.thread) return state;
    return { ...state, conversation, thread: withReceipts(state.thread, conversation.receipts) };
  }
  return { ...state, conversation, thread: emptyThread(conversation.id, conversation.receipts), typing: null };
}

/** Our own words, acknowledged: the same change the event will bring, a moment earlier. */
function withMessage(state: ChatState, message: Message): ChatState {
  const event: LiveEvent = {
    type: "message_posted",
    conversation_id: message.conversation_id,
    seq: message.seq,
    message,
    position: "",
    at: message.created_at,
  };
  const next = withEvent(state, event);
  const reopens = next.conversation?.status === "resolved" || next.conversation?.status === "snoozed";
  if (!reopens || next.conversation?.id !== message.conversation_id) return next;
  return { ...next, conversation: { ...next.conversation, status: "open" } };
}

function withEvent(state: ChatState, event: LiveEvent): ChatState {
  if (event.type === "conversation_deleted") return withoutConversation(state, event);
  const conversation = state.conversation && reduceVisitorConversation(state.conversation, event);
  const thread = state.thread && reduceVisitorThread(state.thread, event);
  const reading = state.reading && event.type === "file_changed" ? reduceVisitorThread(state.reading, event) : state.reading;
  const past = state.past && reduceVisitorList(state.past, event);
  const hasSpoken = event.type === "message_posted" && event.message.author.kind !== "visitor";
  return { ...state, conversation, thread, reading, past, typing: hasSpoken ? null : state.typing };
}

/** Erased on somebody's wish: nothing of it stays on a screen. */
function withoutConversation(state: ChatState, event: LiveEvent & { type: "conversation_deleted" }): ChatState {
  const past = state.past && reduceVisitorList(state.past, event);
  const isRead = state.reading?.conversation_id === event.conversation_id;
  const left: ChatState = { ...state, past, ...(isRead && { reading: null, screen: "chat" }) };
  if (state.conversation?.id !== event.conversation_id) return left;
  return { ...left, conversation: null, thread: null, history: "none", typing: null };
}

function withPage(state: ChatState, { page, conversation_id, direction }: Action & { type: "page_loaded" }): ChatState {
  if (state.thread?.conversation_id === conversation_id) {
    return { ...state, thread: addPage(state.thread, page, direction), history: "ready" };
  }
  if (state.reading?.conversation_id !== conversation_id) return state;
  return { ...state, reading: addPage(addMessages(state.reading, page.items), page, direction) };
}

/** What is not yet a message of the server: shown after those that are. */
export function waitingWords(state: ChatState): readonly OutboxItem<Words>[] {
  if (!state.outbox.length) return state.outbox;
  const known = new Set(state.thread?.messages.map((message) => message.client_id));
  return state.outbox.filter((item) => !known.has(item.client_id));
}

export type Connection = "connecting" | "online" | "offline";

export function connectionOf(state: ChatState): Connection {
  if (state.isOffline || state.link === "waiting") return "offline";
  if (state.phase === "starting" || state.link === "connecting") return "connecting";
  return "online";
}

/** When the server lets us send again, if it asked us to slow down. */
export function limitedUntil(state: ChatState): number | null {
  const limited = state.outbox.find((item) => item.state === "queued" && item.failure && /rate|limit|too_many/.test(item.failure.code));
  return limited?.next_at ?? null;
}
