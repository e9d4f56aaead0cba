/** Events keep the other screens' data fresh: what an event carries is put in, what it does not is asked again. */
import type { QueryClient } from "@tanstack/react-query";
import type { Agent, Domain, List, LiveEvent, Widget } from "wire";
import type { Inbox } from "../inbox/inbox.ts";
import { session } from "../session.ts";
import { followWhatsApp } from "../whatsapp/follow.ts";

/** Returns its own clean-up. */
export function follow(inbox: Inbox, client: QueryClient): () => void {
  const stops = [
    inbox.listen((event) => apply(client, event, inbox.me.id)),
    inbox.onReload(() => void client.invalidateQueries()),
  ];
  return () => stops.forEach((stop) => stop());
}

function apply(client: QueryClient, event: LiveEvent, me: string) {
  switch (event.type) {
    case "widget_changed":
      upsert<Widget>(client, ["widgets"], event.widget);
      return void client.invalidateQueries({ queryKey: ["widgets"], refetchType: "active" });
    case "domain_changed":
      return upsertDomain(client, event.domain);
    case "agent_joined":
    case "agent_changed":
      if (event.agent.id === me) session.amend((grant) => ({ ...grant, agent: event.agent }));
      upsert<Agent>(client, ["agents"], event.agent);
      return void client.invalidateQueries({ queryKey: ["agents"] });
    case "agent_removed":
      if (event.agent.id === me) return session.end("ended");
      remove<Agent>(client, ["agents"], event.agent.id);
      return void client.invalidateQueries({ queryKey: ["agents"] });
    case "whatsapp_account_changed":
    case "whatsapp_number_changed":
    case "whatsapp_template_changed":
      return followWhatsApp(client, event);
    case "tenant_changed":
      return session.amend((grant) => ({ ...grant, tenant: event.tenant }));
    case "message_posted":
    case "conversation_opened":
    case "conversation_status_changed":
      return void client.invalidateQueries({ queryKey: ["contacts"], refetchType: "active" });
    default:
  }
}

type Named = { id: string };

function upsert<T extends Named>(client: QueryClient, key: string[], item: T) {
  client.setQueryData<List<T>>(key, (list) => list && { ...list, items: put(list.items, item) });
}

function remove<T extends Named>(client: QueryClient, key: string[], id: string) {
  client.setQueryData<List<T>>(key, (list) => list && { ...list, items: list.items.filter((one) => one.id !== id) });
}

function put<T extends Named>(items: T[], item: T): T[] {
  const known = items.some((one) => one.id === item.id);
  return known ? items.map((one) => (one.id === item.id ? item : one)) : [...items, item];
}

/** Events about a removed domain look like a change: ask which are left. */
function upsertDomain(client: QueryClient, domain: Domain) {
  const key = ["widgets", domain.widget_id, "domains"];
  client.setQueryData<List<Domain>>(key, (list) => list && { ...list, items: list.items.map((one) => (one.id === domain.id ? domain : one)) });
  void client.invalidateQueries({ queryKey: key });
}
