/**
 * The visitor's session: made with a ticket, kept in memory only, renewed before it ends.
 *
 * `token()` always answers a token that is worth trying, or throws: a temporary `Problem`
 * when the server cannot be reached, a 403 when this page may no longer show the widget.
 */

import { realClock, type Clock } from "../wire/clock";
import { Problem, createRest } from "../wire/rest";
import type { FileRules, Renewed, VisitorSession } from "../wire/types";
import type { Bridge } from "./bridge";

export interface SessionKeeper {
  /** `isRefused`: the server did not take the last one. */
  token(isRefused?: boolean): Promise<string>;
  current(): string | null;
  /** Enter again, because the visitor is now known by another name. */
  enter(): Promise<string>;
}

export interface SessionOptions {
  bridge: Bridge;
  handle(): string | null;
  identity(): string | null;
  onSession(session: VisitorSession): void;
  onRenewed(token: string): void;
  /** What this visitor may attach, from now on. */
  onRules(rules: FileRules): void;
  clock?: Clock;
}

/** Leave this much of a token's life unused. */
const MARGIN_MS = 60_000;

export function createSession(options: SessionOptions): SessionKeeper {
  const clock = options.clock ?? realClock;
  const anonymous = createRest();
  let held: { token: string; endsAt: number } | null = null;
  let busy: Promise<string> | null = null;
  let cancelRenewal = () => {};

  function hold({ access_token, expires_in, files }: Renewed): string {
    options.onRules(files);
    held = { token: access_token, endsAt: clock.now() + expires_in * 1000 };
    const margin = Math.min(MARGIN_MS, expires_in * 200);
    cancelRenewal();
    cancelRenewal = clock.after(expires_in * 1000 - margin, () => void renewSoon());
    return access_token;
  }

  async function renewSoon() {
    try {
      options.onRenewed(await once(renew));
    } catch {
      // Whoever needs a token next tries again and says so.
    }
  }

  function once(run: () => Promise<string>): Promise<string> {
    busy ??= run().finally(() => (busy = null));
    return busy;
  }

  async function renew(): Promise<string> {
    if (!held || held.endsAt <= clock.now()) return enter();
    try {
      const rest = createRest({ token: () => held!.token });
      return hold(await rest.post<Renewed>("/widget/v1/sessions/refresh"));
    } catch (error) {
      if (error instanceof Problem && error.temporary) throw error;
      return enter();
    }
  }

  async function enter(): Promise<string> {
    try {
      return await enterWith(await options.bridge.ticket());
    } catch (error) {
      // The ticket may have aged on the way: once more with a new one, then it is final.
      if (!(error instanceof Problem) || error.temporary || error.code === "origin_not_authorized") throw error;
      return enterWith(await options.bridge.ticket());
    }
  }

  async function enterWith(ticket: string): Promise<string> {
    const handle = options.handle();
    const identity = options.identity();
    const session = await anonymous.post<VisitorSession>("/widget/v1/sessions", {
      ticket,
      parent_origin: options.bridge.parentOrigin,
      ...(handle && { handle }),
      ...(identity && { identity }),
    });
    const token = hold(session);
    options.onSession(session);
    return token;
  }

  return {
    async token(isRefused = false) {
      if (held && !isRefused && held.endsAt - clock.now() > 5_000) return held.token;
      return once(isRefused && held ? renew : enter);
    },
    current: () => held?.token ?? null,
    enter: () => once(enter),
  };
}
