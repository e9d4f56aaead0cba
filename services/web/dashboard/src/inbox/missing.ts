/** Conversations that an event named and nobody here knows: fetched one by one. */
import { learn, Problem, type Conversation } from "wire";
import type { Core } from "./core.ts";

export function missing(core: Core): () => void {
  const fetching = new Set<string>();

  async function fetchOne(id: string) {
    fetching.add(id);
    try {
      const { conversation } = await core.rest.get<{ conversation: Conversation }>(`/v1/conversations/${id}`);
      core.store.set((state) => ({ ...state, inbox: learn(state.inbox, [conversation]) }));
    } catch (error) {
      // Gone or not ours: stop asking. A dead network asks again with the next event.
      if (error instanceof Problem && !error.temporary) forget(core, id);
    } finally {
      fetching.delete(id);
    }
  }

  return () => {
    for (const id of core.store.get().inbox.missing) if (!fetching.has(id)) void fetchOne(id);
  };
}

function forget(core: Core, id: string) {
  core.store.set((state) => {
    const missing = new Set(state.inbox.missing);
    missing.delete(id);
    return { ...state, inbox: { ...state.inbox, missing } };
  });
}
