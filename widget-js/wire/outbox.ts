/**
 * What a person has sent and the server has not yet acknowledged.
 *
 * Promises: an item stays in the store until `send` has succeeded, so a reload, a crash or
 * a dead server loses nothing; inside one lane items go out one after another in the order
 * they were written; only one tab sends at a time; every try carries the same `client_id`,
 * so a try whose answer was lost is recognised by the server. A refusal that time will not
 * heal marks the item `failed`, lets the rest of the lane go on, and waits for a person. An
 * item that is not ready yet (its files are still on their way) holds its lane.
 */

import type { Clock } from "./clock";
import { OutboxSender } from "./outbox_sender";
import type { OutboxStore } from "./outbox_store";
import type { TabChannel } from "./outbox_tabs";

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
  channel?: TabChannel;
  /** Decides whether a failed try may be repeated. Default: `Problem.temporary`, or 401. */
  isTemporary?(error: unknown): boolean;
  /** A refusal that another payload may heal: answers that payload, and the item stays in its place. */
  heal?(item: OutboxItem<P>, error: unknown): P | null;
  /** Whether an item may go now; its lane waits behind one that may not. Default: always. */
  isReady?(item: OutboxItem<P>): boolean;
  clock?: Clock;
}

export interface Outbox<P> {
  /** Keeps the item, then tries. Resolves when it is safely stored. */
  add(payload: P, lane: string, id?: string): Promise<OutboxItem<P>>;
  items(): OutboxItem<P>[];
  /** A person wants a failed item tried again. */
  retry(clientId: string): Promise<void>;
  discard(clientId: string): Promise<void>;
  /** What an item carries has changed, as when its files have arrived. Not while it is being sent. */
  amend(clientId: string, change: (payload: P) => P): Promise<void>;
  /** It cannot go as it is: it waits for a person, and the rest of its lane goes on. */
  fail(clientId: string, failure: Failure): Promise<void>;
  /** Load what an earlier page left, and send it. */
  resume(): Promise<void>;
  /** The network is back: do not wait out the pauses. */
  wake(): Promise<void>;
  /** No sending until `wake`, for example while there is no session. */
  pause(): void;
  close(): void;
}

export function createOutbox<P, R>(options: OutboxOptions<P, R>): Outbox<P> {
  return new OutboxSender(options);
}
