/** What a person does to conversations. Shown at once, taken back when the server refuses. */
import { learn, type Conversation, type ConversationStatus } from "wire";
import type { Core } from "./core.ts";
import { stamped } from "./core.ts";
import { applyOwn, replaceConversation } from "./state.ts";

export interface Actions {
  setStatus(id: string, status: ConversationStatus): Promise<boolean>;
  assign(id: string, agent: { id: string; name: string } | null): Promise<boolean>;
  setStatusOfSelected(status: ConversationStatus): Promise<number>;
  select(id: string, on: boolean): void;
  selectOnly(ids: readonly string[]): void;
}

export function actions(core: Core): Actions {
  /** Shows `change`, asks the server, and puts the old row back if it says no and nothing newer has come. */
  async function attempt(id: string, change: (old: Conversation) => void, ask: () => Promise<Conversation>) {
    const old = core.store.get().inbox.conversations.get(id);
    if (!old || !core.mayWrite) return false;
    change(old);
    const shown = core.store.get().inbox.conversations.get(id);
    try {
      const conversation = await ask();
      core.store.set((state) => ({ ...state, inbox: learn(state.inbox, [conversation]) }));
      return true;
    } catch (error) {
      core.store.set((state) => (state.inbox.conversations.get(id) === shown ? replaceConversation(state, old) : state));
      core.complain(error);
      return false;
    }
  }

  const by = () => ({ kind: "agent" as const, id: core.me.id, name: core.me.name });

  return {
    setStatus: (id, status) =>
      attempt(
        id,
        () => core.store.set((state) => applyOwn(state, { ...stamped(core), type: "conversation_status_changed", conversation_id: id, status, by: by() })),
        () => core.rest.patch<Conversation>(`/v1/conversations/${id}`, { status }),
      ),

    assign: (id, assignee) =>
      attempt(
        id,
        () => core.store.set((state) => applyOwn(state, { ...stamped(core), type: "conversation_assigned", conversation_id: id, assignee, by: by() })),
        () => core.rest.post<Conversation>(`/v1/conversations/${id}/assign`, { agent_id: assignee?.id ?? null }),
      ),

    async setStatusOfSelected(status) {
      const ids = [...core.store.get().selected];
      try {
        let done = 0;
        for (let at = 0; at < ids.length; at += 100) {
          const answer = await core.rest.post<{ items: Conversation[] }>("/v1/conversations/bulk", { ids: ids.slice(at, at + 100), status });
          core.store.set((state) => ({ ...state, inbox: learn(state.inbox, answer.items) }));
          done += answer.items.length;
        }
        core.store.set((state) => ({ ...state, selected: new Set() }));
        return done;
      } catch (error) {
        core.complain(error);
        return 0;
      }
    },

    select(id, on) {
      core.store.set((state) => {
        const selected = new Set(state.selected);
        if (on) selected.add(id);
        else selected.delete(id);
        return { ...state, selected };
      });
    },

    selectOnly: (ids) => core.store.set((state) => ({ ...state, selected: new Set(ids) })),
  };
}
