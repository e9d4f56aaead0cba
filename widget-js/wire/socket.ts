/**
 * The live connection: one WebSocket that resumes where it stopped, and long polling when
 * sockets do not get through.
 *
 * Promises: every event of the server's log after the position the caller started from is
 * handed over in order, perhaps twice after a resume (reducers ignore repeats); when the
 * server cannot resume, `onReset` is called and later events wait until it has finished.
 * Senders never throw and lose what they cannot send: nothing that must arrive goes here.
 */

import { backOff, realClock, type Clock } from "./clock";
import type { ClientFrame, LiveEvent, LiveSignal, Polled, Position, ServerFrame } from "./types";

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
  seen(conversationId: string, seq: number, state: "delivered" | "read"): boolean;
  token(token: string): void;
}

const HELLO_LIMIT_MS = 10_000;
/** Two pings and some slack: then the peer is dead whatever the operating system believes. */
const SILENCE_LIMIT_MS = 60_000;
const STABLE_MS = 10_000;
const SOCKET_AGAIN_MS = 60_000;
const HEAD_CHECK_EVERY_MS = 60_000;
const POLL_WAIT_S = 25;

export function createLive(options: LiveOptions): Live {
  const clock = options.clock ?? realClock;
  const openSocket =
    options.openSocket ?? ((url, protocol) => new WebSocket(url, protocol) as unknown as SocketLike);
  const failuresBeforePoll = options.failuresBeforePoll ?? 3;

  let state: LiveState = "idle";
  let after: Position | null = null;
  let attempt = 0;
  let failures = 0;
  let socket: SocketLike | null = null;
  let welcomed = false;
  let tokenRefused = false;
  /** Every start and every new socket makes earlier callbacks strangers. */
  let era = 0;
  let resetOwed = false;
  let held: LiveEvent[] | null = null;
  let headAskedAt = -Infinity;
  let polling: AbortController | null = null;
  const timers = new Map<string, () => void>();
  let lastPresence: ClientFrame | null = null;
  const lastSeen = new Map<string, ClientFrame & { type: "seen" }>();

  function timer(name: string, ms: number, run: () => void) {
    timers.get(name)?.();
    timers.set(
      name,
      clock.after(ms, () => {
        timers.delete(name);
        run();
      }),
    );
  }

  function clear(...names: string[]) {
    for (const name of names) {
      timers.get(name)?.();
      timers.delete(name);
    }
  }

  /** Everything that belongs to one socket; the polling loop's own pause is not among it. */
  const clearSocket = () => clear("hello", "silence", "stable", "move", "retry", "again");

  function become(next: LiveState, detail: { reason?: StopReason; retryAt?: number } = {}) {
    if (state === next && next !== "waiting") return;
    state = next;
    options.onState?.(next, { ...detail, attempt });
  }

  // Connecting ---------------------------------------------------------------------------

  async function connect() {
    const mine = ++era;
    clearSocket();
    dropSocket();
    if (!polling) become("connecting");
    let token: string | null = null;
    try {
      token = await options.token(tokenRefused);
    } catch {
      if (mine === era) lost(false);
      return;
    }
    if (mine !== era) return;
    if (!token) return end("unauthenticated");
    tokenRefused = false;
    dial(token, mine);
  }

  function dial(token: string, mine: number) {
    let opened: SocketLike;
    try {
      opened = openSocket(options.url, SUB_PROTOCOL);
    } catch {
      // A page's policy or an extension may refuse to even construct one.
      return lost(true);
    }
    socket = opened;
    welcomed = false;
    timer("hello", HELLO_LIMIT_MS, () => mine === era && lost(true));
    opened.onopen = () => mine === era && send({ type: "hello", token, after });
    opened.onmessage = ({ data }) => mine === era && receive(data);
    opened.onclose = ({ code }) => mine === era && closed(code);
    opened.onerror = () => {};
  }

  function dropSocket() {
    const old = socket;
    socket = null;
    welcomed = false;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    try {
      old.close(1000);
    } catch {
      // Already closing; nothing is owed to it.
    }
  }

  function lost(isSocketFault: boolean, pauseMs?: number) {
    era++;
    dropSocket();
    clearSocket();
    if (isSocketFault) failures++;
    if (polling) return timer("again", SOCKET_AGAIN_MS, () => void connect());
    if (options.poll && failures >= failuresBeforePoll) return void startPolling();
    const pause = pauseMs ?? backOff(attempt++, clock);
    become("waiting", { retryAt: clock.now() + pause });
    timer("retry", pause, () => void connect());
  }

  function end(reason: StopReason) {
    era++;
    dropSocket();
    clearSocket();
    stopPolling();
    become("stopped", { reason });
  }

  function closed(code: number) {
    const wasWelcomed = welcomed;
    if (code === 4403) return end("suspended");
    if (code === 4401) {
      // Refused straight after a fresh token: asking for ever would only hammer the server.
      if (!wasWelcomed && attempt > 3) return end("unauthenticated");
      tokenRefused = true;
      return lost(false);
    }
    // Slow reader and restart: the log has what we miss, so come back almost at once.
    if (code === 4408 || code === 1012) return lost(false, backOff(1, clock));
    if (code === 4400) attempt = Math.max(attempt, 6);
    lost(!wasWelcomed);
  }

  // Receiving ----------------------------------------------------------------------------

  function receive(data: unknown) {
    timer("silence", SILENCE_LIMIT_MS, () => lost(false, 0));
    const frame = parse(data);
    if (!frame) return;
    switch (frame.type) {
      case "welcome":
        return welcome(frame.position, frame.resumed);
      case "ping":
        send({ type: "pong" });
        return void checkHead(frame.position);
      case "reconnect":
        return timer("move", Math.max(0, frame.after_ms), () => void connect());
      case "typing":
      case "presence":
      case "viewing":
        return options.onSignal?.(frame);
      default:
        return deliver(frame);
    }
  }

  function welcome(position: Position, resumed: boolean) {
    welcomed = true;
    failures = 0;
    clear("hello");
    stopPolling();
    timer("stable", STABLE_MS, () => (attempt = 0));
    if (!resumed || resetOwed) void reset(position);
    else after ??= position;
    become("online");
    if (lastPresence) send(lastPresence);
    for (const frame of lastSeen.values()) send(frame);
    lastSeen.clear();
  }

  function deliver(event: LiveEvent) {
    if (held) return void held.push(event);
    if (typeof event.position === "string") after = event.position;
    options.onEvent(event);
  }

  /** The state is loaded anew; what happens meanwhile waits its turn behind it. */
  async function reset(position: Position) {
    const mine = era;
    resetOwed = true;
    held = [];
    try {
      const snapshot = await options.onReset();
      if (mine !== era) return;
      after = snapshot ?? position;
      resetOwed = false;
      const waited = held;
      held = null;
      for (const event of waited) deliver(event);
    } catch {
      held = null;
      if (mine === era) lost(false);
    }
  }

  /**
   * The head is further than we are. On an ordered connection that is usually another
   * conversation's news, but a lost hint would look the same: ask, not too often.
   */
  async function checkHead(head: Position) {
    if (!options.poll || held || head === after || clock.now() - headAskedAt < HEAD_CHECK_EVERY_MS) return;
    headAskedAt = clock.now();
    const mine = era;
    const asked = after;
    try {
      const answer = await options.poll(asked, 0, new AbortController().signal);
      if (mine !== era || held) return;
      if (!answer.resumed) return void reset(answer.position);
      for (const event of answer.events) deliver(event);
      // Nothing was missed: what lies between is not for us, and the head is a fine place to resume from.
      if (after === asked) after = head;
    } catch {
      // The socket is healthy; the next ping asks again.
    }
  }

  // Polling ------------------------------------------------------------------------------

  async function startPolling() {
    const run = (polling = new AbortController());
    timer("again", SOCKET_AGAIN_MS, () => void connect());
    let misses = 0;
    while (polling === run) {
      try {
        const first = state !== "polling";
        const answer = await options.poll!(after, first ? 0 : POLL_WAIT_S, run.signal);
        if (polling !== run) return;
        misses = 0;
        await pollAnswered(answer);
      } catch {
        if (polling !== run) return;
        const pause = backOff(attempt++, clock);
        become("waiting", { retryAt: clock.now() + pause });
        if (++misses >= 2) {
          // Nothing gets through at all: take turns with the socket again.
          stopPolling();
          return timer("retry", pause, () => void connect());
        }
        await new Promise<void>((go) => timer("poll", pause, go));
      }
    }
  }

  async function pollAnswered(answer: Polled) {
    attempt = 0;
    become("polling");
    if (!answer.resumed || resetOwed) {
      resetOwed = true;
      held = null;
      after = (await options.onReset()) ?? answer.position;
      resetOwed = false;
      return;
    }
    for (const event of answer.events) deliver(event);
    after = answer.position;
  }

  function stopPolling() {
    const old = polling;
    polling = null;
    clear("again", "poll");
    old?.abort();
  }

  // Sending ------------------------------------------------------------------------------

  function send(frame: ClientFrame): boolean {
    if (!socket || socket.readyState !== 1) return false;
    if (frame.type !== "hello" && !welcomed) return false;
    try {
      socket.send(JSON.stringify(frame));
      return true;
    } catch {
      return false;
    }
  }

  return {
    start(from) {
      after = from;
      attempt = failures = 0;
      resetOwed = false;
      held = null;
      tokenRefused = false;
      stopPolling();
      void connect();
    },
    stop() {
      lastPresence = null;
      lastSeen.clear();
      end("closed");
    },
    wake() {
      if (state === "waiting") void connect();
      else if (polling) void connect();
    },
    position: () => after,
    state: () => state,
    typing(conversation_id, on) {
      send({ type: "typing", conversation_id, on });
    },
    presence(presence, viewing) {
      lastPresence = { type: "presence", state: presence, viewing };
      send(lastPresence);
    },
    seen(conversation_id, seq, how) {
      const frame = { type: "seen", conversation_id, seq, state: how } as const;
      if (send(frame)) return true;
      const key = `${how} ${conversation_id}`;
      const kept = lastSeen.get(key);
      if (!kept || kept.seq < seq) lastSeen.set(key, frame);
      return false;
    },
    token(token) {
      send({ type: "token", token });
    },
  };
}

function parse(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    const hasType = typeof frame === "object" && frame !== null && "type" in frame;
    return hasType && typeof frame.type === "string" ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}

/** `https://host/x` → `wss://host/x`, for a path on the page's own origin. */
export function liveUrl(path: string, origin: string): string {
  const url = new URL(path, origin);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return url.href;
}
