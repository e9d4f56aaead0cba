/** A template while somebody writes it, and what Meta is asked to take. Pure. */
import { variables } from "./variables.ts";

export type Category = "MARKETING" | "UTILITY";
export type HeaderKind = "none" | "text" | "image" | "video" | "document";
export type ButtonKind = "QUICK_REPLY" | "URL" | "PHONE_NUMBER" | "COPY_CODE";

export interface ButtonDraft {
  kind: ButtonKind;
  text: string;
  /** Where it leads, whom it calls, or which code it copies. */
  target: string;
  /** What stands in place of a link's variable, for Meta's reviewers. */
  example: string;
}

export interface TemplateDraft {
  name: string;
  language: string;
  category: Category;
  /** Whether variables have names. */
  named: boolean;
  header: { kind: HeaderKind; text: string; handle: string };
  body: string;
  footer: string;
  buttons: ButtonDraft[];
  /** Examples for variables, by part and name: `body.1`, `header.name`. */
  examples: Record<string, string>;
}

export const blank = (language = "en"): TemplateDraft => ({
  name: "",
  language,
  category: "UTILITY",
  named: true,
  header: { kind: "none", text: "", handle: "" },
  body: "",
  footer: "",
  buttons: [],
  examples: {},
});

export const blankButton = (kind: ButtonKind): ButtonDraft => ({ kind, text: kind === "COPY_CODE" ? "Copy offer code" : "", target: "", example: "" });

/** What a person types becomes a name Meta takes: "Order sent!" is `order_sent`. */
export const nameFrom = (typed: string): string =>
  typed.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[\s-]+/g, "_").replace(/[^a-z0-9_]/g, "").slice(0, 512);

export type PartName = "header" | "body";

export const exampleKey = (part: PartName, name: string): string => `${part}.${name}`;

/** Variables that need an example, with the part they stand in. */
export function wanted(draft: TemplateDraft): { part: PartName; name: string; key: string }[] {
  const of = (part: PartName, text: string) => ordered(draft.named, variables(text)).map((name) => ({ part, name, key: exampleKey(part, name) }));
  return [...(draft.header.kind === "text" ? of("header", draft.header.text) : []), ...of("body", draft.body)];
}

const ordered = (named: boolean, names: string[]) => (named ? names : [...names].sort((a, b) => Number(a) - Number(b)));

export interface NewTemplate {
  name: string;
  language: string;
  category: Category;
  named: boolean;
  components: Record<string, unknown>[];
}

export function submission(draft: TemplateDraft): NewTemplate {
  const components = [header(draft), body(draft), footer(draft), buttons(draft)].filter((part) => part !== null);
  const { name, language, category, named } = draft;
  return { name, language, category, named, components };
}

type Component = Record<string, unknown> | null;

function header(draft: TemplateDraft): Component {
  const { kind, text, handle } = draft.header;
  if (kind === "none") return null;
  if (kind !== "text") return { type: "HEADER", format: kind.toUpperCase(), ...(handle && { example: { header_handle: [handle] } }) };
  return { type: "HEADER", format: "TEXT", text, ...examples(draft, "header", text) };
}

const body = (draft: TemplateDraft): Component => ({ type: "BODY", text: draft.body, ...examples(draft, "body", draft.body) });

const footer = ({ footer: text }: TemplateDraft): Component => (text === "" ? null : { type: "FOOTER", text });

function examples(draft: TemplateDraft, part: PartName, text: string): { example?: unknown } {
  const names = ordered(draft.named, variables(text));
  if (names.length === 0) return {};
  const value = (name: string) => draft.examples[exampleKey(part, name)]?.trim() ?? "";
  if (draft.named) return { example: { [`${part}_text_named_params`]: names.map((name) => ({ param_name: name, example: value(name) })) } };
  const values = names.map(value);
  return { example: part === "body" ? { body_text: [values] } : { header_text: values } };
}

function buttons({ buttons: all }: TemplateDraft): Component {
  return all.length === 0 ? null : { type: "BUTTONS", buttons: all.map(button) };
}

function button({ kind, text, target, example }: ButtonDraft): Record<string, unknown> {
  if (kind === "URL") return { type: kind, text, url: target, ...(variables(target).length > 0 && { example: [example] }) };
  if (kind === "PHONE_NUMBER") return { type: kind, text, phone_number: target };
  if (kind === "COPY_CODE") return { type: kind, example: target };
  return { type: kind, text };
}
