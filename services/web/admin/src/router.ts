/** Addresses of the operators' console. Pure but for the last part. */
import { useSyncExternalStore } from "react";

export type TenantFilter = "all" | "active" | "suspended" | "deleting";

export type Route =
  | { page: "tenants"; q: string; status: TenantFilter }
  | { page: "tenant"; id: string }
  | { page: "audit" }
  | { page: "system" }
  | { page: "whatsapp" }
  | { page: "account" }
  | { page: "missing" };

const statuses: readonly TenantFilter[] = ["all", "active", "suspended", "deleting"];

export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const [page = "tenants", id, more] = path.split("/").filter(Boolean);
  if (more !== undefined) return { page: "missing" };
  if (page === "tenants" && id) return { page: "tenant", id };
  if (page === "tenants") {
    const asked = new URLSearchParams(query);
    return { page, q: asked.get("q") ?? "", status: statuses.find((one) => one === asked.get("status")) ?? "all" };
  }
  if (id === undefined && (page === "audit" || page === "system" || page === "whatsapp" || page === "account")) return { page };
  return { page: "missing" };
}

export function format(route: Route): string {
  if (route.page === "tenant") return `#/tenants/${encodeURIComponent(route.id)}`;
  if (route.page === "missing") return "#/tenants";
  if (route.page !== "tenants") return `#/${route.page}`;
  const asked = new URLSearchParams();
  if (route.q) asked.set("q", route.q);
  if (route.status !== "all") asked.set("status", route.status);
  const text = asked.toString();
  return `#/tenants${text && `?${text}`}`;
}

let shown: { hash: string; route: Route } | null = null;

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
