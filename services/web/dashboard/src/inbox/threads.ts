/** Loading one conversation's messages: the latest, older ones on the way up, and holes that a lost event left. */
import { addPage, learn, Problem, type Conversation, type MessagePage } from "wire";
import type { Core } from "./core.ts";
import { applyOwn, changeThread, threadLoaded, threadOpened, threadRevisited } from "./state.ts";
import { stamped } from "./core.ts";

const PAGE = 50;

export interface Threads {
  open(id: string): void;
  reload(id: string): Promise<void>;
  older(id: string): void;
  fillGaps(): void;
  retry(): void;
  /** The person has seen everything down to the end. */
  read(id: string): void;
}

export function threads(core: Core): Threads {
  const filling = new Set<string>();
  const reading = new Map<string, number>();

  const page = (id: string, query: { before_seq?: number; after_seq?: number }) =>
    core.rest.get<MessagePage>(`/v1/conversations/${id}/messages`, { query: { ...query, limit: PAGE } });

  async function reload(id: string) {
    core.store.set((state) => threadOpened(state, state.inbox.conversations.get(id), id));
    try {
      const [{ conversation }, latest] = await Promise.all([
        core.rest.get<{ conversation: Conversation }>(`/v1/conversations/${id}`),
        page(id, {}),
      ]);
      core.store.set((state) => threadLoaded({ ...state, inbox: learn(state.inbox, [conversation]) }, conversation, latest));
      fillGaps();
    } catch (error) {
      const missing = error instanceof Problem && error.status === 404;
      core.store.set((state) =>
        changeThread(state, id, (view) => (view.phase === "ready" ? view : { ...view, phase: missing ? "missing" : "failed", error })),
      );
    }
  }

  async function older(id: string) {
    const view = core.store.get().threads.get(id);
    const first = view?.thread.messages[0];
    if (!view?.thread.has_more || !first || view.older === "loading") return;
    core.store.set((state) => changeThread(state, id, (old) => ({ ...old, older: "loading" })));
    try {
      const found = await page(id, { before_seq: first.seq });
      core.store.set((state) =>
        changeThread(state, id, (old) => ({ ...old, older: "idle", thread: addPage(old.thread, found, "before") })),
      );
    } catch {
      core.store.set((state) => changeThread(state, id, (old) => ({ ...old, older: "failed" })));
    }
  }

  function fillGaps() {
    for (const [id, view] of core.store.get().threads) {
      const from = view.thread.gap_after;
      if (from !== null && !filling.has(id)) void fill(id, from);
    }
  }

  async function fill(id: string, from: number) {
    filling.add(id);
    try {
      const found = await page(id, { after_seq: from });
      core.store.set((state) => changeThread(state, id, (old) => ({ ...old, thread: addPage(old.thread, found, "after") })));
    } catch {
      // The next event or the next opening tries again.
      return;
    } finally {
      filling.delete(id);
    }
    const rest = core.store.get().threads.get(id)?.thread.gap_after;
    if (rest !== null && rest !== undefined && rest !== from) void fill(id, rest);
  }

  function read(id: string) {
    const conversation = core.store.get().inbox.conversations.get(id);
    if (!core.mayWrite || !conversation) return;
    const seq = conversation.last_seq;
    const done = Math.max(conversation.receipts.agent_read_seq, reading.get(id) ?? 0);
    if (seq <= done && conversation.unread === 0) return;
    reading.set(id, seq);
    core.store.set((state) =>
      applyOwn(state, { ...stamped(core), type: "receipt_moved", conversation_id: id, side: "agent", state: "read", seq, unread: 0 }),
    );
    core.rest.post(`/v1/conversations/${id}/read`, { seq }).catch(() => reading.delete(id));
  }

  return {
    open(id) {
      const view = core.store.get().threads.get(id);
      if (!view || view.phase === "failed") void reload(id);
      else if (view.phase === "ready") core.store.set((state) => threadRevisited(state, id));
    },
    reload,
    /** Loads again what could not be loaded while the network was away. */
    retry() {
      for (const [id, view] of core.store.get().threads) if (view.phase === "failed") void reload(id);
    },
    older: (id) => void older(id),
    fillGaps,
    read,
  };
}
