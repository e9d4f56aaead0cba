/** Addresses of WhatsApp's settings, all below `#/settings/whatsapp`. Pure: parse and format are each other's opposites. */
import type { WhatsAppItemState } from "wire";

export type NumberTab = "settings" | "profile" | "doctor" | "registration" | "phone";
export type ArrivedState = WhatsAppItemState | "all";

export type Part =
  | { at: "overview" }
  | { at: "connect" }
  | { at: "number"; id: string; tab: NumberTab }
  | { at: "templates"; status: string; q: string }
  | { at: "template"; id: string }
  | { at: "new_template" }
  | { at: "arrived"; state: ArrivedState; number: string | null };

export const ROOT = "#/settings/whatsapp";
const numberTabs: readonly NumberTab[] = ["settings", "profile", "doctor", "registration", "phone"];
const states: readonly ArrivedState[] = ["all", "done", "waiting", "ignored", "failed"];

/** The words after `settings/whatsapp`, or null where nothing is. */
export function parsePart(path: readonly string[], query: string): Part | null {
  const [first, id, tab, more] = path;
  if (more !== undefined) return null;
  if (first === undefined) return { at: "overview" };
  if (first === "numbers" && id) return number(id, tab);
  if (tab !== undefined) return null;
  const asked = new URLSearchParams(query);
  if (first === "templates" && id === "new") return { at: "new_template" };
  if (first === "templates" && id) return { at: "template", id };
  if (id !== undefined) return null;
  if (first === "connect") return { at: "connect" };
  if (first === "templates") return { at: "templates", status: asked.get("status") ?? "", q: asked.get("q") ?? "" };
  if (first === "arrived") return { at: "arrived", state: states.find((one) => one === asked.get("state")) ?? "all", number: asked.get("number") || null };
  return null;
}

function number(id: string, tab: string | undefined): Part | null {
  const known = tab === undefined ? "settings" : numberTabs.find((one) => one === tab);
  return known ? { at: "number", id, tab: known } : null;
}

export function formatPart(part: Part): string {
  if (part.at === "overview") return ROOT;
  if (part.at === "number") return `${ROOT}/numbers/${encodeURIComponent(part.id)}${part.tab === "settings" ? "" : `/${part.tab}`}`;
  if (part.at === "template") return `${ROOT}/templates/${encodeURIComponent(part.id)}`;
  if (part.at === "new_template") return `${ROOT}/templates/new`;
  if (part.at === "templates") return `${ROOT}/templates${asked({ status: part.status, q: part.q })}`;
  if (part.at === "arrived") return `${ROOT}/arrived${asked({ state: part.state === "all" ? "" : part.state, number: part.number ?? "" })}`;
  return `${ROOT}/${part.at}`;
}

function asked(values: Record<string, string>): string {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();
  return text && `?${text}`;
}
