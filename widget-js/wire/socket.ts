/**
 * The live connection: one WebSocket that resumes where it stopped, and long polling when
 * sockets do not get through.
 *
 * Promises: every event of the server's log after the position the caller started from is
 * handed over in order, perhaps twice after a resume (reducers ignore repeats); when the
 * server cannot resume, `onReset` is called and later events wait until it has finished.
 * Senders never throw and lose what they cannot send: nothing that must arrive goes here.
 */

import type { Clock } from "./clock";
import { LiveConnection } from "./live_connection";
import type { LiveEvent, LiveSignal, Polled, Position, Reach } from "./types";

export const SUB_PROTOCOL = "porchlight.v1";

export type LiveState = "idle" | "connecting" | "online" | "polling" | "waiting" | "stopped";

/** Why a connection will not come back by itself. */
export type StopReason = "closed" | "unauthenticated" | "suspended";

export interface SocketLike {
  readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export interface LiveOptions {
  /** Absolute `ws://` or `wss://` address of the live route. */
  url: string;
  /** The token to say hello with; `stale` asks for a new one because the server refused the last. */
  token(stale: boolean): Promise<string | null> | string | null;
  onEvent(event: LiveEvent): void;
  onSignal?(signal: LiveSignal): void;
  onState?(state: LiveState, detail: { reason?: StopReason; retryAt?: number; attempt: number }): void;
  /** Load the state again and answer the position of that snapshot. */
  onReset(): Promise<Position | null>;
  /** Long poll; without it there is no fall-back. `wait` is in seconds. */
  poll?(after: Position | null, wait: number, signal: AbortSignal): Promise<Polled>;
  openSocket?(url: string, protocol: string): SocketLike;
  clock?: Clock;
  /** Failed sockets in a row before polling starts. */
  failuresBeforePoll?: number;
}

export interface Live {
  /** Start, or start again after a stop, from this position (null: from now on). */
  start(after: Position | null): void;
  stop(): void;
  /** The network or the tab came back: do not wait out the pause. */
  wake(): void;
  position(): Position | null;
  state(): LiveState;
  typing(conversationId: string, on: boolean): void;
  presence(state: "online" | "away", viewing: string | null): void;
  /** Answers whether it went out now; when not, it is sent with the next welcome. */
  seen(conversationId: string, seq: number, state: Reach): boolean;
  token(token: string): void;
}

export function createLive(options: LiveOptions): Live {
  return new LiveConnection(options);
}

/** `https://host/x` → `wss://host/x`, for a path on the page's own origin. */
export function liveUrl(path: string, origin: string): string {
  const url = new URL(path, origin);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return url.href;
}
