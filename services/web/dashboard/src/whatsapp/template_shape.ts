/** A template as it looks: drawn from a draft while somebody writes, or from Meta's own JSON. Pure. */
import type { TemplateDraft, ButtonKind, HeaderKind } from "./template_draft.ts";
import { blank, exampleKey } from "./template_draft.ts";
import { filled } from "./variables.ts";

export interface Shape {
  header: { kind: HeaderKind | "location"; text: string };
  body: string;
  footer: string;
  buttons: { kind: string; text: string }[];
}

export function shapeOfDraft(draft: TemplateDraft): Shape {
  const value = (part: "header" | "body") => (name: string) => draft.examples[exampleKey(part, name)]?.trim() || undefined;
  return {
    header: { kind: draft.header.kind, text: filled(draft.header.text, value("header")) },
    body: filled(draft.body, value("body")),
    footer: draft.footer,
    buttons: draft.buttons.map(({ kind, text }) => ({ kind, text })),
  };
}

type Part = Record<string, unknown>;

const word = (part: Part | undefined, name: string): string => (typeof part?.[name] === "string" ? part[name] : "");
const list = (value: unknown): Part[] => (Array.isArray(value) ? value.filter((one): one is Part => typeof one === "object" && one !== null) : []);
const typed = (components: Part[], type: string): Part | undefined => components.find((part) => word(part, "type").toUpperCase() === type);

export function shapeOf(components: Part[]): Shape {
  const header = typed(components, "HEADER");
  const format = word(header, "format").toLowerCase() || "text";
  const kind = (["text", "image", "video", "document", "location"] as const).find((one) => one === format) ?? "text";
  return {
    header: { kind: header ? kind : "none", text: word(header, "text") },
    body: word(typed(components, "BODY"), "text"),
    footer: word(typed(components, "FOOTER"), "text"),
    buttons: list(typed(components, "BUTTONS")?.["buttons"]).map((button) => ({ kind: word(button, "type"), text: word(button, "text") || "Copy offer code" })),
  };
}

const kinds: readonly ButtonKind[] = ["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"];

/** A draft with the same words, to be changed and sent in anew. Kinds of parts nobody can write here are left out. */
export function draftFrom(template: { name: string; language: string; category: string; named: boolean; components: Part[] }): TemplateDraft {
  const { header, body, footer } = shapeOf(template.components);
  const buttons = list(typed(template.components, "BUTTONS")?.["buttons"]).flatMap((button) => {
    const kind = kinds.find((one) => one === word(button, "type"));
    const example = Array.isArray(button["example"]) ? String(button["example"][0] ?? "") : word(button, "example");
    const target = { URL: word(button, "url"), PHONE_NUMBER: word(button, "phone_number"), COPY_CODE: example, QUICK_REPLY: "" };
    return kind ? [{ kind, text: word(button, "text"), target: target[kind], example: kind === "URL" ? example : "" }] : [];
  });
  return {
    ...blank(template.language),
    name: template.name,
    category: template.category === "MARKETING" ? "MARKETING" : "UTILITY",
    named: template.named,
    header: { kind: header.kind === "location" ? "none" : header.kind, text: header.text, handle: "" },
    body,
    footer,
    buttons,
    examples: examplesOf(template.components),
  };
}

function examplesOf(components: Part[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of ["header", "body"] as const) {
    const example = typed(components, part.toUpperCase())?.["example"] as Part | undefined;
    for (const one of list(example?.[`${part}_text_named_params`])) found[exampleKey(part, word(one, "param_name"))] = word(one, "example");
    const placed = example?.[`${part}_text`];
    const values: unknown[] = Array.isArray(placed) ? (Array.isArray(placed[0]) ? placed[0] : placed) : [];
    values.forEach((value, index) => (found[exampleKey(part, String(index + 1))] = String(value)));
  }
  return found;
}
