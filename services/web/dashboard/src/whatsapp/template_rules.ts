/**
 * Meta's rules for new templates, checked while somebody types. The server checks the same again before it asks Meta
 * (`services/whatsapp/src/template/rules.rs`); rules that stand only here are what Meta's reviewers refuse most.
 */
import { wanted, type ButtonDraft, type TemplateDraft } from "./template_draft.ts";
import { variables } from "./variables.ts";

/** What is wrong, and where: `name`, `header`, `body`, `example.body.1`, `button.0` … */
export interface Fault {
  field: string;
  text: string;
}

/** Everything that is wrong, in the order of the form. */
export function check(draft: TemplateDraft): Fault[] {
  return [
    ...name(draft.name),
    ...language(draft.language),
    ...header(draft),
    ...text("body", draft.body, draft.named),
    ...footer(draft.footer),
    ...examples(draft),
    ...buttons(draft.buttons),
  ];
}

export const faultOf = (faults: Fault[], field: string): string | null => faults.find((one) => one.field === field)?.text ?? null;

const refuse = (field: string, text: string): Fault[] => [{ field, text }];

function name(value: string): Fault[] {
  if (value === "") return refuse("name", "Give the template a name.");
  return /^[a-z0-9_]{1,512}$/.test(value) ? [] : refuse("name", "A name has lower-case letters, digits and _ only.");
}

function language(tag: string): Fault[] {
  const fine = tag.split("_").every((part) => /^[A-Za-z0-9]{2,4}$/.test(part));
  return fine ? [] : refuse("language", "The language looks like en or pt_BR.");
}

function header(draft: TemplateDraft): Fault[] {
  const { kind, text: words, handle } = draft.header;
  if (kind === "none") return [];
  if (kind !== "text") return handle === "" ? refuse("header", "Meta's reviewers need a sample file.") : [];
  const long = length("header", words, 60);
  if (long.length > 0) return long;
  if (variables(words).length > 1) return refuse("header", "A heading has one variable at most.");
  return gaps("header", words, draft.named);
}

function text(field: string, words: string, named: boolean): Fault[] {
  const long = length(field, words, 1_024);
  if (long.length > 0) return long;
  const trimmed = words.trim();
  if (trimmed.startsWith("{{") || trimmed.endsWith("}}")) return refuse(field, "A text neither begins nor ends with a variable.");
  return gaps(field, words, named);
}

function footer(words: string): Fault[] {
  if (words === "") return [];
  return variables(words).length > 0 ? refuse("footer", "The small print has no variables.") : length("footer", words, 60);
}

/** By place they count from 1 without a hole; by name they are lower-case words. Two side by side are refused. */
function gaps(field: string, words: string, named: boolean): Fault[] {
  const found = variables(words);
  if (named && !found.every((gap) => /^[a-z_][a-z0-9_]*$/.test(gap))) return refuse(field, "Variables are lower-case words such as {{first_name}}.");
  const places = found.map((gap) => (/^\d+$/.test(gap) ? Number(gap) : NaN)).sort((a, b) => a - b);
  if (!named && !places.every((place, index) => place === index + 1)) return refuse(field, "Variables count {{1}}, {{2}} … without a hole.");
  return /\}\} ?\{\{/.test(words) ? refuse(field, "Two variables need words between them.") : [];
}

function examples(draft: TemplateDraft): Fault[] {
  return wanted(draft).flatMap(({ key }) => {
    const value = draft.examples[key]?.trim() ?? "";
    if (value === "") return refuse(`example.${key}`, "Meta's reviewers need an example.");
    return /[\n\r\t]| {4}/.test(value) ? refuse(`example.${key}`, "No line break, no tab, no four blanks in a row.") : [];
  });
}

const MOST: Partial<Record<ButtonDraft["kind"], [number, string]>> = {
  URL: [2, "A template has two links at most."],
  PHONE_NUMBER: [1, "A template has one phone number at most."],
  COPY_CODE: [1, "A template has one code at most."],
};

function buttons(all: ButtonDraft[]): Fault[] {
  if (all.length > 10) return refuse("buttons", "A template has up to ten buttons.");
  return [...apart(all), ...all.flatMap((one, index) => button(one, `button.${index}`, all.slice(0, index)))];
}

/** Meta wants replies beside replies: one group, before or after the others. */
function apart(all: ButtonDraft[]): Fault[] {
  const turns = all.filter((one, index) => index > 0 && (one.kind === "QUICK_REPLY") !== (all[index - 1]?.kind === "QUICK_REPLY"));
  return turns.length > 1 ? refuse("buttons", "Keep replies together: all before or all after the other buttons.") : [];
}

function button({ kind, text: words, target, example }: ButtonDraft, field: string, before: ButtonDraft[]): Fault[] {
  const [most, said] = MOST[kind] ?? [10, ""];
  if (before.filter((one) => one.kind === kind).length >= most) return refuse(field, said);
  if (kind === "COPY_CODE") return /^\S{1,15}$/.test(target) ? [] : refuse(field, "An example code has 1 to 15 characters and no blanks.");
  const long = length(field, words, 25);
  if (long.length > 0) return long;
  if (before.some((one) => one.kind !== "COPY_CODE" && one.text.trim() === words.trim())) return refuse(field, "Another button says the same.");
  if (kind === "PHONE_NUMBER") return /^\+?[\d ()-]{5,20}$/.test(target) ? [] : refuse(field, "A button that calls needs its number: +44 20 7946 0000.");
  return kind === "URL" ? link(field, target, example) : [];
}

function link(field: string, target: string, example: string): Fault[] {
  if (!target.startsWith("https://") || target.length > 2_000) return refuse(field, "A button that leads somewhere needs its https link.");
  const found = variables(target);
  if (found.length === 0) return [];
  if (found.length > 1 || found[0] !== "1" || !target.endsWith("{{1}}")) return refuse(field, "A link may end in {{1}}, and has no other variable.");
  return example.startsWith("https://") ? [] : refuse(field, "Give a whole link as an example.");
}

function length(field: string, words: string, most: number): Fault[] {
  // counted as the server does: by characters, not by halves of them
  const count = [...words].length;
  if (count === 0) return refuse(field, "This part needs words.");
  return count <= most ? [] : refuse(field, `This part has 1 to ${most.toLocaleString("en")} characters.`);
}
