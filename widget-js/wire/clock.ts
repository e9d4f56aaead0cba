/**
 * Time and chance, given from outside so that a test can move the one and fix the other.
 */

export interface Clock {
  now(): number;
  /** Returns its own cancel. */
  after(ms: number, run: () => void): () => void;
  /** 0 ≤ x < 1. */
  random(): number;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Full jitter: anywhere between nothing and the exponential step, so that a crowd spreads out. */
export function backOff(attempt: number, clock: Clock, baseMs = 500, capMs = 30_000): number {
  return Math.floor(clock.random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16)));
}
