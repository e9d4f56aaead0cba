/** Timers by name: setting one again replaces it. */

import type { Clock } from "./clock";

export interface Timers {
  set(name: string, ms: number, run: () => void): void;
  clear(...names: string[]): void;
}

export function createTimers(clock: Clock): Timers {
  const running = new Map<string, () => void>();

  function clear(...names: string[]) {
    for (const name of names) {
      running.get(name)?.();
      running.delete(name);
    }
  }

  return {
    set(name, ms, run) {
      clear(name);
      const cancel = clock.after(ms, () => {
        running.delete(name);
        run();
      });
      running.set(name, cancel);
    },
    clear,
  };
}
