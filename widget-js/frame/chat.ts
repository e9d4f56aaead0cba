/**
 * The conversation's engine: session, history, outbox and live connection behind one state.
 *
 * Nothing is told to the server about a visitor who has not written: until then there is a
 * session (which makes no row) and no socket. Words go through the outbox alone.
 */

import { createOutbox, tabChannel, webLock, type Outbox, type OutboxItem } from "../wire/outbox";
import { Problem, createRest, type Rest } from "../wire/rest";
import { backOff, realClock } from "../wire/clock";
import { createLive, liveUrl, type Live } from "../wire/socket";
import { emptyThread } from "../wire/inbox";
import type { Profile, ToFrame } from "../wire/port";
import type {
  Context,
  LiveEvent,
  LiveSignal,
  MessagePage,
  Opened,
  Polled,
  Posted,
  Visitor,
  VisitorConversation,
  VisitorSession,
} from "../wire/types";
import type { Bridge } from "./bridge";
import { createKeep, lateStore } from "./keep";
import { createSession } from "./session";
import { beep } from "./sound";
import { initialState, reduce, type Action, type ChatState, type Words } from "./state";
import { createStore, type Store } from "./store";
import { createTabs, type Tabs } from "./tabs";

const API = "/widget/v1";
const LANE = "chat";
const TYPING_SHOWN_MS = 6_000;
const TYPING_EVERY_MS = 3_000;
const TELL_MS = 3_000;

type Sent = { opened: Opened } | { posted: Posted };

type TabMessage =
  | { type: "event"; event: LiveEvent }
  | { type: "signal"; signal: LiveSignal }
  | { type: "link"; link: ChatState["link"] }
  | { type: "opened"; opened: Omit<Opened, "handle"> }
  | { type: "typing"; conversation_id: string; on: boolean };

export interface Chat {
  store: Store<ChatState, Action>;
  start(): void;
  hear(message: ToFrame): void;
  send(body: string): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  typing(isTyping: boolean): void;
  loadOlder(): Promise<void>;
  reload(): void;
  beginAnew(): void;
  showPast(): void;
  read(conversation: VisitorConversation): void;
  showChat(): void;
  saveContact(given: { name?: string; email?: string }): Promise<void>;
  dismissAsk(): void;
  mute(isMuted: boolean): void;
  close(): void;
}

export function createChat(bridge: Bridge, init: ToFrame & { type: "init" }): Chat {
  const widget = init.config.widget;
  const keep = createKeep(widget);
  const store = createStore(reduce, {
    ...initialState(init.config),
    page: init.page,
    isOpen: init.open,
    isFull: init.full,
    theme: init.theme,
    host: bridge.parentOrigin,
    hasAnsweredAsk: keep.get("asked") !== null,
    isMuted: keep.get("muted") !== null,
  });
  const change = (part: Partial<ChatState>) => store.dispatch({ type: "changed", change: part });
  let identity: string | null = null;
  let profile: Profile | null = null;
  let live: Live | null = null;
  let tabs: Tabs<TabMessage> | null = null;
  let after: string | null = null;
  let typingOff = 0;
  let typedAt = 0;
  let seenSeq = 0;

  const session = createSession({
    bridge,
    handle: () => keep.get("handle"),
    identity: () => identity,
    onSession: entered,
    onRenewed: (token) => live?.token(token),
  });
  const rest: Rest = createRest({ token: session.current, refresh: () => session.token(true) });
  const outbox: Outbox<Words> = createOutbox<Words, Sent>({
    store: lateStore<Words>(widget, keep),
    send,
    onSent,
    onChange: (items) => change({ outbox: items }),
    exclusive: webLock(`porchlight/${widget}/outbox`),
    channel: tabChannel(`porchlight/${widget}/outbox`),
    isTemporary,
  });

  // Session ------------------------------------------------------------------------------

  async function start() {
    void outbox.resume();
    for (let attempt = 0; ; attempt++) {
      try {
        await session.token();
        return;
      } catch (error) {
        if (refusedBy(error)) return;
        change({ isOffline: attempt > 0 || !isOurFault(error) });
        await pause(backOff(attempt + 1, realClock));
      }
    }
  }

  /** Waits, but not longer than until the network comes back. */
  function pause(ms: number): Promise<void> {
    return new Promise((go) => {
      const timer = setTimeout(go, ms);
      window.addEventListener("online", () => (clearTimeout(timer), go()), { once: true });
    });
  }

  const isOurFault = (error: unknown) => !(error instanceof Problem) || error.status !== 0;

  function refusedBy(error: unknown): boolean {
    if (!(error instanceof Problem) || error.temporary || error.status === 401) return false;
    change({ phase: "refused" });
    bridge.tell({ type: "error", code: error.code });
    outbox.pause();
    return true;
  }

  function entered({ visitor, conversation, position }: VisitorSession) {
    const isFirst = store.get().phase === "starting";
    store.dispatch({ type: "entered", visitor, conversation: isFirst ? conversation : null });
    after ??= position;
    if (isFirst && conversation) {
      void follow();
      tellPlace();
    }
    if (profile && isKnown()) void saveProfile();
  }

  const isKnown = () => keep.get("handle") !== null || store.get().visitor?.known === true;

  /** The conversation exists: show it and keep it current. */
  async function follow() {
    tabs ??= createTabs<TabMessage>({ name: `porchlight/${widget}/live`, lead, heard: heardTab });
    await loadLatest();
    tellUnread();
    markSeen();
  }

  // History ------------------------------------------------------------------------------

  function loadPage(conversation_id: string, query: Record<string, number>): Promise<MessagePage> {
    return rest.get<MessagePage>(`${API}/conversations/${conversation_id}/messages`, { query: { limit: 50, ...query } });
  }

  async function loadLatest() {
    const conversation = store.get().conversation;
    if (!conversation) return;
    const { id } = conversation;
    change({ history: store.get().thread?.messages.length ? "ready" : "loading" });
    try {
      const page = await loadPage(id, {});
      store.dispatch({ type: "page_loaded", page, conversation_id: id, direction: "latest" });
    } catch {
      if (store.get().history === "loading") change({ history: "failed" });
    }
  }

  let olderBusy = false;

  async function loadOlder() {
    const { screen, reading, thread } = store.get();
    const shown = screen === "reading" ? reading : thread;
    const first = shown?.messages[0];
    if (!shown?.has_more || !first || olderBusy) return;
    olderBusy = true;
    try {
      const page = await loadPage(shown.conversation_id, { before_seq: first.seq });
      store.dispatch({ type: "page_loaded", page, conversation_id: shown.conversation_id, direction: "before" });
    } catch {
      // The sentinel stays in view; the next scroll asks again.
    } finally {
      olderBusy = false;
    }
  }

  /** The server could not resume: fetch what the screen shows again. */
  async function reset(): Promise<string | null> {
    const { conversation, thread } = store.get();
    if (!conversation) return null;
    const { id } = conversation;
    const last = thread?.messages.at(-1)?.seq;
    const page = await loadPage(id, last ? { after_seq: last } : {});
    store.dispatch({ type: "page_loaded", page, conversation_id: id, direction: last ? "after" : "latest" });
    const fresh = (await listConversations()).find((one) => one.id === id);
    if (fresh) store.dispatch({ type: "entered", visitor: store.get().visitor!, conversation: fresh });
    tellUnread();
    return page.position;
  }

  async function listConversations(): Promise<VisitorConversation[]> {
    return (await rest.get<{ items: VisitorConversation[] }>(`${API}/conversations`)).items;
  }

  // Sending ------------------------------------------------------------------------------

  function say(body: string) {
    const { conversation, page, context } = store.get();
    const isArchived = conversation?.status === "archived";
    void outbox.add({ body, conversation_id: isArchived ? null : (conversation?.id ?? null), page, context }, LANE);
    typing(false);
  }

  async function send(item: OutboxItem<Words>): Promise<Sent> {
    await session.token();
    const { body, conversation_id } = item.payload;
    if (!conversation_id) return open(item);
    try {
      return { posted: await rest.post<Posted>(`${API}/conversations/${conversation_id}/messages`, { client_id: item.client_id, body }) };
    } catch (error) {
      // Closed for good or gone: the words are still worth saying, in a new one.
      const isGone = error instanceof Problem && (error.status === 404 || error.code === "conversation_archived");
      if (!isGone) throw error;
      return open(item);
    }
  }

  async function open({ client_id, payload }: OutboxItem<Words>): Promise<Sent> {
    const { body, context, page } = payload;
    const opened = await rest.post<Opened>(`${API}/conversations`, {
      client_id,
      body,
      ...(context && { context }),
      ...(page && { page }),
    });
    return { opened };
  }

  /** No network, no ticket, no session yet: the words wait. A refused origin waits for a person. */
  function isTemporary(error: unknown): boolean {
    return !(error instanceof Problem) || error.temporary || error.status === 401;
  }

  function onSent(_: OutboxItem<Words>, sent: Sent) {
    change({ isOffline: false });
    // Words got through, so the socket will too.
    live?.wake();
    if ("posted" in sent) return store.dispatch({ type: "posted", posted: sent.posted });
    const { handle, ...opened } = sent.opened;
    if (handle) keep.set("handle", handle);
    adopt(opened);
    tabs?.post({ type: "opened", opened });
    if (profile) void saveProfile();
  }

  function adopt({ conversation, message, position }: Omit<Opened, "handle">) {
    const isNew = store.get().conversation?.id !== conversation.id;
    store.dispatch({ type: "opened", conversation, message });
    if (!isNew) return;
    bridge.tell({ type: "conversation", id: conversation.id, status: conversation.status });
    after ??= position;
    change({ history: "ready" });
    void follow();
  }

  function showChat() {
    change({ screen: "chat", reading: null });
    markSeen();
  }

  // Live ---------------------------------------------------------------------------------

  function lead(): () => void {
    const mine = (live ??= createLive({
      url: liveUrl(`${API}/live`, location.origin),
      token: (isRefused) => session.token(isRefused).catch((error) => (refusedBy(error) ? null : Promise.reject(error))),
      onEvent(event) {
        apply(event);
        tabs?.post({ type: "event", event });
      },
      onSignal(signal) {
        signalled(signal);
        tabs?.post({ type: "signal", signal });
      },
      onState(link, { reason }) {
        linked(link);
        tabs?.post({ type: "link", link });
        if (reason === "suspended") change({ phase: "suspended" });
      },
      onReset: reset,
      poll: (from, wait, signal) =>
        rest.get<Polled>(`${API}/live/poll`, { query: { after: from, wait }, signal, timeoutMs: (wait + 15) * 1000 }),
    }));
    mine.start(after);
    return () => mine.stop();
  }

  function linked(link: ChatState["link"]) {
    // Without a way to the server a failed send would be our only sign of its return.
    if (link === "online" || link === "polling") {
      change({ link, isOffline: false });
      void outbox.wake();
      if (store.get().history === "failed") void loadLatest();
    } else change({ link: link === "stopped" ? "idle" : link });
  }

  function heardTab(message: TabMessage) {
    if (message.type === "event") apply(message.event);
    else if (message.type === "signal") signalled(message.signal);
    else if (message.type === "link") linked(message.link);
    else if (message.type === "opened") adopt(message.opened);
    else if (tabs?.isLeader()) live?.typing(message.conversation_id, message.on);
  }

  function apply(event: LiveEvent) {
    after = event.position || after;
    const { conversation } = store.get();
    const isUnknown = event.type === "message_posted" && event.conversation_id !== conversation?.id;
    store.dispatch({ type: "event", event });
    if (isUnknown) void meet(event.conversation_id);
    if (event.type === "message_posted") spoken(event);
    if (event.type === "conversation_status_changed") {
      bridge.tell({ type: "conversation", id: event.conversation_id, status: event.status });
    }
    tellUnread();
  }

  function spoken({ message, conversation_id }: LiveEvent & { type: "message_posted" }) {
    bridge.tell({ type: "message", author: message.author.kind, conversation_id });
    if (message.author.kind === "visitor") return;
    const isWatched = store.get().isOpen && document.visibilityState === "visible";
    if (tabs?.isLeader() && !isWatched && !store.get().isMuted) beep();
    if (tabs?.isLeader() && !isWatched) live?.seen(conversation_id, message.seq, "delivered");
    markSeen();
  }

  /** An agent wrote where this tab was not looking: look there, unless something else is going on. */
  async function meet(id: string) {
    const now = store.get().conversation;
    if (now && now.status !== "resolved" && now.status !== "archived") return;
    const found = (await listConversations().catch(() => [])).find((one) => one.id === id);
    if (!found) return;
    store.dispatch({ type: "began_anew" });
    store.dispatch({ type: "entered", visitor: store.get().visitor!, conversation: found });
    void follow();
  }

  function signalled(signal: LiveSignal) {
    if (signal.type === "presence" && typeof signal.online === "boolean") return change({ isTeamOnline: signal.online });
    if (signal.type !== "typing" || signal.conversation_id !== store.get().conversation?.id) return;
    if (signal.author.kind === "visitor") return;
    clearTimeout(typingOff);
    change({ typing: signal.on ? signal.author : null });
    // The word that it ended may get lost; it ends by itself then.
    typingOff = window.setTimeout(() => change({ typing: null }), TYPING_SHOWN_MS);
  }

  function typing(isTyping: boolean) {
    const id = store.get().conversation?.id;
    const now = Date.now();
    if (!id || (isTyping && now - typedAt < TYPING_EVERY_MS) || (!isTyping && !typedAt)) return;
    typedAt = isTyping ? now : 0;
    if (tabs?.isLeader()) live?.typing(id, isTyping);
    else tabs?.post({ type: "typing", conversation_id: id, on: isTyping });
  }

  // Seen ---------------------------------------------------------------------------------

  function markSeen() {
    const { conversation, isOpen, screen, phase } = store.get();
    const isWatched = isOpen && screen === "chat" && document.visibilityState === "visible";
    if (!conversation?.unread || !isWatched || phase !== "ready" || seenSeq >= conversation.last_seq) return;
    const { id, last_seq } = conversation;
    seenSeq = last_seq;
    const moved: LiveEvent = { type: "receipt_moved", conversation_id: id, side: "visitor", state: "read", seq: last_seq, unread: 0, position: "", at: "" };
    store.dispatch({ type: "event", event: moved });
    tabs?.post({ type: "event", event: moved });
    tellUnread();
    if (tabs?.isLeader() && live?.state() === "online" && live.seen(id, last_seq, "read")) return;
    rest.post(`${API}/conversations/${id}/read`, { seq: last_seq }).catch(() => (seenSeq = 0));
  }

  let toldUnread = 0;

  function tellUnread() {
    const count = store.get().conversation?.unread ?? 0;
    if (count !== toldUnread) bridge.tell({ type: "unread", count });
    toldUnread = count;
  }

  // Who the visitor is ---------------------------------------------------------------------

  async function saveProfile() {
    const given = profile;
    profile = null;
    if (!given) return;
    const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    if (!Object.keys(body).length) return;
    try {
      change({ visitor: await rest.patch<Visitor>(`${API}/visitor`, body) });
    } catch (error) {
      if (error instanceof Problem && error.temporary) profile = given;
      else bridge.tell({ type: "error", code: error instanceof Problem ? error.code : "unknown" });
    }
  }

  async function saveContact(given: { name?: string; email?: string }) {
    change({ visitor: await rest.patch<Visitor>(`${API}/visitor`, given) });
    dismissAsk();
  }

  function dismissAsk() {
    // The card only comes after the first message, so the visitor has acted and we may remember.
    keep.set("asked", "1");
    change({ hasAnsweredAsk: true });
  }

  // The page -----------------------------------------------------------------------------

  function hear(message: ToFrame) {
    switch (message.type) {
      case "open":
        change({ isOpen: true, focusOn: store.get().focusOn + (message.focus ? 1 : 0) });
        return markSeen();
      case "closed":
        return change({ isOpen: false });
      case "full":
        return change({ isFull: message.full });
      case "page":
        if (message.page.url === store.get().page?.url) return;
        change({ page: message.page });
        return tellPlace();
      case "context":
        change({ context: message.context });
        return tellPlace();
      case "identify":
        identity = message.token;
        return void session.enter().catch(refusedBy);
      case "set":
        profile = message.profile;
        if (isKnown() && session.current()) void saveProfile();
        return;
      case "theme":
        return change({ theme: message.theme });
    }
  }

  let telling = 0;
  let toldPlace = "";

  /** Where the visitor is now helps the agent; of a visitor who has not written nobody is told. */
  function tellPlace() {
    if (!store.get().conversation) return;
    clearTimeout(telling);
    // Somebody who leafs through a shop changes pages faster than an agent can look.
    telling = window.setTimeout(() => {
      const { page, context, conversation } = store.get();
      const isNews = context && !isSameContext(context, conversation?.context ?? null);
      const body = { ...(page && { page }), ...(isNews && { context }) };
      const text = JSON.stringify(body);
      if (!session.current() || text === toldPlace || text === "{}") return;
      toldPlace = text;
      rest.patch(`${API}/visitor`, body).catch(() => (toldPlace = ""));
    }, TELL_MS);
  }

  const wake = () => {
    live?.wake();
    void outbox.wake();
  };
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => change({ isOffline: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    live?.wake();
    markSeen();
  });
  window.addEventListener("focus", markSeen);

  return {
    store,
    start: () => void start(),
    hear,
    send: say,
    retry: (id) => void outbox.retry(id),
    discard: (id) => void outbox.discard(id),
    typing,
    loadOlder,
    reload: () => void loadLatest(),
    beginAnew: () => store.dispatch({ type: "began_anew" }),
    showPast() {
      change({ screen: "past", past: null, reading: null });
      listConversations().then(
        (past) => change({ past }),
        () => change({ screen: "chat" }),
      );
    },
    read(conversation) {
      if (conversation.id === store.get().conversation?.id) return showChat();
      change({ screen: "reading", reading: emptyThread(conversation.id, conversation.receipts) });
      loadPage(conversation.id, {}).then(
        (page) => store.dispatch({ type: "page_loaded", page, conversation_id: conversation.id, direction: "latest" }),
        () => change({ screen: "past", reading: null }),
      );
    },
    showChat,
    saveContact,
    dismissAsk,
    mute(isMuted) {
      if (isMuted) keep.set("muted", "1");
      else keep.remove("muted");
      change({ isMuted });
    },
    close: () => bridge.tell({ type: "close" }),
  };
}

function isSameContext(a: Context, b: Context | null): boolean {
  return !!b && a.title === b.title && a.price === b.price && a.url === b.url && a.image === b.image;
}
