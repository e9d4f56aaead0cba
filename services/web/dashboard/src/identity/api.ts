/** Requests of the identity feature, one function each. */
import type { Agent, Invitation, List, LoggedIn, Me, Role, Session, Tenant } from "wire";
import { rest } from "../session.ts";

const anonymous = { anonymous: true } as const;

export interface Credentials {
  email: string;
  password: string;
  tenant?: string;
  code?: string;
}

export interface InvitationPreview {
  email: string;
  name: string | null;
  role: Role;
  tenant_name: string;
  has_account: boolean;
}

export const signIn = (who: Credentials) => rest.post<LoggedIn>("/v1/sessions", who, anonymous);
export const previewInvitation = (token: string) => rest.post<InvitationPreview>("/v1/invitations/preview", { token }, anonymous);
export const acceptInvitation = (answer: { token: string; email: string; name: string; password: string }) =>
  rest.post<LoggedIn>("/v1/invitations/accept", answer, anonymous);

export const me = () => rest.get<Me>("/v1/me");
export const saveMe = (change: { name: string }) => rest.patch<Agent>("/v1/me", change);
export const changePassword = (change: { current_password: string; new_password: string }) => rest.post<void>("/v1/me/password", change);
export const beginFactor = () => rest.post<{ secret: string; otpauth_url: string }>("/v1/me/second-factor");
export const confirmFactor = (code: string) => rest.post<void>("/v1/me/second-factor/confirm", { code });
export const disableFactor = (code: string) => rest.post<void>("/v1/me/second-factor/disable", { code });
export const sessions = () => rest.get<List<Session>>("/v1/sessions");
export const endSession = (id: string) => rest.remove(`/v1/sessions/${id}`);

export const saveTenant = (change: { name: string }) => rest.patch<Tenant>("/v1/tenant", change);

export const agents = () => rest.get<List<Agent>>("/v1/agents");
export const saveAgent = (id: string, change: { role: Role }) => rest.patch<Agent>(`/v1/agents/${id}`, change);
export const removeAgent = (id: string) => rest.remove(`/v1/agents/${id}`);
export const invitations = () => rest.get<List<Invitation>>("/v1/invitations");
export const invite = (who: { email: string; role: Role; name?: string }) => rest.post<Invitation>("/v1/invitations", who);
export const revokeInvitation = (id: string) => rest.remove(`/v1/invitations/${id}`);
export const resendInvitation = (id: string) => rest.post<Invitation>(`/v1/invitations/${id}/resend`);
