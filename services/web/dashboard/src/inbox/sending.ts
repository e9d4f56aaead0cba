/** Words on their way: kept in this browser until the server has them, in order, whatever happens to the tab. */
import { createOutbox, openOutboxStore, tabChannel, webLock, type Outbox, type Posted } from "wire";
import type { Core } from "./core.ts";
import { stamped } from "./core.ts";
import { applyEvent, changeThread, type Words } from "./state.ts";

export async function sending(core: Core): Promise<Outbox<Words>> {
  const name = `porchlight.outbox.${core.me.id}`;
  const outbox = createOutbox<Words, Posted>({
    store: await openOutboxStore<Words>(name),
    exclusive: webLock(name),
    channel: tabChannel(name),
    send: (item) =>
      core.rest.post<Posted>(`/v1/conversations/${item.payload.conversation_id}/messages`, {
        client_id: item.client_id,
        body: item.payload.body,
        visibility: item.payload.visibility,
      }),
    onSent: (_item, { message }) => posted(core, message),
    onChange: (waiting) => core.store.set((state) => ({ ...state, waiting })),
  });
  await outbox.resume();
  return outbox;
}

/** The answer says what the event will say; whichever comes second changes nothing. */
function posted(core: Core, message: Posted["message"]) {
  core.store.set((state) => {
    const position = state.inbox.position;
    const event = { ...stamped(core), type: "message_posted" as const, conversation_id: message.conversation_id, seq: message.seq, message };
    const next = applyEvent(state, event);
    // Our own stamp is not a place in the log.
    const inbox = { ...next.inbox, position };
    return changeThread({ ...next, inbox }, message.conversation_id, (view) => ({ ...view, unreadFrom: null }));
  });
}
