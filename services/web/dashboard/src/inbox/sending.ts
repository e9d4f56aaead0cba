/** Words and files on their way: kept in this browser until the server has them, in order, whatever happens to the tab. */
import {
  createFeed,
  createOutbox,
  fileIds,
  healFiles,
  isUploaded,
  openOutboxStore,
  tabChannel,
  webLock,
  type Feed,
  type Outbox,
  type OutboxItem,
  type Posted,
} from "wire";
import type { Core } from "./core.ts";
import { stamped } from "./core.ts";
import { applyEvent, changeThread, type Words } from "./state.ts";

export interface Sending {
  add(words: Words): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** Nothing of a deleted conversation is sent. */
  drop(conversation: string): void;
  /** The uploads have changed. */
  uploaded(): void;
  wake(): void;
  start(): Promise<void>;
  close(): void;
}

export function sending(core: Core): Sending {
  let kept: { outbox: Outbox<Words>; feed: Feed<Words> } | null = null;
  let isOver = false;

  async function start() {
    const store = await openOutboxStore<Words>(nameOf(core));
    if (isOver) return;
    const outbox = open(core, store, (items) => kept?.feed.changed(items));
    kept = { outbox, feed: createFeed(outbox, core.files.uploads) };
    await outbox.resume();
    const owed = outbox.items().flatMap(({ payload }) => payload.files ?? []);
    await core.files.trays.restore(owed);
  }

  return {
    add: (words) => void kept?.outbox.add(words, words.conversation_id).catch(core.complain),
    retry: (id) => void kept?.feed.retry(id),
    discard: (id) => void kept?.feed.discard(id),
    drop(conversation) {
      for (const item of kept?.outbox.items() ?? []) if (item.lane === conversation) void kept?.feed.discard(item.client_id);
    },
    uploaded: () => kept?.feed.uploaded(),
    wake: () => void kept?.outbox.wake(),
    start,
    close() {
      isOver = true;
      kept?.outbox.close();
    },
  };
}

const nameOf = (core: Core) => `porchlight.outbox.${core.me.id}`;

type Store = Awaited<ReturnType<typeof openOutboxStore<Words>>>;

function open(core: Core, store: Store, changed: (items: OutboxItem<Words>[]) => void): Outbox<Words> {
  const name = nameOf(core);
  return createOutbox<Words, Posted>({
    store,
    exclusive: webLock(name),
    channel: tabChannel(name),
    isReady: isUploaded,
    heal: healFiles,
    send: (item) => post(core, item),
    onSent: (_item, { message }) => posted(core, message),
    onChange(waiting) {
      core.store.set((state) => ({ ...state, waiting }));
      changed(waiting);
    },
  });
}

function post(core: Core, { client_id, payload }: OutboxItem<Words>): Promise<Posted> {
  const { conversation_id, body, visibility, answers, content } = payload;
  const file_ids = fileIds(payload);
  return core.rest.post<Posted>(`/v1/conversations/${conversation_id}/messages`, {
    client_id,
    body,
    visibility,
    ...(file_ids.length && { file_ids }),
    ...(answers && { reply_to: answers.id }),
    ...(content && { content }),
  });
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
