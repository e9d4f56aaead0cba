/** What Meta said when it refused, and what to do about it. Pure. */
import { Problem } from "wire";

export type Fix = "token" | "permission" | "id" | "pin" | "wait" | "verify" | "code" | "payment" | "again";

export interface Refusal {
  /** Our sentence with Meta's words in it. */
  text: string;
  code: number | null;
  trace: string | null;
  fix: Fix | null;
}

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Problem)) return { text: error instanceof Error ? error.message : String(error), code: null, trace: null, fix: null };
  const meta = record(error.body["meta"]);
  const code = typeof meta["code"] === "number" ? meta["code"] : null;
  const trace = typeof meta["trace"] === "string" ? meta["trace"] : null;
  const subcode = typeof meta["subcode"] === "number" ? meta["subcode"] : null;
  const text = error.fields.map((one) => one.detail).join(" ") || error.message;
  return { text, code, trace, fix: code === null ? (error.temporary ? "again" : null) : fixOf(code, subcode) };
}

function fixOf(code: number, subcode: number | null): Fix | null {
  if (code === 0 || code === 190) return "token";
  if (code === 100 && subcode === 33) return "id";
  if (code === 33 || code === 100) return "id";
  if (code === 3 || code === 10 || code === 131005 || (code >= 200 && code <= 299)) return "permission";
  if (code === 133005 || code === 133000) return "pin";
  if (code === 133006) return "verify";
  if (code === 136025) return "code";
  if ([4, 613, 80007, 133008, 133009, 133015, 133016, 136024].includes(code)) return "wait";
  if (code === 131042 || code === 131044) return "payment";
  return [1, 2, 131000, 131016, 133004].includes(code) ? "again" : null;
}

const record = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});
