import type { List } from "wire";
import { rest } from "../session.ts";
import type { TenantFilter } from "../router.ts";

export interface TenantRow {
  id: string;
  name: string;
  status: "active" | "suspended";
  created_at: string;
  suspended_at: string | null;
  owner: { email: string; state: "invited" | "active" } | null;
  agents: number;
  conversations: number;
}

/** Usage is whatever the server counts: names and numbers. */
export interface TenantDetail extends TenantRow {
  suspended_reason?: string | null;
  usage?: Record<string, unknown> | null;
}

export const tenants = (q: string, status: TenantFilter, cursor: string | null) =>
  rest.get<List<TenantRow>>("/operator/v1/tenants", { query: { q, status: status === "all" ? null : status, cursor } });
export const tenant = (id: string) => rest.get<TenantDetail>(`/operator/v1/tenants/${id}`);
export const createTenant = (made: { name: string; owner_email: string }) => rest.post<TenantRow>("/operator/v1/tenants", made);
export const suspend = (id: string, reason: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/suspend`, { reason });
export const resume = (id: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/resume`);
export const invite = (id: string, email: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/invite`, { email });

export const tenantsKey = ["tenants"];
export const tenantKey = (id: string) => ["tenants", id];
