/** Time that moves only when a test says so. */

import type { Clock } from "../wire/clock";

export interface FakeClock extends Clock {
  /** Runs what becomes due on the way, in order, and lets promises settle in between. */
  move(ms: number): Promise<void>;
  pending(): number;
  chance: number;
}

export function fakeClock(start = 1_700_000_000_000): FakeClock {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  const clock: FakeClock = {
    chance: 1 - Number.EPSILON,
    now: () => now,
    random: () => clock.chance,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
    pending: () => timers.length,
    async move(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.run();
        await settle();
      }
      now = end;
    },
  };
  return clock;
}

/** Lets everything that only waits for promises go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((done) => setImmediate(done));
}
