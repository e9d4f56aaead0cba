/** Requests of the files feature, one function each. */
import { rest } from "../session.ts";
import type { Author, FileRules } from "wire";
import type { SentFile } from "./kinds.ts";

export interface FilePolicy {
  most: number;
  max_bytes: number;
  types: string[];
  legacy_office: boolean;
  scan: { away: "hold" | "refuse" | "warn"; too_large: "refuse" | "warn" };
}

export interface KnownPolicy extends FilePolicy {
  ceiling: { most: number; max_bytes: number; types: string[]; quota_bytes: number };
  used_bytes: number;
  scanning: boolean;
}

/** Days a file is kept; null: as long as the conversation. */
export interface Retention {
  files: { website: number | null; whatsapp: number | null };
}

export interface GalleryItem {
  file: SentFile;
  seq: number;
  message_id: string;
  author: Author;
  created_at: string;
}

export interface Hold {
  by: string;
  reason: string;
  at: string;
}

export const fileRules = () => rest.get<FileRules>("/v1/file-rules");
export const filePolicy = () => rest.get<KnownPolicy>("/v1/file-policy");
export const saveFilePolicy = (policy: FilePolicy) => rest.request<KnownPolicy>("PUT", "/v1/file-policy", { body: policy });
export const retention = () => rest.get<Retention>("/v1/retention");
export const saveRetention = (kept: Retention) => rest.request<Retention>("PUT", "/v1/retention", { body: kept });

export const removeFile = (id: string) => rest.remove(`/v1/files/${id}`);
export const fileState = (id: string) => rest.get<{ file: SentFile }>(`/v1/files/${id}/state`);

export const gallery = (conversation: string, cursor: string | null) =>
  rest.get<{ items: GalleryItem[]; next_cursor: string | null }>(`/v1/conversations/${conversation}/files`, { query: { cursor, limit: 30 } });

export const hold = (conversation: string) => rest.get<{ hold: Hold | null }>(`/v1/conversations/${conversation}/hold`);
export const setHold = (conversation: string, reason: string) => rest.request<unknown>("PUT", `/v1/conversations/${conversation}/hold`, { body: { reason } });
export const liftHold = (conversation: string) => rest.remove(`/v1/conversations/${conversation}/hold`);
export const removeConversation = (id: string) => rest.remove(`/v1/conversations/${id}`);

export const rulesKey = ["file-rules"];
export const policyKey = ["file-policy"];
export const retentionKey = ["retention"];
export const galleryKey = (conversation: string) => ["gallery", conversation];
export const holdKey = (conversation: string) => ["hold", conversation];
