/** A template as Meta lists it, read into parts; its gaps; and what it says once they are filled. Pure. */
import type { WhatsAppTemplate } from "wire";
import { plainWords } from "./styled.ts";
import { t } from "./words.ts";

export interface TemplateButton {
  kind: string;
  text: string;
  url: string | null;
}

export interface Gap {
  /** Where it is: its value is sent under this name in this place. */
  place: "header" | "body" | "buttons";
  name: string;
  label: string;
  example: string | null;
}

export interface TemplateParts {
  header: string;
  /** `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`, or another word of Meta's. */
  media: string | null;
  body: string;
  footer: string;
  buttons: readonly TemplateButton[];
  gaps: readonly Gap[];
}

/** By place and name: `body first_name`. */
export type Values = Readonly<Record<string, string>>;

export const keyOf = (gap: Pick<Gap, "place" | "name">): string => `${gap.place} ${gap.name}`;

type Loose = Record<string, unknown>;

const word = (value: unknown): string => (typeof value === "string" ? value : "");
const objects = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter((one): one is Loose => typeof one === "object" && one !== null) : []);

export function partsOf(template: Pick<WhatsAppTemplate, "components">): TemplateParts {
  const found = objects(template.components);
  const part = (type: string) => found.find((one) => word(one["type"]).toUpperCase() === type) ?? {};
  const head = part("HEADER");
  const format = word(head["format"]).toUpperCase();
  const media = format && format !== "TEXT" ? format : null;
  const header = media ? "" : word(head["text"]);
  const body = word(part("BODY")["text"]);
  const buttons = objects(part("BUTTONS")["buttons"]).map(buttonOf);
  const gaps = [
    ...gapsIn(header, "header", examples(head, "header")),
    ...gapsIn(body, "body", examples(part("BODY"), "body")),
    ...buttons.flatMap(gapOfButton),
  ];
  return { header, media, body, footer: word(part("FOOTER")["text"]), buttons, gaps };
}

const buttonOf = (one: Loose): TemplateButton => ({ kind: word(one["type"]).toUpperCase(), text: word(one["text"]), url: word(one["url"]) || null });

const GAP = /\{\{\s*([\w.]+)\s*\}\}/g;

function gapsIn(text: string, place: "header" | "body", example: Readonly<Record<string, string>>): Gap[] {
  const names = [...new Set([...text.matchAll(GAP)].map((found) => found[1] ?? ""))];
  return names.map((name) => ({ place, name, label: labelOf(place, name), example: example[name] ?? null }));
}

/** "Heading" stands apart; a word such as first_name reads as words; a number stays a number. */
function labelOf(place: "header" | "body", name: string): string {
  const plain = /^\d+$/.test(name) ? t("gap", { name }) : name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
  return place === "header" ? `${t("gapHeading")}: ${plain}` : plain;
}

function gapOfButton(button: TemplateButton, at: number): Gap[] {
  if (button.kind === "COPY_CODE") return [{ place: "buttons", name: String(at), label: t("gapCode", { text: button.text }), example: null }];
  if (button.kind !== "URL" || !button.url || button.url.search(GAP) < 0) return [];
  return [{ place: "buttons", name: String(at), label: t("gapLink", { text: button.text }), example: button.url.replace(GAP, "…") }];
}

/** Meta keeps examples as lists by place, or as named ones. */
function examples(component: Loose, place: "header" | "body"): Record<string, string> {
  const given = (component["example"] ?? {}) as Loose;
  const named = objects(given[`${place}_text_named_params`]).map((one) => [word(one["param_name"]), word(one["example"])]);
  if (named.length > 0) return Object.fromEntries(named) as Record<string, string>;
  const listed = given[`${place}_text`];
  const first = Array.isArray(listed) && Array.isArray(listed[0]) ? (listed[0] as unknown[]) : Array.isArray(listed) ? (listed as unknown[]) : [];
  return Object.fromEntries(first.map((one, at) => [String(at + 1), word(one)]));
}

/** The text in one line, gaps in brackets: "Hello [first name], your order leaves [day]." */
export const inOneLine = ({ body }: Pick<TemplateParts, "body">): string =>
  plainWords(body.replace(GAP, (_, name: string) => `[${name.replaceAll("_", " ")}]`)).replace(/\s+/g, " ");

/** A gap nobody has filled keeps its mark, so that the preview shows what is missing. */
export function filled(text: string, place: "header" | "body", values: Values): string {
  return text.replace(GAP, (gap, name: string) => values[keyOf({ place, name })]?.trim() || gap);
}

export const missingGaps = (parts: TemplateParts, values: Values): Gap[] => parts.gaps.filter((gap) => !values[keyOf(gap)]?.trim());

export const isBlank = (value: string): boolean => value.includes("    ");

export const headerAccept: Readonly<Record<string, string>> = { IMAGE: ".jpg,.jpeg,.png", VIDEO: ".mp4,.3gp", DOCUMENT: ".pdf,.docx,.xlsx,.pptx,.txt" };

/** What the server is told: values by place. */
export function sentValues(parts: TemplateParts, values: Values): Record<Gap["place"], Record<string, string>> {
  const sent: Record<Gap["place"], Record<string, string>> = { header: {}, body: {}, buttons: {} };
  for (const gap of parts.gaps) sent[gap.place][gap.name] = (values[keyOf(gap)] ?? "").trim();
  return sent;
}

const nameGaps = /^(name|first_?name|customer_?name|contact_?name)$/i;

/** What is known already need not be typed: a gap that asks for a name has it. */
export function firstValues(parts: TemplateParts, name: string | null): Values {
  if (!name) return {};
  const first = name.split(" ")[0] ?? name;
  const known = parts.gaps.filter((gap) => nameGaps.test(gap.name));
  return Object.fromEntries(known.map((gap) => [keyOf(gap), /first/i.test(gap.name) ? first : name]));
}

const names = (code: string): string | undefined => {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code.replace("_", "-"));
  } catch {
    return undefined;
  }
};

/** "en_GB" reads "British English". */
export const languageName = (code: string): string => names(code) ?? code;
