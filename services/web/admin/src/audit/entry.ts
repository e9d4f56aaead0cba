/** One line of the audit in words. Unknown actions are shown as the server names them. Pure. */
export interface Entry {
  id?: string;
  action?: string;
  at?: string;
  created_at?: string;
  operator?: { name?: string; email?: string } | null;
  tenant?: { id?: string; name?: string } | null;
  reason?: string | null;
  object?: string | null;
  detail?: string | null;
}

export function describe(entry: Entry) {
  return {
    action: sentence(entry.action ?? ""),
    who: entry.operator?.name ?? entry.operator?.email ?? "Command line",
    about: [...new Set([entry.tenant?.name, entry.object, entry.reason, entry.detail])].filter(isSaid).join(" · ") || null,
    at: entry.at ?? entry.created_at ?? null,
  };
}

/** The server's own ids tell a reader nothing. */
const isSaid = (text: string | null | undefined) => Boolean(text) && !/^[a-z]{3}_[0-9a-f]{32}$/.test(text ?? "");

function sentence(action: string): string {
  const words = action.replace(/[._]/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
