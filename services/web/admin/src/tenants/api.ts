import type { List } from "wire";
import { rest } from "../session.ts";
import type { TenantFilter } from "../router.ts";

export interface TenantRow {
  id: string;
  name: string;
  status: "active" | "suspended" | "deleting";
  created_at: string;
  suspended_at: string | null;
  owner: { email: string; state: "invited" | "active" } | null;
  agents: number;
  conversations: number;
}

/** Usage is whatever the server counts: names and numbers. */
export interface TenantDetail extends TenantRow {
  suspended_reason?: string | null;
  /** When everything of it goes. */
  delete_at?: string | null;
  delete_reason?: string | null;
  usage?: Record<string, unknown> | null;
}

/** What goes with a tenant. */
export interface Going {
  people: number;
  conversations: number;
  files: number;
  bytes: number;
  delay_days: number;
}

/** How much a tenant's files may take up. */
export interface FileRoom {
  quota_bytes: number;
  max_bytes: number | null;
  used_bytes: number;
}

export const tenants = (q: string, status: TenantFilter, cursor: string | null) =>
  rest.get<List<TenantRow>>("/operator/v1/tenants", { query: { q, status: status === "all" ? null : status, cursor } });
export const tenant = (id: string) => rest.get<TenantDetail>(`/operator/v1/tenants/${id}`);
export const createTenant = (made: { name: string; owner_email: string }) => rest.post<TenantRow>("/operator/v1/tenants", made);
export const suspend = (id: string, reason: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/suspend`, { reason });
export const resume = (id: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/resume`);
export const invite = (id: string, email: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/invite`, { email });

export const previewDeletion = (id: string) => rest.get<Going>(`/operator/v1/tenants/${id}/deletion`);
export const deleteTenant = (id: string, reason: string) => rest.request<unknown>("DELETE", `/operator/v1/tenants/${id}`, { body: { reason } });
export const restoreTenant = (id: string) => rest.post<unknown>(`/operator/v1/tenants/${id}/restore`);
export const room = (id: string) => rest.get<FileRoom>(`/operator/v1/tenants/${id}/files`);
export const changeRoom = (id: string, room: Omit<FileRoom, "used_bytes">) => rest.request<FileRoom>("PUT", `/operator/v1/tenants/${id}/files`, { body: room });

export const tenantsKey = ["tenants"];
export const tenantKey = (id: string) => ["tenants", id];
export const deletionKey = (id: string) => ["tenants", id, "deletion"];
export const roomKey = (id: string) => ["tenants", id, "files"];
