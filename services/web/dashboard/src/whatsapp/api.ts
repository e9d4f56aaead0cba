import { asProblem, Problem, type List, type WhatsAppAccount, type WhatsAppApp, type WhatsAppCheck, type WhatsAppItem, type WhatsAppNumber, type WhatsAppTemplate } from "wire";
import { rest, session } from "../session.ts";
import type { ArrivedState } from "./address.ts";
import type { NewTemplate } from "./template_draft.ts";

/** What a browser needs for Meta's own dialog; `app_id` is null where no app is configured for it. */
export interface Signup {
  app_id: string | null;
  meta_app_id: string | null;
  config_id: string | null;
  graph_version: string;
}

export interface Joined {
  account: WhatsAppAccount;
  number: WhatsAppNumber;
  registered: boolean;
  problem: string | null;
}

export type App = WhatsAppApp & { signup_config?: string | null };
export type Account = WhatsAppAccount & { alert?: Alert | null; templates_at?: string | null };

/** The last thing Meta warned an account of. */
export interface Alert {
  kind: string;
  severity: string | null;
  text: string;
  at: string;
}

export interface SignedUp {
  app_id: string;
  code: string;
  redirect_uri?: string;
  waba_id?: string;
  phone_number_id?: string;
  pin?: string;
  coexistence?: boolean;
}

/** What people see when they tap on the business. */
export interface Profile {
  about: string;
  address: string;
  description: string;
  email: string;
  websites: string[];
  vertical: string;
}

export interface Settings {
  read_receipts: boolean;
  typing: boolean;
  /** 0 for no reminder. */
  nudge_minutes: number;
}

/** How the import from the phone app stands. */
export interface Import {
  state: "none" | "asked" | "receiving" | "writing" | "done" | "declined" | "refused";
  /** Of 100, as the phone says. */
  progress: number;
  messages: number;
  people: number;
  problem: string | null;
  asked_at: string | null;
  updated_at: string;
}

const put = <T>(path: string, body: unknown) => rest.request<T>("PUT", path, { body });
const number = (id: string, act: string) => `/v1/whatsapp/numbers/${id}/${act}`;

export const apps = () => rest.get<List<App>>("/v1/whatsapp/apps");
export const addApp = (made: { meta_app_id: string; name: string; secret: string }) => rest.post<App>("/v1/whatsapp/apps", made);
export const changeApp = (id: string, change: { name?: string; secret?: string; verify_token?: string; signup_config?: string }) => rest.patch<App>(`/v1/whatsapp/apps/${id}`, change);
export const forgetApp = (id: string) => rest.remove(`/v1/whatsapp/apps/${id}/credentials`);

export const accounts = () => rest.get<List<Account>>("/v1/whatsapp/accounts");
export const connect = (made: { app_id: string; waba_id: string; token: string }) => rest.post<WhatsAppAccount>("/v1/whatsapp/accounts", made, { timeoutMs: 60_000 });
export const disconnect = (id: string) => rest.remove(`/v1/whatsapp/accounts/${id}/credentials`);

export const numbers = () => rest.get<List<WhatsAppNumber>>("/v1/whatsapp/numbers");
export const saveSettings = (id: string, settings: Partial<Settings>) => rest.patch<WhatsAppNumber>(`/v1/whatsapp/numbers/${id}`, settings);
export const refresh = (id: string) => rest.post<WhatsAppNumber>(number(id, "refresh"));
export const resume = (id: string) => rest.post<WhatsAppNumber>(number(id, "resume"));
export const register = (id: string, pin: string) => rest.post<WhatsAppNumber>(number(id, "register"), { pin });
export const deregister = (id: string) => rest.post<WhatsAppNumber>(number(id, "deregister"));
export const savePin = (id: string, pin: string) => rest.post<WhatsAppNumber>(number(id, "pin"), { pin });
export const requestCode = (id: string, method: "SMS" | "VOICE", language: string) => rest.post<void>(number(id, "request-code"), { method, language });
export const verifyCode = (id: string, code: string) => rest.post<WhatsAppNumber>(number(id, "verify-code"), { code });
export const profile = (id: string) => rest.get<Profile>(number(id, "profile"));
export const saveProfile = (id: string, saved: Profile) => put<Profile>(number(id, "profile"), saved);
export const examine = (id: string) => rest.get<{ checks: WhatsAppCheck[] }>(number(id, "doctor"), { timeoutMs: 60_000 });
export const loop = (id: string, phone: string) => rest.post<WhatsAppCheck>(number(id, "doctor/loop"), { phone }, { timeoutMs: 60_000 });
export const importState = (id: string) => rest.get<Import>(number(id, "import"));
export const beginImport = (id: string) => rest.post<Import>(number(id, "import"));

export const arrived = (state: ArrivedState, cursor: string | null) =>
  rest.get<List<WhatsAppItem>>("/v1/whatsapp/deliveries", { query: { state: state === "all" ? null : state, cursor, limit: 50 } });
export const replay = (delivery: string) => rest.post<void>(`/v1/whatsapp/deliveries/${delivery}/replay`);

/** All of them: few tenants have more than a hundred, and none more than Meta's six thousand. */
export async function templates(): Promise<WhatsAppTemplate[]> {
  const all: WhatsAppTemplate[] = [];
  for (let cursor: string | null | undefined = null; cursor !== undefined; ) {
    const page: List<WhatsAppTemplate> = await rest.get<List<WhatsAppTemplate>>("/v1/whatsapp/templates", { query: { cursor, limit: 100 } });
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  }
  return all;
}

export const syncTemplates = (account: string) => rest.post<void>(`/v1/whatsapp/accounts/${account}/sync-templates`, undefined, { timeoutMs: 60_000 });
export const createTemplate = (account: string, made: NewTemplate) => rest.post<WhatsAppTemplate>("/v1/whatsapp/templates", { account_id: account, ...made });
/** A sample for Meta's reviewers; what comes back is Meta's handle of it. */
export async function giveSample(account: string, file: File): Promise<{ handle: string }> {
  const asked = new URLSearchParams({ name: file.name });
  const path = `/v1/whatsapp/accounts/${account}/sample?${asked.toString()}`;
  const answer = await fetch(path, { method: "POST", headers: { authorization: `Bearer ${await session.fresh()}`, "content-type": file.type }, body: file, credentials: "same-origin" });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, asProblem(body));
  return body as { handle: string };
}
export const deleteTemplate = (id: string) => rest.remove(`/v1/whatsapp/templates/${id}`);

export const signup = () => rest.get<Signup>("/v1/whatsapp/signup");
export const finishSignup = (done: SignedUp) => rest.post<Joined>("/v1/whatsapp/signup", done, { timeoutMs: 60_000 });

export const appsKey = ["whatsapp", "apps"];
export const accountsKey = ["whatsapp", "accounts"];
export const numbersKey = ["whatsapp", "numbers"];
export const templatesKey = ["whatsapp", "templates"];
export const arrivedKey = ["whatsapp", "arrived"];
export const signupKey = ["whatsapp", "signup"];
export const numberKey = (id: string, part: string) => ["whatsapp", "numbers", id, part];
