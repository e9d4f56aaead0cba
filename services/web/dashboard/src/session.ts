/** The dashboard's one session and its HTTP client. */
import { useSyncExternalStore } from "react";
import { Session, type SessionState } from "session";
import type { LoggedIn, Role } from "wire";

export const session = new Session<LoggedIn>({
  name: "porchlight.dashboard",
  refresh: "/v1/sessions/refresh",
  current: "/v1/sessions/current",
});

export const rest = session.rest;

export const useSession = (): SessionState<LoggedIn> => useSyncExternalStore(session.subscribe, session.state);

/** The signed-in person; only for views that are shown to a signed-in person. */
export function useSelf(): LoggedIn {
  const state = useSession();
  if (state.phase !== "in") throw new Error("This view needs a signed-in person.");
  return state.grant;
}

export const mayWrite = (role: Role): boolean => role !== "viewer";
export const maySupervise = (role: Role): boolean => role === "supervisor" || mayManage(role);
export const mayManage = (role: Role): boolean => role === "owner" || role === "admin";
