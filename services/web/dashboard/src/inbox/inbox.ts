/**
 * The inbox of one signed-in person: a store, the live connection that feeds it, and what can be done. Made at sign-in,
 * closed at sign-out; every tab has its own and all see the same log.
 */
import type { LiveEvent, LoggedIn, Uploads } from "wire";
import type { FileLinks } from "../files/links.ts";
import { filesPart } from "../files/part.ts";
import type { Trays } from "../files/trays.ts";
import { mayManage, maySupervise, mayWrite, rest, session } from "../session.ts";
import { actions, type Actions } from "./actions.ts";
import type { Core } from "./core.ts";
import { draftStore, type Draft } from "./drafts.ts";
import { hearing } from "./hearing.ts";
import { line } from "./line.ts";
import { lists, type Lists } from "./lists.ts";
import { sending } from "./sending.ts";
import { shelf } from "./shelf.ts";
import { signals, type Signals } from "./signals.ts";
import { emptyState, markDraft, type State, type Words } from "./state.ts";
import { createStore, type Store } from "./store.ts";
import { threads, type Threads } from "./threads.ts";

export interface Inbox {
  store: Store<State>;
  me: LoggedIn["agent"];
  mayWrite: boolean;
  maySupervise: boolean;
  mayManage: boolean;
  lists: Lists;
  threads: Threads;
  actions: Actions;
  signals: Signals;
  uploads: Uploads;
  trays: Trays;
  links: FileLinks;
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
  const core = coreOf(self, complain);
  const parts = { lists: lists(core), threads: threads(core), actions: actions(core), signals: signals(core) };
  const outbox = sending(core);
  const ears = hearing(core, { ...parts, sending: outbox });
  const wire = line(core, { ...parts, sending: outbox, hearing: ears });
  core.connect({ live: wire.live, uploaded: outbox.uploaded });
  const renewed = session.subscribe(() => {
    const token = session.token();
    if (token) wire.live.token(token);
  });
  const unwatch = parts.signals.watch();
  void wire.start();
  if (core.mayWrite) void outbox.start();

  return {
    ...parts,
    ...core.files,
    store: core.store,
    me: core.me,
    mayWrite: core.mayWrite,
    maySupervise: maySupervise(core.me.role),
    mayManage: mayManage(core.me.role),
    send: outbox.add,
    retry: outbox.retry,
    discard: outbox.discard,
    draft: (conversation) => core.drafts.read(conversation),
    keepDraft(conversation, draft) {
      core.drafts.write(conversation, draft);
      core.store.set((state) => markDraft(state, conversation, draft));
    },
    listen: ears.listen,
    onReload: wire.onReload,
    wake() {
      wire.live.wake();
      core.files.uploads.wake();
      outbox.wake();
    },
    close() {
      renewed();
      unwatch();
      wire.close();
      outbox.close();
      core.files.uploads.close();
    },
  };
}

/** The live connection is made of parts that need the core: they are joined last. */
function coreOf(self: LoggedIn, complain: (error: unknown) => void) {
  const place = shelf();
  const drafts = draftStore(place, self.agent.id);
  const store = createStore<State>({ ...emptyState, drafts: new Set(drafts.all()) });
  let joined: { live: ReturnType<Core["live"]>; uploaded(): void } | null = null;
  const core: Core = {
    store,
    rest,
    me: self.agent,
    mayWrite: mayWrite(self.agent.role),
    drafts,
    files: filesPart(store, self.agent.id, place, () => joined?.uploaded()),
    complain,
    live() {
      if (!joined) throw new Error("The connection is used before it is made.");
      return joined.live;
    },
  };
  return { ...core, connect: (made: NonNullable<typeof joined>) => void (joined = made) };
}
