/** Which templates are shown, and in which order. Pure. */
import type { WhatsAppTemplate } from "wire";

/** What needs somebody comes first. */
const urgency = ["REJECTED", "DISABLED", "PAUSED", "FLAGGED", "LOCKED", "LIMIT_EXCEEDED", "PENDING", "IN_APPEAL", "APPROVED"];
const rank = (status: string) => (urgency.includes(status) ? urgency.indexOf(status) : urgency.length + Number(status === "DELETED"));

export function matching(all: readonly WhatsAppTemplate[], status: string, q: string): WhatsAppTemplate[] {
  const words = q.toLowerCase().split(/[\s_]+/).filter(Boolean);
  return all
    .filter((one) => (status === "" ? one.status !== "DELETED" : one.status === status))
    .filter((one) => words.every((word) => one.name.includes(word)))
    .sort((a, b) => rank(a.status) - rank(b.status) || a.name.localeCompare(b.name) || a.language.localeCompare(b.language));
}

/** The states there are, the most urgent first. */
export const statesOf = (all: readonly WhatsAppTemplate[]): string[] => [...new Set(all.map((one) => one.status))].sort((a, b) => rank(a) - rank(b));
