/** Loading one conversation's messages: the latest, older ones on the way up, and holes that a lost event left. */
import { learn, Problem, type Conversation } from "wire";
import type { Core } from "./core.ts";
import { applyOwn, changeThread, threadLoaded, threadOpened, threadRevisited } from "./state.ts";
import { stamped } from "./core.ts";
import { history, page } from "./history.ts";

export interface Threads {
  open(id: string): void;
  reload(id: string): Promise<void>;
  older(id: string): void;
  /** Takes the reader to a message, loading what lies between; false when it is not there. */
  seek(id: string, seq: number): Promise<boolean>;
  /** The same from anywhere: opens the conversation first. */
  jump(id: string, seq: number): Promise<boolean>;
  /** The same for a message whose number is not known. */
  seekMessage(id: string, message: string): Promise<boolean>;
  fillGaps(): void;
  retry(): void;
  /** The person has seen everything down to the end. */
  read(id: string): void;
}

export function threads(core: Core): Threads {
  const past = history(core);

  async function reload(id: string) {
    core.store.set((state) => threadOpened(state, state.inbox.conversations.get(id), id));
    try {
      const asked = core.rest.get<{ conversation: Conversation }>(`/v1/conversations/${id}`);
      const [{ conversation }, latest] = await Promise.all([asked, page(core, id, {})]);
      core.store.set((state) => threadLoaded({ ...state, inbox: learn(state.inbox, [conversation]) }, conversation, latest));
      past.fillGaps();
    } catch (error) {
      failed(core, id, error);
    }
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
    older: (id) => void past.older(id),
    seek: (id, seq) => past.seek(id, (message) => message.seq === seq),
    async jump(id, seq) {
      if (core.store.get().threads.get(id)?.phase !== "ready") await reload(id);
      return past.seek(id, (message) => message.seq === seq);
    },
    seekMessage: (id, wanted) => past.seek(id, (message) => message.id === wanted),
    fillGaps: past.fillGaps,
    read: reading(core),
  };
}

function failed(core: Core, id: string, error: unknown) {
  const missing = error instanceof Problem && error.status === 404;
  core.store.set((state) =>
    changeThread(state, id, (view) => (view.phase === "ready" ? view : { ...view, phase: missing ? "missing" : "failed", error })),
  );
}

function reading(core: Core) {
  const reading = new Map<string, number>();
  return (id: string) => {
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
  };
}
