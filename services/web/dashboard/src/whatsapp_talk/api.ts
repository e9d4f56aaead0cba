import type { Contact, Conversation, List, Message, Posted, WhatsAppNumber, WhatsAppTemplate } from "wire";
import { rest } from "../session.ts";
import type { Gap } from "./template.ts";

export const react = (id: string, seq: number, emoji: string) => rest.post<unknown>(`/v1/conversations/${id}/messages/${seq}/reaction`, { emoji });

export const unreact = (id: string, seq: number) => rest.remove<unknown>(`/v1/conversations/${id}/messages/${seq}/reaction`);

export const sendAgain = (id: string, seq: number) => rest.post<unknown>(`/v1/conversations/${id}/messages/${seq}/send-again`);

export const fetchMedia = (id: string, seq: number) => rest.post<unknown>(`/v1/conversations/${id}/messages/${seq}/fetch-media`);

export interface AskedTemplates {
  /** Of this account only; another's are not its own. */
  account: string | null;
  q: string;
  language: string;
}

export const templates = (asked: AskedTemplates) =>
  rest.get<List<WhatsAppTemplate>>("/v1/whatsapp/templates", { query: { ...asked, status: "APPROVED", limit: 100 } });

/** A template with its gaps filled, as it is posted. */
export interface FilledTemplate {
  template_id: string;
  values: Record<Gap["place"], Record<string, string>> & { file_id?: string };
}

export const postTemplate = (id: string, client_id: string, filled: FilledTemplate) =>
  rest.post<Posted>(`/v1/conversations/${id}/template`, { client_id, ...filled });

export interface NewTalk extends FilledTemplate {
  client_id: string;
  number_id: string;
  phone: string;
  name: string | null;
}

export const startTalk = (talk: NewTalk) => rest.post<{ conversation: Conversation; message: Message }>("/v1/whatsapp/conversations", talk);

export const numbers = () => rest.get<List<WhatsAppNumber>>("/v1/whatsapp/numbers");

export const findContacts = (q: string) => rest.get<List<Contact>>("/v1/contacts", { query: { q, limit: 12 } });

/** Two entries that were made one. */
export interface Merge {
  id: string;
  kept_id: string;
  gone_id: string;
  /** What the one who is gone was called. */
  gone_name: string | null;
  conversations: number;
  at: string;
  undone_at: string | null;
}

export const mergesOf = (contact: string) => rest.get<List<Merge>>(`/v1/contacts/${contact}/merges`);

export const mergeContacts = (contact: string, other: string) => rest.post<unknown>(`/v1/contacts/${contact}/merge`, { with: other });

export const undoMerge = (merge: string) => rest.post<unknown>(`/v1/contacts/merges/${merge}/undo`);
