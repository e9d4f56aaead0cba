/** What a failed try means: wait, ask the person, or give up. Pure. */

import type { Failure } from "./outbox";
import { Problem } from "./rest";

export interface Fate {
  state: "waiting" | "failed" | "refused";
  failure: Failure;
  /** Milliseconds the server asked us to wait. */
  pause: number;
}

/** Nobody watches a chip for longer than this; then it says what is wrong and offers to try again. */
const PATIENCE_MS = 60_000;

/** Codes that time or somebody else may heal, but no back-off: the person decides when. */
const FOR_A_PERSON = ["upload_limit", "storage_full"];

/** The line, not the file: a request that arrived in part. */
const ON_THE_WAY = ["body_broken", "body_too_slow"];

export function fateOf(error: unknown): Fate {
  if (!(error instanceof Problem)) return { state: "waiting", failure: { code: "network", text: "" }, pause: 0 };
  // What is wrong with the file is said by its field, and only roughly by the problem itself.
  const field = error.fields[0];
  const failure = { code: field?.code ?? error.code, text: field?.detail ?? error.detail };
  const pause = error.retryAfterMs ?? 0;
  if (FOR_A_PERSON.includes(failure.code) || pause > PATIENCE_MS) return { state: "failed", failure, pause };
  if (ON_THE_WAY.includes(failure.code)) return { state: "waiting", failure, pause };
  // A 401 that survived one renewal is a session that is being made anew.
  if (error.temporary || error.status === 401) return { state: "waiting", failure, pause };
  const isOfTheFile = [403, 411, 413, 415, 422].includes(error.status);
  return { state: isOfTheFile ? "refused" : "failed", failure, pause };
}
