import type { Contact, Conversation, List } from "wire";
import { rest } from "../session.ts";

export const saveContact = (id: string, change: Partial<Pick<Contact, "name" | "email" | "phone">>) =>
  rest.patch<Contact>(`/v1/contacts/${id}`, change);

export const conversationsOf = (contact: string) => rest.get<List<Conversation>>(`/v1/contacts/${contact}/conversations`);
