/** Who conversations can be given to. */
import { useQuery } from "@tanstack/react-query";
import type { AssignableAgent, List } from "wire";
import { rest } from "../session.ts";
import { useInboxState } from "./context.tsx";

export const colleaguesKey = ["agents", "assignable"];
const none: AssignableAgent[] = [];

export function useColleagues(): AssignableAgent[] {
  const { data } = useQuery({
    queryKey: colleaguesKey,
    queryFn: () => rest.get<List<AssignableAgent>>("/v1/agents/assignable"),
    staleTime: 30_000,
  });
  const presence = useInboxState((state) => state.presence);
  const found = data?.items ?? none;
  return presence.size === 0 ? found : found.map((one) => ({ ...one, presence: presence.get(one.id) ?? "offline" }));
}
