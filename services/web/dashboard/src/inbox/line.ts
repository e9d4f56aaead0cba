/** The live connection of the inbox, and the state it starts from when the log cannot be resumed. */
import { createLive, liveUrl, type Live, type LiveState, type Polled, type Position, type StopReason } from "wire";
import { everything, here } from "../router.ts";
import { session } from "../session.ts";
import type { Core } from "./core.ts";
import type { Hearing } from "./hearing.ts";
import type { Lists } from "./lists.ts";
import type { Sending } from "./sending.ts";
import type { Signals } from "./signals.ts";
import type { Threads } from "./threads.ts";

export interface Line {
  live: Live;
  start(): Promise<void>;
  onReload(heard: () => void): () => void;
  close(): void;
}

interface Parts {
  lists: Lists;
  threads: Threads;
  signals: Signals;
  sending: Sending;
  hearing: Hearing;
}

export function line(core: Core, parts: Parts): Line {
  const reloaders = new Set<() => void>();
  let behind = false;
  let closed = false;

  async function anew(): Promise<Position> {
    const position = await snapshot(core, parts);
    behind = false;
    for (const reload of reloaders) reload();
    return position;
  }

  function changed(state: LiveState, reason: StopReason | null) {
    core.store.set((old) => ({ ...old, connection: { state, reason, wasOnline: old.connection.wasOnline || isOn(state) } }));
    if (reason === "unauthenticated") session.end("ended");
    if (!isOn(state)) return;
    parts.sending.wake();
    core.files.uploads.wake();
    parts.threads.retry();
    if (behind) void anew().catch(() => (behind = true));
  }

  const live = createLive({
    url: liveUrl("/v1/live", location.origin),
    token: (stale) => session.fresh(stale),
    onEvent: parts.hearing.hear,
    onSignal: parts.signals.hear,
    onReset: anew,
    poll: (after, wait, signal) => core.rest.get<Polled>("/v1/live/poll", { query: { after, wait }, signal, timeoutMs: (wait + 15) * 1000 }),
    onState: (state, { reason }) => changed(state, reason ?? null),
  });

  return {
    live,
    onReload: (listener) => (reloaders.add(listener), () => void reloaders.delete(listener)),
    async start() {
      try {
        live.start(await anew());
      } catch {
        // Nothing to show yet, but the connection's own pauses decide when to try again.
        behind = true;
        if (!closed) live.start(null);
      }
    },
    close() {
      closed = true;
      live.stop();
    },
  };
}

const isOn = (state: LiveState) => state === "online" || state === "polling";

/** What is on the screen, in place of everything known before. */
async function snapshot(core: Core, { lists, threads }: Parts): Promise<Position> {
  const route = here();
  const position = await lists.loadAnew(route.page === "inbox" ? route.filter : everything);
  const open = route.page === "inbox" ? route.conversation : null;
  core.store.set((state) => ({ ...state, threads: new Map([...state.threads].filter(([id]) => id === open)) }));
  if (open) await threads.reload(open);
  await lists.count().catch(() => undefined);
  return position;
}
