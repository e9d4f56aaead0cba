/** Connecting, staying connected, and polling where sockets do not get through. */

import { backOff, realClock, type Clock } from "./clock";
import { LiveLine, parseFrame } from "./live_line";
import { LiveLog } from "./live_log";
import { LiveSignals } from "./live_signals";
import { SUB_PROTOCOL, type Live, type LiveOptions, type LiveState, type SocketLike, type StopReason } from "./socket";
import { createTimers, type Timers } from "./timers";
import type { Polled, Position, Reach } from "./types";

const HELLO_LIMIT_MS = 10_000;
/** Two pings and some slack: then the peer is dead whatever the operating system believes. */
const SILENCE_LIMIT_MS = 60_000;
const STABLE_MS = 10_000;
const SOCKET_AGAIN_MS = 60_000;
const HEAD_CHECK_EVERY_MS = 60_000;
const POLL_WAIT_S = 25;
/** What belongs to one socket; the polling loop's own pause is not among it. */
const SOCKET_TIMERS = ["hello", "silence", "stable", "move", "retry", "again"];

export class LiveConnection implements Live {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #line: LiveLine;
  readonly #log: LiveLog;
  readonly #signals: LiveSignals;
  #state: LiveState = "idle";
  #attempt = 0;
  #failures = 0;
  #isTokenRefused = false;
  /** Every start and every new socket makes earlier callbacks strangers. */
  #era = 0;
  #headAskedAt = -Infinity;
  #polling: AbortController | null = null;

  constructor(readonly options: LiveOptions) {
    const open = options.openSocket ?? ((url, protocol) => new WebSocket(url, protocol) as unknown as SocketLike);
    this.#clock = options.clock ?? realClock;
    this.#timers = createTimers(this.#clock);
    this.#line = new LiveLine(() => open(options.url, SUB_PROTOCOL));
    this.#log = new LiveLog(options);
    this.#signals = new LiveSignals(this.#line);
  }

  start(from: Position | null) {
    this.#log.startFrom(from);
    this.#attempt = this.#failures = 0;
    this.#isTokenRefused = false;
    this.#stopPolling();
    void this.#connect();
  }

  stop() {
    this.#signals.forget();
    this.#end("closed");
  }

  wake() {
    if (this.#state === "waiting" || this.#polling) void this.#connect();
  }

  position() {
    return this.#log.after;
  }

  state() {
    return this.#state;
  }

  typing(conversation_id: string, on: boolean) {
    this.#line.send({ type: "typing", conversation_id, on });
  }

  presence(state: "online" | "away", viewing: string | null) {
    this.#signals.presence(state, viewing);
  }

  seen(conversation_id: string, seq: number, state: Reach) {
    return this.#signals.seen(conversation_id, seq, state);
  }

  token(token: string) {
    this.#line.send({ type: "token", token });
  }

  #become(next: LiveState, detail: { reason?: StopReason; retryAt?: number } = {}) {
    if (this.#state === next && next !== "waiting") return;
    this.#state = next;
    this.options.onState?.(next, { ...detail, attempt: this.#attempt });
  }

  // Connecting ---------------------------------------------------------------------------

  async #connect() {
    const mine = ++this.#era;
    this.#hangUp();
    if (!this.#polling) this.#become("connecting");
    let token: string | null = null;
    try {
      token = await this.options.token(this.#isTokenRefused);
    } catch {
      if (mine === this.#era) this.#lost(false);
      return;
    }
    if (mine !== this.#era) return;
    if (!token) return this.#end("unauthenticated");
    this.#isTokenRefused = false;
    this.#dial(token);
  }

  #dial(token: string) {
    try {
      this.#line.dial({
        opened: () => this.#line.send({ type: "hello", token, after: this.#log.after }),
        said: (data) => this.#receive(data),
        closed: (code) => this.#closed(code),
      });
    } catch {
      return this.#lost(true);
    }
    this.#timers.set("hello", HELLO_LIMIT_MS, () => this.#lost(true));
  }

  /** Nothing of the last socket is heard any more, neither its frames nor its timers. */
  #hangUp() {
    this.#line.hangUp();
    this.#timers.clear(...SOCKET_TIMERS);
  }

  #lost(isSocketFault: boolean, pauseMs?: number) {
    this.#era++;
    this.#hangUp();
    if (isSocketFault) this.#failures++;
    if (this.#polling) return this.#socketAgain();
    if (this.options.poll && this.#failures >= (this.options.failuresBeforePoll ?? 3)) return void this.#poll();
    this.#retryIn(pauseMs ?? backOff(this.#attempt++, this.#clock));
  }

  #retryIn(pause: number) {
    this.#become("waiting", { retryAt: this.#clock.now() + pause });
    this.#timers.set("retry", pause, () => void this.#connect());
  }

  #socketAgain() {
    // a crowd that was refused in one second must not come back in one
    const pause = SOCKET_AGAIN_MS * (0.5 + this.#clock.random());
    this.#timers.set("again", pause, () => void this.#connect());
  }

  #end(reason: StopReason) {
    this.#era++;
    this.#hangUp();
    this.#stopPolling();
    this.#become("stopped", { reason });
  }

  #closed(code: number) {
    const wasWelcome = this.#line.isWelcome;
    if (code === 4403) return this.#end("suspended");
    if (code === 4401) {
      // Refused straight after a fresh token: asking for ever would only hammer the server.
      if (!wasWelcome && this.#attempt > 3) return this.#end("unauthenticated");
      this.#isTokenRefused = true;
      return this.#lost(false);
    }
    // Slow reader and restart: the log has what we miss, so come back almost at once.
    if (code === 4408 || code === 1012) return this.#lost(false, backOff(1, this.#clock));
    if (code === 4400) this.#attempt = Math.max(this.#attempt, 6);
    this.#lost(!wasWelcome);
  }

  // Receiving ----------------------------------------------------------------------------

  #receive(data: unknown) {
    this.#timers.set("silence", SILENCE_LIMIT_MS, () => this.#lost(false, 0));
    const frame = parseFrame(data);
    if (!frame) return;
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame.position, frame.resumed);
      case "ping":
        this.#line.send({ type: "pong" });
        return void this.#checkHead(frame.position);
      case "reconnect":
        return this.#timers.set("move", Math.max(0, frame.after_ms), () => void this.#connect());
      case "typing":
      case "presence":
      case "viewing":
        return this.options.onSignal?.(frame);
      default:
        return this.#log.deliver(frame);
    }
  }

  #welcome(position: Position, resumed: boolean) {
    this.#line.isWelcome = true;
    this.#failures = 0;
    this.#timers.clear("hello");
    this.#stopPolling();
    this.#timers.set("stable", STABLE_MS, () => (this.#attempt = 0));
    if (!resumed || this.#log.isResetOwed) void this.#reset(position);
    else this.#log.after ??= position;
    this.#become("online");
    this.#signals.sendKept();
  }

  async #reset(position: Position) {
    const mine = this.#era;
    try {
      await this.#log.reset(position, () => mine === this.#era);
    } catch {
      if (mine === this.#era) this.#lost(false);
    }
  }

  /**
   * The head is further than we are. On an ordered connection that is usually another
   * conversation's news, but a lost hint would look the same: ask, not too often.
   */
  async #checkHead(head: Position) {
    const asked = this.#log.after;
    const isSoon = this.#clock.now() - this.#headAskedAt < HEAD_CHECK_EVERY_MS;
    if (!this.options.poll || this.#log.isHeld || head === asked || isSoon) return;
    this.#headAskedAt = this.#clock.now();
    const mine = this.#era;
    try {
      const answer = await this.options.poll(asked, 0, new AbortController().signal);
      if (mine !== this.#era || this.#log.isHeld) return;
      if (!answer.resumed) return void this.#reset(answer.position);
      for (const event of answer.events) this.#log.deliver(event);
      // Nothing was missed: what lies between is not for us, and the head is a fine place to resume from.
      if (this.#log.after === asked) this.#log.after = head;
    } catch {
      // The socket is healthy; the next ping asks again.
    }
  }

  // Polling ------------------------------------------------------------------------------

  async #poll() {
    const run = (this.#polling = new AbortController());
    this.#socketAgain();
    for (let misses = 0; this.#polling === run; ) {
      try {
        const wait = this.#state === "polling" ? POLL_WAIT_S : 0;
        const answer = await this.options.poll!(this.#log.after, wait, run.signal);
        if (this.#polling !== run) return;
        misses = 0;
        await this.#polled(answer);
      } catch {
        if (this.#polling !== run) return;
        await this.#missed(++misses);
      }
    }
  }

  async #polled(answer: Polled) {
    this.#attempt = 0;
    this.#become("polling");
    if (!answer.resumed || this.#log.isResetOwed) return this.#log.resetInPeace(answer.position);
    for (const event of answer.events) this.#log.deliver(event);
    this.#log.after = answer.position;
  }

  async #missed(misses: number) {
    const pause = backOff(this.#attempt++, this.#clock);
    if (misses < 2) {
      this.#become("waiting", { retryAt: this.#clock.now() + pause });
      return new Promise<void>((go) => this.#timers.set("poll", pause, go));
    }
    // Nothing gets through at all: take turns with the socket again.
    this.#stopPolling();
    this.#retryIn(pause);
  }

  #stopPolling() {
    const old = this.#polling;
    this.#polling = null;
    this.#timers.clear("again", "poll");
    old?.abort();
  }
}
