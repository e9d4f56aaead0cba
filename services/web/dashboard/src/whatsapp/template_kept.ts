/** The draft of a template outlives a look at another page of this tab. */
import { blank, type TemplateDraft } from "./template_draft.ts";

export interface Kept {
  account: string | null;
  draft: TemplateDraft;
}

const empty = (): Kept => ({ account: null, draft: blank() });

let kept: Kept = empty();

export const keptDraft = (): Kept => kept;
export const keep = (now: Kept): void => void (kept = now);
export const begin = (account: string, draft: TemplateDraft): void => keep({ account, draft });
export const forget = (): Kept => (kept = empty());
