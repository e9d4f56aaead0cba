/** What the doctor found, put in order for people. Pure. */
import type { WhatsAppCheck } from "wire";

const order = { failing: 0, unknown: 1, ok: 2 };

/** What needs somebody first; otherwise as the doctor looked. */
export const sorted = (checks: readonly WhatsAppCheck[]): WhatsAppCheck[] => [...checks].sort((a, b) => order[a.state] - order[b.state]);

export function counted(checks: readonly WhatsAppCheck[]): { failing: number; unknown: number } {
  const of = (state: WhatsAppCheck["state"]) => checks.filter((one) => one.state === state).length;
  return { failing: of("failing"), unknown: of("unknown") };
}

/** The address at the end of a fix, to be copied. */
export const addressIn = (fix: string): string | null => /https?:\/\/\S+$/.exec(fix.trim())?.[0] ?? null;
