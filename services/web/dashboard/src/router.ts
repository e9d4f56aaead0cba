/**
 * Addresses of the dashboard, all after the hash: the server serves one page, and the fragment (which may hold an
 * invitation token) never reaches it. Pure: parse and format are each other's opposites.
 */
import { useSyncExternalStore } from "react";
import type { ConversationStatus, Source } from "wire";
import { formatPart, parsePart, type Part } from "./whatsapp/address.ts";

export type View = "mine" | "unassigned" | "all";
export type StatusFilter = ConversationStatus | "all";
export type Sort = "newest" | "oldest";
export type SourceFilter = Source | "all";
export type WidgetTab = "look" | "install" | "domains";
export type SettingsTab = "team" | "files";

/** What the list shows; part of the address, so a reload or a link shows the same. */
export interface Filter {
  view: View;
  status: StatusFilter;
  assignee: string | null;
  sort: Sort;
  source: SourceFilter;
}

export type Route =
  | { page: "inbox"; conversation: string | null; filter: Filter }
  | { page: "widgets" }
  | { page: "widget"; id: string; tab: WidgetTab }
  | { page: "team" }
  | { page: "account" }
  | { page: "settings"; tab: SettingsTab }
  | { page: "whatsapp"; part: Part }
  | { page: "accept"; token: string }
  | { page: "missing" };

export const everything: Filter = { view: "all", status: "open", assignee: null, sort: "newest", source: "all" };

const views: readonly View[] = ["mine", "unassigned", "all"];
const statuses: readonly StatusFilter[] = ["open", "pending", "snoozed", "resolved", "archived", "all"];
const tabs: readonly WidgetTab[] = ["look", "install", "domains"];
const settingsTabs: readonly SettingsTab[] = ["team", "files"];

export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const words = path.split("/").filter(Boolean).map(decode);
  const [page = "", id, tab, more] = words;
  if (page === "settings" && id === "whatsapp") return whatsapp(parsePart(words.slice(2), query));
  if (more !== undefined) return { page: "missing" };
  if (page === "" || page === "inbox") return { page: "inbox", conversation: id ?? null, filter: parseFilter(query) };
  if (page === "accept") return id ? { page: "accept", token: id } : { page: "missing" };
  if (page === "widgets" && id) return { page: "widget", id, tab: oneOf(tabs, tab, "look") };
  if (page === "settings" && tab === undefined) return { page, tab: oneOf(settingsTabs, id, "team") };
  if (id === undefined && (page === "widgets" || page === "team" || page === "account")) return { page };
  return { page: "missing" };
}

const whatsapp = (part: Part | null): Route => (part ? { page: "whatsapp", part } : { page: "missing" });

export function format(route: Route): string {
  if (route.page === "inbox") {
    const path = route.conversation ? `#/inbox/${encodeURIComponent(route.conversation)}` : "#/inbox";
    return path + formatFilter(route.filter);
  }
  if (route.page === "whatsapp") return formatPart(route.part);
  if (route.page === "accept") return `#/accept/${encodeURIComponent(route.token)}`;
  if (route.page === "widget") return `#/widgets/${encodeURIComponent(route.id)}${route.tab === "look" ? "" : `/${route.tab}`}`;
  if (route.page === "settings") return route.tab === "team" ? "#/settings" : `#/settings/${route.tab}`;
  return route.page === "missing" ? "#/inbox" : `#/${route.page}`;
}

function parseFilter(query: string): Filter {
  const asked = new URLSearchParams(query);
  return {
    view: oneOf(views, asked.get("view"), everything.view),
    status: oneOf(statuses, asked.get("status"), everything.status),
    assignee: asked.get("assignee") || null,
    sort: oneOf(["newest", "oldest"] as const, asked.get("sort"), everything.sort),
    source: oneOf(["website", "whatsapp", "all"] as const, asked.get("source"), everything.source),
  };
}

function formatFilter(filter: Filter): string {
  const asked = new URLSearchParams();
  for (const key of ["view", "status", "assignee", "sort", "source"] as const) {
    const value = filter[key];
    if (value !== null && value !== everything[key]) asked.set(key, value);
  }
  const text = asked.toString();
  return text && `?${text}`;
}

function oneOf<T extends string>(known: readonly T[], value: string | null | undefined, otherwise: T): T {
  return known.find((one) => one === value) ?? otherwise;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let shown: { hash: string; route: Route } | null = null;

/** The same object for the same address, so that React can compare it. */
export function here(): Route {
  if (shown?.hash !== location.hash) shown = { hash: location.hash, route: parse(location.hash) };
  return shown.route;
}

const heard = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

export const useRoute = (): Route => useSyncExternalStore(heard, here);

export function go(route: Route, how: "push" | "replace" = "push"): void {
  const hash = format(route);
  if (hash === location.hash) return;
  if (how === "push") return void (location.hash = hash);
  history.replaceState(null, "", hash);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Change some of the inbox's address and keep the rest. */
export function goInbox(change: { conversation?: string | null; filter?: Partial<Filter> }, how: "push" | "replace" = "push") {
  const route = here();
  const now = route.page === "inbox" ? route : { conversation: null, filter: everything };
  go(
    {
      page: "inbox",
      conversation: change.conversation === undefined ? now.conversation : change.conversation,
      filter: { ...now.filter, ...change.filter },
    },
    how,
  );
}
