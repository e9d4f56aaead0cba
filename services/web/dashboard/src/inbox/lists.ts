/** Loading lists of conversations, page by page, and filling in single ones that an event named. */
import { emptyInbox, learn, type ConversationList, type Position, type Unread } from "wire";
import type { Filter } from "../router.ts";
import type { Core } from "./core.ts";
import { missing } from "./missing.ts";
import { changeList, freshList, listKey, type ListState } from "./state.ts";

const PAGE = 50;
const COUNT_AFTER_MS = 350;

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
  const change = (filter: Filter, to: (list: ListState) => ListState) => core.store.set((state) => changeList(state, listKey(filter), to));

  async function load(filter: Filter, anew = false): Promise<Position> {
    change(filter, (list) => (list.phase === "ready" ? list : freshList));
    try {
      const page = await ask(core, filter, null);
      keep(core, filter, page, anew);
      return page.position;
    } catch (error) {
      change(filter, (list) => (list.phase === "ready" ? list : { ...list, phase: "failed", error }));
      throw error;
    }
  }

  async function more(filter: Filter) {
    const list = core.store.get().lists.get(listKey(filter));
    if (!list?.cursor || list.more === "loading") return;
    change(filter, (old) => ({ ...old, more: "loading" }));
    try {
      keep(core, filter, await ask(core, filter, list.cursor));
    } catch {
      change(filter, (old) => ({ ...old, more: "failed" }));
    }
  }

  return {
    load: (filter) => load(filter),
    loadAnew: (filter) => load(filter, true),
    ensure(filter) {
      if (!core.store.get().lists.has(listKey(filter))) void load(filter).catch(() => undefined);
    },
    more: (filter) => void more(filter),
    fetchMissing: missing(core),
    ...counts(core),
  };
}

const ask = (core: Core, filter: Filter, cursor: string | null) =>
  core.rest.get<ConversationList>("/v1/conversations", {
    query: { ...filter, source: filter.source === "all" ? null : filter.source, limit: PAGE, cursor },
  });

function keep(core: Core, filter: Filter, page: ConversationList, anew = false) {
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

function counts(core: Core): Pick<Lists, "count" | "countSoon"> {
  let counting: ReturnType<typeof setTimeout> | null = null;
  async function count() {
    const unread = await core.rest.get<Unread>("/v1/unread");
    core.store.set((state) => ({ ...state, unread }));
  }
  return {
    count,
    countSoon() {
      counting ??= setTimeout(() => {
        counting = null;
        void count().catch(() => undefined);
      }, COUNT_AFTER_MS);
    },
  };
}
