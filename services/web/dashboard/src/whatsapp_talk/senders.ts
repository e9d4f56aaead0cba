/** The numbers this person may write from. */
import { useQuery } from "@tanstack/react-query";
import { useInbox, useInboxState } from "../inbox/context.tsx";
import { numbers } from "./api.ts";

export interface Sender {
  id: string;
  name: string;
  address: string;
  account: string | null;
}

const none: Sender[] = [];
const sameSenders = (a: Sender[], b: Sender[]) => a.length === b.length && a.every((one, at) => one.id === b[at]?.id);

/** As the server lists them; until it has, those that conversations here came through. */
export function useSenders(): Sender[] {
  const { mayWrite } = useInbox();
  const { data } = useQuery({ queryKey: ["whatsapp", "senders"], queryFn: numbers, enabled: mayWrite, staleTime: 60_000, retry: false });
  const known = useInboxState((state) => {
    const found = new Map<string, Sender>();
    for (const { channel } of state.inbox.conversations.values()) if (channel) found.set(channel.id, { ...channel, account: null });
    return found.size === 0 ? none : [...found.values()];
  }, sameSenders);
  if (!data) return known;
  return data.items.map((one) => ({ id: one.id, name: one.verified_name ?? one.display, address: one.display, account: one.account_id }));
}
