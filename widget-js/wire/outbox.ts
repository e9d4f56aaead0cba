/**
 * What a person has sent and the server has not yet acknowledged.
 *
 * Promises: an item stays in the store until `send` has succeeded, so a reload, a crash or
 * a dead server loses nothing; inside one lane items go out one after another in the order
 * they were written; only one tab sends at a time; every try carries the same `client_id`,
 * so a try whose answer was lost is recognised by the server. A refusal that time will not
 * heal marks the item `failed`, lets the rest of the lane go on, and waits for a person.
 */

import { backOff, realClock, type Clock } from "./clock";
import { clientId } from "./ids";
import type { OutboxStore } from "./outbox_store";
import { Problem } from "./rest";

export interface Failure {
  code: string;
  text: string;
}

export interface OutboxItem<P> {
  client_id: string;
  /** Items of one lane keep their order; lanes do not wait for each other. */
  lane: string;
  payload: P;
  order: number;
  state: "queued" | "sending" | "failed";
  attempts: number;
  /** Not before this time (ms); the store keeps it so that a reload does not hammer. */
  next_at: number;
  failure: Failure | null;
  created_at: string;
}

export interface OutboxOptions<P, R> {
  store: OutboxStore<P>;
  send(item: OutboxItem<P>): Promise<R>;
  /** Called before the item leaves the store, so nothing falls between the two. */
  onSent?(item: OutboxItem<P>, result: R): void | Promise<void>;
  /** All items in order, after every change, also one made by another tab. */
  onChange?(items: OutboxItem<P>[]): void;
  /** Run while no other tab runs under the same name. Default: Web Locks, else at once. */
  exclusive?<T>(run: () => Promise<T>): Promise<T>;
  /** Tell other tabs that the store changed, and hear it from them. */
  channel?: { post(): void; listen(heard: () => void): () => void };
  /** Decides whether a failed try may be repeated. Default: `Problem.temporary`, or 401. */
  isTemporary?(error: unknown): boolean;
  clock?: Clock;
}

export interface Outbox<P> {
  /** Keeps the item, then tries. Resolves when it is safely stored. */
  add(payload: P, lane: string, id?: string): Promise<OutboxItem<P>>;
  items(): OutboxItem<P>[];
  /** A person wants a failed item tried again. */
  retry(clientId: string): Promise<void>;
  discard(clientId: string): Promise<void>;
  /** Load what an earlier page left, and send it. */
  resume(): Promise<void>;
  /** The network is back: do not wait out the pauses. */
  wake(): Promise<void>;
  /** No sending until `wake`, for example while there is no session. */
  pause(): void;
  close(): void;
}

const CAP_MS = 30_000;

export function createOutbox<P, R>(options: OutboxOptions<P, R>): Outbox<P> {
  const clock = options.clock ?? realClock;
  const exclusive = options.exclusive ?? ((run) => run());
  const isTemporary = options.isTemporary ?? defaultIsTemporary;
  const known = new Map<string, OutboxItem<P>>();
  const sending = new Set<string>();
  const unstored = new Set<string>();
  let writes = 0;
  let lastOrder = 0;
  let draining: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let cancelTimer = () => {};
  const stopListening = options.channel?.listen(() => void reload().then(drain)) ?? (() => {});

  const sorted = () =>
    [...known.values()].sort((a, b) => a.order - b.order || (a.client_id < b.client_id ? -1 : 1));
  const tell = () => options.onChange?.(sorted());

  async function keep(item: OutboxItem<P>) {
    writes++;
    known.set(item.client_id, item);
    tell();
    try {
      await options.store.put(item);
      unstored.delete(item.client_id);
    } catch {
      // A full or broken store must not keep anybody from writing: this page remembers instead.
      unstored.add(item.client_id);
    }
  }

  async function forget(id: string) {
    writes++;
    known.delete(id);
    unstored.delete(id);
    tell();
    await options.store.remove(id).catch(() => {});
    options.channel?.post();
  }

  async function reload() {
    const stored = await settledItems();
    const isMine = (id: string) => sending.has(id) || unstored.has(id);
    for (const id of [...known.keys()]) if (!isMine(id)) known.delete(id);
    // "sending" in the store and not by us: another tab, or one that died. The lock decides which.
    for (const item of stored) if (!isMine(item.client_id)) known.set(item.client_id, item);
    tell();
  }

  /** The store's items, read at a moment in which this page changed nothing. */
  async function settledItems(): Promise<OutboxItem<P>[]> {
    for (;;) {
      const before = writes;
      const items = await options.store.all().catch(() => null);
      if (!items) return sorted();
      if (before === writes) return items;
    }
  }

  function drain(): Promise<void> {
    if (stopped) return Promise.resolve();
    if (draining) {
      again = true;
      return draining;
    }
    draining = exclusive(drainLocked)
      .catch(() => {})
      .finally(() => {
        draining = null;
        if (again) {
          again = false;
          void drain();
        } else plan();
      });
    return draining;
  }

  /** Only one tab is in here, so whatever the store calls "sending" is nobody's any more. */
  async function drainLocked() {
    await reload();
    const lanes = new Set(sorted().map((item) => item.lane));
    await Promise.all([...lanes].map(drainLane));
  }

  async function drainLane(lane: string) {
    for (;;) {
      const item = sorted().find((one) => one.lane === lane && one.state !== "failed");
      if (!item || stopped || item.next_at > clock.now()) return;
      if (!(await attempt(item))) return;
    }
  }

  /** Answers whether the lane may go on. */
  async function attempt(item: OutboxItem<P>): Promise<boolean> {
    const trying: OutboxItem<P> = { ...item, state: "sending", attempts: item.attempts + 1, failure: null };
    sending.add(item.client_id);
    try {
      await keep(trying);
      const result = await options.send(trying);
      await options.onSent?.(trying, result);
      await forget(item.client_id);
      return true;
    } catch (error) {
      return await missed(trying, error);
    } finally {
      sending.delete(item.client_id);
    }
  }

  async function missed(item: OutboxItem<P>, error: unknown): Promise<boolean> {
    if (isTemporary(error)) {
      const asked = error instanceof Problem ? error.retryAfterMs : null;
      const pause = Math.max(asked ?? 0, backOff(item.attempts, clock, 500, CAP_MS));
      await keep({ ...item, state: "queued", next_at: clock.now() + pause, failure: failureOf(error) });
      return false;
    }
    await keep({ ...item, state: "failed", failure: failureOf(error) });
    options.channel?.post();
    return true;
  }

  /** Wake up for the earliest item that waits. */
  function plan() {
    cancelTimer();
    const waiting = sorted().filter((item) => item.state !== "failed");
    if (stopped || !waiting.length) return;
    const next = Math.min(...waiting.map((item) => item.next_at));
    cancelTimer = clock.after(Math.max(50, next - clock.now()), () => void drain());
  }

  return {
    async add(payload, lane, id = clientId(clock.now())) {
      lastOrder = Math.max(lastOrder + 1, clock.now() * 1000);
      const item: OutboxItem<P> = {
        client_id: id,
        lane,
        payload,
        order: lastOrder,
        state: "queued",
        attempts: 0,
        next_at: 0,
        failure: null,
        created_at: new Date(clock.now()).toISOString(),
      };
      await keep(item);
      options.channel?.post();
      void drain();
      return item;
    },
    items: sorted,
    async retry(id) {
      const item = known.get(id);
      if (!item || item.state !== "failed") return;
      await keep({ ...item, state: "queued", attempts: 0, next_at: 0, failure: null });
      void drain();
    },
    async discard(id) {
      if (!sending.has(id)) await forget(id);
    },
    async resume() {
      stopped = false;
      await reload();
      void drain();
    },
    async wake() {
      stopped = false;
      for (const item of sorted()) {
        if (item.state === "queued" && item.next_at > 0) await keep({ ...item, next_at: 0 });
      }
      void drain();
    },
    pause() {
      stopped = true;
      cancelTimer();
    },
    close() {
      stopped = true;
      cancelTimer();
      stopListening();
    },
  };
}

function defaultIsTemporary(error: unknown): boolean {
  // A 401 that survived one renewal is a session that is being made anew; the words are not at fault.
  return error instanceof Problem ? error.temporary || error.status === 401 : !(error instanceof TypeError);
}

function failureOf(error: unknown): Failure {
  if (error instanceof Problem) return { code: error.code, text: error.detail || error.title };
  return { code: "unknown", text: error instanceof Error ? error.message : "" };
}

/** One runner at a time among all tabs of an origin; at once where the browser has no locks or refuses them. */
export function webLock(name: string): <T>(run: () => Promise<T>) => Promise<T> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (!locks) return (run) => run();
  return async (run) => {
    let hasBegun = false;
    try {
      return await locks.request(name, () => ((hasBegun = true), run()));
    } catch (error) {
      // A frame whose storage is blocked is refused its locks too; it has no other tabs to fear.
      if (hasBegun) throw error;
      return run();
    }
  };
}

/** Tabs of one origin telling each other that something changed; silent where unsupported. */
export function tabChannel(name: string): NonNullable<OutboxOptions<unknown, unknown>["channel"]> {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return { post() {}, listen: () => () => {} };
  }
  return {
    post: () => channel.postMessage("changed"),
    listen(heard) {
      channel.onmessage = () => heard();
      return () => channel.close();
    },
  };
}
