/** Events keep WhatsApp's settings fresh: what an event carries is put in where lists are known. */
import type { QueryClient } from "@tanstack/react-query";
import type { List, LiveEvent, WhatsAppTemplate } from "wire";
import { accountsKey, numbersKey, templatesKey } from "./api.ts";

type Heard = Extract<LiveEvent, { type: "whatsapp_account_changed" | "whatsapp_number_changed" | "whatsapp_template_changed" }>;

export function followWhatsApp(client: QueryClient, event: Heard): void {
  if (event.type === "whatsapp_account_changed") return put(client, accountsKey, event.account);
  if (event.type === "whatsapp_number_changed") return put(client, numbersKey, event.number);
  client.setQueryData<WhatsAppTemplate[]>(templatesKey, (all) => all && within(all, event.template as WhatsAppTemplate));
}

function put<T extends { id: string }>(client: QueryClient, key: string[], item: T) {
  client.setQueryData<List<T>>(key, (list) => list && { ...list, items: within(list.items, item) });
}

const within = <T extends { id: string }>(items: T[], item: T): T[] =>
  items.some((one) => one.id === item.id) ? items.map((one) => (one.id === item.id ? item : one)) : [...items, item];
