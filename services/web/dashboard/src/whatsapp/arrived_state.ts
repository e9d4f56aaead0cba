/** The flight recorder's lines, put together for people. Pure. */
import type { WhatsAppItem } from "wire";

export interface Lag {
  number: string | null;
  waiting: number;
  failed: number;
  /** Since when the oldest line waits. */
  since: string | null;
  /** When anything arrived last. */
  last: string;
}

/** How each number is doing, from lines in any order. The one that is worst off comes first. */
export function lags(lines: readonly WhatsAppItem[]): Lag[] {
  const found = new Map<string | null, Lag>();
  for (const line of lines) {
    const now = found.get(line.number_id) ?? { number: line.number_id, waiting: 0, failed: 0, since: null, last: line.at };
    if (line.state === "waiting") now.since = now.since === null || line.at < now.since ? line.at : now.since;
    now.waiting += Number(line.state === "waiting");
    now.failed += Number(line.state === "failed");
    now.last = line.at > now.last ? line.at : now.last;
    found.set(line.number_id, now);
  }
  return [...found.values()].sort((a, b) => b.failed - a.failed || b.waiting - a.waiting);
}

/** Whether trying again may help. */
export const mayReplay = ({ state }: Pick<WhatsAppItem, "state">): boolean => state === "failed" || state === "ignored" || state === "waiting";
