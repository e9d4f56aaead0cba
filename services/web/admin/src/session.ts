/** The operators' one session and its HTTP client. */
import { useSyncExternalStore } from "react";
import { Session, type Grant, type SessionState } from "session";

export interface Operator {
  id: string;
  name: string;
  email: string;
  second_factor: boolean;
}

export interface OperatorIn extends Grant {
  operator: Operator;
}

export const session = new Session<OperatorIn>({
  name: "porchlight.operator",
  refresh: "/operator/v1/sessions/refresh",
  current: "/operator/v1/sessions/current",
});

export const rest = session.rest;

export const useSession = (): SessionState<OperatorIn> => useSyncExternalStore(session.subscribe, session.state);

export function useOperator(): Operator {
  const state = useSession();
  if (state.phase !== "in") throw new Error("This view needs a signed-in operator.");
  return state.grant.operator;
}
