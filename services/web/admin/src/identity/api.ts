import { rest, type OperatorIn } from "../session.ts";

export const signIn = (who: { email: string; password: string; code?: string }) =>
  rest.post<OperatorIn>("/operator/v1/sessions", who, { anonymous: true });
export const beginFactor = () => rest.post<{ secret: string; otpauth_url: string }>("/operator/v1/me/second-factor");
export const confirmFactor = (code: string) => rest.post<void>("/operator/v1/me/second-factor/confirm", { code });
