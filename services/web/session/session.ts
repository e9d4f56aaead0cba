/**
 * Who is signed in, for one app on one origin.
 *
 * Promises: the access token lives in memory only; of several tabs one renews and the others take its answer, because the
 * refresh cookie turns with every use and two tabs that used it at once would look like theft; a dead network never signs
 * anybody out.
 */
import { createRest, Problem, type Rest } from "wire";
import { others, type Others } from "./others.ts";

export interface Grant {
  access_token: string;
  expires_in: number;
}

export type OutReason = "ended" | "signed_out" | "suspended";

export type SessionState<G extends Grant> =
  | { phase: "starting" }
  | { phase: "unreachable" }
  | { phase: "out"; reason: OutReason | null }
  | { phase: "in"; grant: G };

export interface SessionOptions {
  /** Names the lock and the channel: two apps on one origin must not answer each other. */
  name: string;
  refresh: string;
  current: string;
}

const CSRF = { "x-porchlight-csrf": "1" };
const EARLY_MS = 45_000;

export class Session<G extends Grant> {
  readonly rest: Rest;
  #state: SessionState<G> = { phase: "starting" };
  #expires = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();
  #others: Others<G>;

  constructor(private options: SessionOptions) {
    this.rest = createRest({
      credentials: "same-origin",
      token: () => this.token(),
      refresh: () => this.renew(this.token()),
    });
    this.#others = others<G>(options.name, {
      offer: () => (this.#state.phase === "in" && this.#isFresh() ? { grant: this.#state.grant, expires: this.#expires } : null),
      granted: (grant, expires) => this.#take(grant, expires),
      ended: (reason) => this.#leave(reason),
    });
  }

  state = (): SessionState<G> => this.#state;

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  token(): string | null {
    return this.#state.phase === "in" ? this.#state.grant.access_token : null;
  }

  /** A token that will still be good for a moment; null when there is no session. Throws when the network is dead. */
  async fresh(refused = false): Promise<string | null> {
    if (!refused && this.#isFresh()) return this.token();
    return this.renew(this.token());
  }

  async start(): Promise<void> {
    try {
      await this.renew(null);
    } catch {
      if (this.#state.phase !== "in") this.#become({ phase: "unreachable" });
    }
  }

  async renew(stale: string | null): Promise<string | null> {
    return exclusively(`${this.options.name}.refresh`, async () => {
      const offered = await this.#others.ask();
      if (offered && offered.grant.access_token !== stale) this.#take(offered.grant, offered.expires);
      if (this.#isFresh() && this.token() !== stale) return this.token();
      return this.#refresh();
    });
  }

  /** A sign-in or an accepted invitation: this tab and its siblings are in. */
  accept(grant: G): void {
    const expires = Date.now() + grant.expires_in * 1000;
    this.#take(grant, expires);
    this.#others.grant(grant, expires);
  }

  /** Something about the person or tenant changed; the token stays. */
  amend(change: (grant: G) => G): void {
    if (this.#state.phase === "in") this.#become({ phase: "in", grant: change(this.#state.grant) });
  }

  async signOut(): Promise<void> {
    await this.rest.remove(this.options.current, { headers: CSRF }).catch(() => undefined);
    this.end("signed_out");
  }

  end(reason: OutReason): void {
    this.#others.end(reason);
    this.#leave(reason);
  }

  async #refresh(): Promise<string | null> {
    try {
      const grant = await this.rest.post<G>(this.options.refresh, undefined, { anonymous: true, headers: CSRF });
      this.accept(grant);
      return grant.access_token;
    } catch (error) {
      if (!(error instanceof Problem) || error.temporary) throw error;
      this.#refused(error);
      return null;
    }
  }

  #refused(problem: Problem) {
    if (problem.code === "tenant_suspended") return this.end("suspended");
    if (this.#state.phase === "in") return this.end("ended");
    if (this.#state.phase !== "out") this.#leave(null);
  }

  #isFresh() {
    return this.#state.phase === "in" && this.#expires - Date.now() > 15_000;
  }

  #take(grant: G, expires: number) {
    this.#expires = expires;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.renew(grant.access_token).catch(() => undefined),
      Math.max(5_000, expires - Date.now() - EARLY_MS),
    );
    this.#become({ phase: "in", grant });
  }

  #leave(reason: OutReason | null) {
    clearTimeout(this.#timer);
    this.#expires = 0;
    this.#become({ phase: "out", reason });
  }

  #become(next: SessionState<G>) {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

/** Where a browser has no locks, renewing twice is still better than not at all. */
function exclusively<T>(name: string, run: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? (locks.request(name, run) as Promise<T>) : run();
}
