/**
 * The inbox of one signed-in person: a store, the live connection that feeds it, and what can be done. Made at sign-in,
 * closed at sign-out; every tab has its own and all see the same log.
 */
import { createLive, liveUrl, type Live, type LiveEvent, type LoggedIn, type Outbox, type Polled, type Position } from "wire";
import { mayWrite, rest, session } from "../session.ts";
import { here, everything } from "../router.ts";
import { actions, type Actions } from "./actions.ts";
import type { Core } from "./core.ts";
import { draftStore, type Draft } from "./drafts.ts";
import { lists, type Lists } from "./lists.ts";
import { sending } from "./sending.ts";
import { signals, type Signals } from "./signals.ts";
import { applyEvent, emptyState, type State, type Words } from "./state.ts";
import { createStore, type Store } from "./store.ts";
import { threads, type Threads } from "./threads.ts";

export interface Inbox {
  store: Store<State>;
  me: LoggedIn["agent"];
  mayWrite: boolean;
  lists: Lists;
  threads: Threads;
  actions: Actions;
  signals: Signals;
  send(words: Words): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  draft(conversation: string): Draft;
  keepDraft(conversation: string, draft: Draft): void;
  /** Every event of the log, after the store has it; returns its own clean-up. */
  listen(heard: (event: LiveEvent) => void): () => void;
  /** Everything was loaded anew because the log could not be resumed. */
  onReload(heard: () => void): () => void;
  wake(): void;
  close(): void;
}

export function createInbox(self: LoggedIn, complain: (error: unknown) => void): Inbox {
  const listeners = new Set<(event: LiveEvent) => void>();
  const reloaders = new Set<() => void>();
  const store = createStore<State>(emptyState);
  let outbox: Outbox<Words> | null = null;
  let closed = false;
  let behind = false;

  const core: Core = {
    store,
    rest,
    me: self.agent,
    mayWrite: mayWrite(self.agent.role),
    drafts: draftStore(shelf(), self.agent.id),
    complain,
    live: () => live,
    outbox: () => outbox,
  };
  const parts = { lists: lists(core), threads: threads(core), actions: actions(core), signals: signals(core) };

  function heard(event: LiveEvent) {
    store.set((state) => applyEvent(state, event));
    if (store.get().inbox.missing.size) parts.lists.fetchMissing();
    parts.threads.fillGaps();
    if (countsMove(event)) parts.lists.countSoon();
    if (event.type === "message_posted" && event.message.author.kind === "visitor" && core.mayWrite)
      live.seen(event.conversation_id, event.seq, "delivered");
    if (event.type === "session_ended") void session.fresh(true).catch(() => undefined);
    for (const listener of listeners) listener(event);
  }

  /** A snapshot of what is on the screen, in place of everything known before. */
  async function snapshot(): Promise<Position> {
    const route = here();
    const filter = route.page === "inbox" ? route.filter : everything;
    const position = await parts.lists.loadAnew(filter);
    const open = route.page === "inbox" ? route.conversation : null;
    store.set((state) => ({ ...state, threads: new Map([...state.threads].filter(([id]) => id === open)) }));
    if (open) await parts.threads.reload(open);
    await parts.lists.count().catch(() => undefined);
    behind = false;
    for (const reload of reloaders) reload();
    return position;
  }

  const live: Live = createLive({
    url: liveUrl("/v1/live", location.origin),
    token: (stale) => session.fresh(stale),
    onEvent: heard,
    onSignal: parts.signals.hear,
    onReset: snapshot,
    poll: (after, wait, signal) =>
      rest.get<Polled>("/v1/live/poll", { query: { after, wait }, signal, timeoutMs: (wait + 15) * 1000 }),
    onState(state, { reason }) {
      store.set((old) => ({
        ...old,
        connection: { state, reason: reason ?? null, wasOnline: old.connection.wasOnline || state === "online" || state === "polling" },
      }));
      if (reason === "unauthenticated") session.end("ended");
      if (state !== "online" && state !== "polling") return;
      void outbox?.wake();
      parts.threads.retry();
      if (behind) void snapshot().catch(() => (behind = true));
    },
  });

  async function start() {
    store.set((state) => ({ ...state, drafts: new Set(core.drafts.all()) }));
    try {
      live.start(await snapshot());
    } catch {
      // Nothing to show yet, but the connection's own pauses decide when to try again.
      behind = true;
      if (!closed) live.start(null);
    }
    if (!core.mayWrite || closed) return;
    outbox = await sending(core);
    if (closed) outbox.close();
  }

  const renewed = session.subscribe(() => {
    const token = session.token();
    if (token) live.token(token);
  });
  const unwatch = parts.signals.watch();
  void start();

  return {
    store,
    me: self.agent,
    mayWrite: core.mayWrite,
    ...parts,
    send: (words) => void outbox?.add(words, words.conversation_id).catch(complain),
    retry: (id) => void outbox?.retry(id),
    discard: (id) => void outbox?.discard(id),
    draft: (conversation) => core.drafts.read(conversation),
    keepDraft(conversation, draft) {
      core.drafts.write(conversation, draft);
      const has = draft.reply.trim() !== "" || draft.note.trim() !== "";
      if (store.get().drafts.has(conversation) === has) return;
      store.set((state) => {
        const drafts = new Set(state.drafts);
        if (has) drafts.add(conversation);
        else drafts.delete(conversation);
        return { ...state, drafts };
      });
    },
    listen: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    onReload: (listener) => (reloaders.add(listener), () => void reloaders.delete(listener)),
    wake() {
      live.wake();
      void outbox?.wake();
    },
    close() {
      closed = true;
      renewed();
      unwatch();
      live.stop();
      outbox?.close();
    },
  };
}

function countsMove(event: LiveEvent): boolean {
  return (
    event.type === "message_posted" ||
    event.type === "conversation_opened" ||
    event.type === "conversation_assigned" ||
    event.type === "conversation_status_changed" ||
    (event.type === "receipt_moved" && event.side === "agent")
  );
}

/** Where the browser refuses storage, drafts live as long as the page. */
function shelf(): Storage {
  try {
    localStorage.length;
    return localStorage;
  } catch {
    return memoryShelf();
  }
}

function memoryShelf(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}
