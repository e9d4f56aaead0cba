/** Pages of a thread that are not the latest one: older messages, and what a lost event left out. */
import { addPage, type Message, type MessagePage } from "wire";
import type { Core } from "./core.ts";
import { changeThread } from "./state.ts";

const PAGE = 50;
/** On the way to an old message nobody reads what lies between. */
const LEAP = 100;
const MOST_LEAPS = 200;

export function page(core: Core, id: string, query: { before_seq?: number; after_seq?: number }, limit = PAGE): Promise<MessagePage> {
  return core.rest.get<MessagePage>(`/v1/conversations/${id}/messages`, { query: { ...query, limit } });
}

export function history(core: Core) {
  const viewOf = (id: string) => core.store.get().threads.get(id);

  const going = new Map<string, Promise<void>>();

  /** Who asks while it is under way waits for the same answer. */
  function older(id: string, limit = PAGE): Promise<void> {
    const asked = going.get(id) ?? load(id, limit).finally(() => going.delete(id));
    going.set(id, asked);
    return asked;
  }

  async function load(id: string, limit: number) {
    const view = viewOf(id);
    const first = view?.thread.messages[0];
    if (!view?.thread.has_more || !first) return;
    core.store.set((state) => changeThread(state, id, (old) => ({ ...old, older: "loading" })));
    try {
      const found = await page(core, id, { before_seq: first.seq }, limit);
      core.store.set((state) =>
        changeThread(state, id, (old) => ({ ...old, older: "idle", thread: addPage(old.thread, found, "before") })),
      );
    } catch {
      core.store.set((state) => changeThread(state, id, (old) => ({ ...old, older: "failed" })));
    }
  }

  async function seek(id: string, fits: (message: Message) => boolean): Promise<boolean> {
    for (let leap = 0; leap < MOST_LEAPS; leap++) {
      const thread = viewOf(id)?.thread;
      const found = thread?.messages.find(fits);
      if (found) {
        core.store.set((state) => changeThread(state, id, (old) => ({ ...old, sought: found.seq })));
        return true;
      }
      const first = thread?.messages[0]?.seq ?? 0;
      await older(id, LEAP);
      if (viewOf(id)?.thread.messages[0]?.seq === first) return false;
    }
    return false;
  }

  return { older, seek, fillGaps: filler(core) };
}

function filler(core: Core) {
  const filling = new Set<string>();

  async function fill(id: string, from: number) {
    filling.add(id);
    try {
      const found = await page(core, id, { after_seq: from });
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

  return () => {
    for (const [id, view] of core.store.get().threads) {
      const from = view.thread.gap_after;
      if (from !== null && !filling.has(id)) void fill(id, from);
    }
  };
}
