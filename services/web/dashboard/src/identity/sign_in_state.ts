/** The steps of a sign-in: what to ask for next is what the server's refusal says. Pure. */
import { Problem } from "wire";

export interface TenantChoice {
  id: string;
  name: string;
}

export type Step = { step: "password" } | { step: "tenant"; tenants: TenantChoice[] } | { step: "code"; wrong: boolean };

export interface SignInState {
  step: Step;
  error: "wrong" | "other" | null;
  /** The server's own sentence, for refusals we have no words for. */
  detail: string;
}

export const firstStep: SignInState = { step: { step: "password" }, error: null, detail: "" };

export function refused(state: SignInState, error: unknown): SignInState {
  if (!(error instanceof Problem)) return { ...state, error: "other", detail: String(error) };
  // Asked for again after a code was given: that code was wrong.
  if (error.code === "second_factor_required")
    return { step: { step: "code", wrong: state.step.step === "code" }, error: null, detail: "" };
  if (error.code === "tenant_required") return { step: { step: "tenant", tenants: tenantsIn(error) }, error: null, detail: "" };
  if (error.status === 429) return { ...state, error: null, detail: "" };
  if (error.status === 401 && state.step.step === "code") return { ...state, step: { step: "code", wrong: true } };
  if (error.code === "invalid_credentials") return { ...firstStep, error: "wrong" };
  return { ...state, error: "other", detail: error.message };
}

function tenantsIn(problem: Problem): TenantChoice[] {
  const listed = problem.body["tenants"];
  return Array.isArray(listed) ? (listed as TenantChoice[]) : [];
}
