/** Empties the outbox: lane by lane, one item after another, with pauses after what failed. */

import { backOff, realClock, type Clock } from "./clock";
import { clientId } from "./ids";
import type { Failure, Outbox, OutboxItem, OutboxOptions } from "./outbox";
import { OutboxList } from "./outbox_list";
import { Problem } from "./rest";

const CAP_MS = 30_000;

export class OutboxSender<P, R> implements Outbox<P> {
  readonly #clock: Clock;
  readonly #list: OutboxList<P>;
  readonly #stopListening: () => void;
  #lastOrder = 0;
  #draining: Promise<void> | null = null;
  #isAgain = false;
  #isStopped = false;
  #cancelTimer = () => {};

  constructor(readonly options: OutboxOptions<P, R>) {
    this.#clock = options.clock ?? realClock;
    this.#list = new OutboxList(options.store, (items) => options.onChange?.(items));
    const heard = () => void this.#list.reload().then(() => this.#drain());
    this.#stopListening = options.channel?.listen(heard) ?? (() => {});
  }

  async add(payload: P, lane: string, id = clientId(this.#clock.now())): Promise<OutboxItem<P>> {
    const now = this.#clock.now();
    const order = (this.#lastOrder = Math.max(this.#lastOrder + 1, now * 1000));
    const created_at = new Date(now).toISOString();
    const item: OutboxItem<P> = { client_id: id, lane, payload, order, state: "queued", attempts: 0, next_at: 0, failure: null, created_at };
    await this.#list.keep(item);
    this.options.channel?.post();
    void this.#drain();
    return item;
  }

  items() {
    return this.#list.sorted();
  }

  async retry(id: string) {
    const item = this.#list.get(id);
    if (!item || item.state !== "failed") return;
    await this.#list.keep({ ...item, state: "queued", attempts: 0, next_at: 0, failure: null });
    void this.#drain();
  }

  async discard(id: string) {
    if (!this.#list.sending.has(id)) await this.#forget(id);
  }

  async amend(id: string, change: (payload: P) => P) {
    const item = this.#list.get(id);
    if (!item || this.#list.sending.has(id)) return;
    await this.#list.keep({ ...item, payload: change(item.payload) });
    this.options.channel?.post();
    void this.#drain();
  }

  async fail(id: string, failure: Failure) {
    const item = this.#list.get(id);
    if (!item || item.state === "failed" || this.#list.sending.has(id)) return;
    await this.#list.keep({ ...item, state: "failed", failure });
    this.options.channel?.post();
    void this.#drain();
  }

  async resume() {
    this.#isStopped = false;
    await this.#list.reload();
    void this.#drain();
  }

  async wake() {
    this.#isStopped = false;
    for (const item of this.#list.sorted()) {
      if (item.state === "queued" && item.next_at > 0) await this.#list.keep({ ...item, next_at: 0 });
    }
    void this.#drain();
  }

  pause() {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  close() {
    this.pause();
    this.#stopListening();
  }

  async #forget(id: string) {
    await this.#list.forget(id);
    this.options.channel?.post();
  }

  #drain(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    if (this.#draining) {
      this.#isAgain = true;
      return this.#draining;
    }
    const exclusive = this.options.exclusive ?? ((run) => run());
    this.#draining = exclusive(() => this.#drainLocked())
      .catch(() => {})
      .finally(() => this.#drained());
    return this.#draining;
  }

  #drained() {
    this.#draining = null;
    if (!this.#isAgain) return this.#plan();
    this.#isAgain = false;
    void this.#drain();
  }

  /** Only one tab is in here, so whatever the store calls "sending" is nobody's any more. */
  async #drainLocked() {
    await this.#list.reload();
    const lanes = new Set(this.#list.sorted().map((item) => item.lane));
    await Promise.all([...lanes].map((lane) => this.#drainLane(lane)));
  }

  async #drainLane(lane: string) {
    for (;;) {
      const item = this.#heads().get(lane);
      if (!item || this.#isStopped || item.next_at > this.#clock.now()) return;
      if (!(await this.#attempt(item))) return;
    }
  }

  /** The first item of each lane, where it may go at all: the ones behind it wait for it. */
  #heads(): Map<string, OutboxItem<P>> {
    const heads = new Map<string, OutboxItem<P>>();
    for (const item of this.#list.sorted()) if (item.state !== "failed" && !heads.has(item.lane)) heads.set(item.lane, item);
    const { isReady } = this.options;
    return isReady ? new Map([...heads].filter(([, item]) => isReady(item))) : heads;
  }

  /** Answers whether the lane may go on. */
  async #attempt(item: OutboxItem<P>): Promise<boolean> {
    const trying: OutboxItem<P> = { ...item, state: "sending", attempts: item.attempts + 1, failure: null };
    this.#list.sending.add(item.client_id);
    try {
      await this.#list.keep(trying);
      const result = await this.options.send(trying);
      await this.options.onSent?.(trying, result);
      await this.#forget(item.client_id);
      return true;
    } catch (error) {
      return await this.#missed(trying, error);
    } finally {
      this.#list.sending.delete(item.client_id);
    }
  }

  async #missed(item: OutboxItem<P>, error: unknown): Promise<boolean> {
    const failure = failureOf(error);
    const healed = this.options.heal?.(item, error);
    if (healed) {
      await this.#list.keep({ ...item, payload: healed, state: "queued", next_at: 0, failure });
      this.options.channel?.post();
      return true;
    }
    if ((this.options.isTemporary ?? isTemporary)(error)) {
      const asked = error instanceof Problem ? error.retryAfterMs : null;
      const pause = Math.max(asked ?? 0, backOff(item.attempts, this.#clock, 500, CAP_MS));
      await this.#list.keep({ ...item, state: "queued", next_at: this.#clock.now() + pause, failure });
      return false;
    }
    await this.#list.keep({ ...item, state: "failed", failure });
    this.options.channel?.post();
    return true;
  }

  /** Wake up for the earliest lane that waits. */
  #plan() {
    this.#cancelTimer();
    const heads = [...this.#heads().values()];
    if (this.#isStopped || !heads.length) return;
    const next = Math.min(...heads.map((item) => item.next_at));
    this.#cancelTimer = this.#clock.after(Math.max(50, next - this.#clock.now()), () => void this.#drain());
  }
}

function isTemporary(error: unknown): boolean {
  // A 401 that survived one renewal is a session that is being made anew; the words are not at fault.
  return error instanceof Problem ? error.temporary || error.status === 401 : !(error instanceof TypeError);
}

function failureOf(error: unknown): Failure {
  if (error instanceof Problem) return { code: error.code, text: error.detail || error.title };
  return { code: "unknown", text: error instanceof Error ? error.message : "" };
}
