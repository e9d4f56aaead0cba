/** Loading lists of conversations, page by page, and filling in single ones that an event named. */
import { emptyInbox, learn, Problem, type Conversation, type ConversationList, type Position, type Unread } from "wire";
import type { Filter } from "../router.ts";
import type { Core } from "./core.ts";
import { changeList, freshList, listKey } from "./state.ts";

const PAGE = 50;

export interface Lists {
  /** Answers the position of the page it loaded. */
  load(filter: Filter): Promise<Position>;
  /** Load and forget everything known before; what is on the screen stays until the answer is here. */
  loadAnew(filter: Filter): Promise<Position>;
  ensure(filter: Filter): void;
  more(filter: Filter): void;
  fetchMissing(): void;
  countSoon(): void;
  count(): Promise<void>;
}

export function lists(core: Core): Lists {
  const fetching = new Set<string>();
  let counting: ReturnType<typeof setTimeout> | null = null;

  const ask = (filter: Filter, cursor: string | null) =>
    core.rest.get<ConversationList>("/v1/conversations", { query: { ...filter, limit: PAGE, cursor } });

  function keep(filter: Filter, page: ConversationList, anew = false) {
    const last = page.items.at(-1);
    core.store.set((state) => {
      const inbox = learn(anew ? emptyInbox : state.inbox, page.items);
      return changeList({ ...state, inbox, lists: anew ? new Map() : state.lists }, listKey(filter), () => ({
        phase: "ready",
        more: "idle",
        cursor: page.next_cursor,
        edge: last ? { at: last.last_message_at, id: last.id } : null,
        error: null,
      }));
    });
  }

  async function load(filter: Filter, anew = false): Promise<Position> {
    const key = listKey(filter);
    core.store.set((state) => changeList(state, key, (list) => (list.phase === "ready" ? list : freshList)));
    try {
      const page = await ask(filter, null);
      keep(filter, page, anew);
      return page.position;
    } catch (error) {
      core.store.set((state) => changeList(state, key, (list) => (list.phase === "ready" ? list : { ...list, phase: "failed", error })));
      throw error;
    }
  }

  async function more(filter: Filter) {
    const key = listKey(filter);
    const list = core.store.get().lists.get(key);
    if (!list?.cursor || list.more === "loading") return;
    core.store.set((state) => changeList(state, key, (old) => ({ ...old, more: "loading" })));
    try {
      keep(filter, await ask(filter, list.cursor));
    } catch {
      core.store.set((state) => changeList(state, key, (old) => ({ ...old, more: "failed" })));
    }
  }

  async function fetchOne(id: string) {
    fetching.add(id);
    try {
      const { conversation } = await core.rest.get<{ conversation: Conversation }>(`/v1/conversations/${id}`);
      core.store.set((state) => ({ ...state, inbox: learn(state.inbox, [conversation]) }));
    } catch (error) {
      // Gone or not ours: stop asking. A dead network asks again with the next event.
      if (error instanceof Problem && !error.temporary) forget(id);
    } finally {
      fetching.delete(id);
    }
  }

  function forget(id: string) {
    core.store.set((state) => {
      const missing = new Set(state.inbox.missing);
      missing.delete(id);
      return { ...state, inbox: { ...state.inbox, missing } };
    });
  }

  async function count() {
    const unread = await core.rest.get<Unread>("/v1/unread");
    core.store.set((state) => ({ ...state, unread }));
  }

  return {
    load: (filter) => load(filter),
    loadAnew: (filter) => load(filter, true),
    ensure(filter) {
      if (!core.store.get().lists.has(listKey(filter))) void load(filter).catch(() => undefined);
    },
    more: (filter) => void more(filter),
    fetchMissing() {
      for (const id of core.store.get().inbox.missing) if (!fetching.has(id)) void fetchOne(id);
    },
    count,
    countSoon() {
      counting ??= setTimeout(() => {
        counting = null;
        void count().catch(() => undefined);
      }, 350);
    },
  };
}
