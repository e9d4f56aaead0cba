/**
 * What an agent may put into a message beside words: the forms of it, what is wrong with them, and reading one that was
 * kept with a draft. Pure.
 */
import type { Content } from "wire";
import { safeUrl } from "wire";
import { t } from "./words.ts";

export type InsertKind = "buttons" | "list" | "link" | "location" | "contacts";
export type Insert = Extract<Content, { type: InsertKind }>;

export const insertKinds: readonly InsertKind[] = ["buttons", "list", "link", "location", "contacts"];

export const BUTTONS = 3;
export const ROWS = 10;
const BUTTON = 20;
const ROW = 24;
const DESCRIPTION = 72;

/** As it is typed: every field a text. */
export interface InsertForm {
  kind: InsertKind;
  titles: string[];
  descriptions: string[];
  button: string;
  url: string;
  latitude: string;
  longitude: string;
  name: string;
  address: string;
  phone: string;
  email: string;
  organisation: string;
}

export type Faults = Partial<Record<string, string>>;

export function emptyForm(kind: InsertKind): InsertForm {
  const titles = kind === "buttons" ? ["", ""] : ["", "", ""];
  return {
    kind, titles, descriptions: titles.map(() => ""), button: "", url: "https://", latitude: "", longitude: "",
    name: "", address: "", phone: "", email: "", organisation: "",
  };
}

export function formOf(insert: Insert): InsertForm {
  const empty = emptyForm(insert.type);
  switch (insert.type) {
    case "buttons":
      return { ...empty, titles: insert.buttons.map((one) => one.title), descriptions: insert.buttons.map(() => "") };
    case "list":
      return { ...empty, button: insert.button, titles: insert.rows.map((one) => one.title), descriptions: insert.rows.map((one) => one.description ?? "") };
    case "link":
      return { ...empty, button: insert.label, url: insert.url };
    case "location":
      return { ...empty, latitude: String(insert.latitude), longitude: String(insert.longitude), name: insert.name ?? "", address: insert.address ?? "" };
    case "contacts": {
      const [card] = insert.cards;
      return { ...empty, name: card?.name ?? "", phone: card?.phones[0] ?? "", email: card?.emails[0] ?? "", organisation: card?.organisation ?? "" };
    }
  }
}

/** What is to be sent, or what is wrong with it, field by field. */
export function read(form: InsertForm): { insert: Insert } | { faults: Faults } {
  const faults = faultsOf(form);
  return Object.keys(faults).length > 0 ? { faults } : { insert: made(form) };
}

function faultsOf(form: InsertForm): Faults {
  switch (form.kind) {
    case "buttons":
      return titleFaults(form, BUTTON);
    case "list":
      return { ...titleFaults(form, ROW), ...describedFaults(form), ...length("button", form.button, BUTTON) };
    case "link":
      return { ...length("button", form.button, BUTTON), ...(isHttps(form.url) ? {} : { url: t("badUrl") }) };
    case "location":
      return { ...inRange("latitude", form.latitude, 90), ...inRange("longitude", form.longitude, 180) };
    case "contacts":
      return { ...length("name", form.name, 100), ...(isPhone(form.phone) ? {} : { phone: t("badPhone") }) };
  }
}

/** Empty ones at the end are simply not sent. */
function titleFaults(form: InsertForm, most: number): Faults {
  const faults: Faults = {};
  const used = form.titles.map((one) => one.trim());
  if (!used.some(Boolean)) faults["title 0"] = t("needed");
  used.forEach((title, at) => {
    if ([...title].length > most) faults[`title ${at}`] = t("tooManyLetters", { n: most });
    else if (title && used.indexOf(title) < at) faults[`title ${at}`] = t("twice");
    else if (!title && form.descriptions[at]?.trim()) faults[`title ${at}`] = t("needed");
  });
  return faults;
}

function describedFaults(form: InsertForm): Faults {
  const long = form.descriptions.flatMap((one, at) => ([...one.trim()].length > DESCRIPTION ? [[`description ${at}`, t("tooManyLetters", { n: DESCRIPTION })]] : []));
  return Object.fromEntries(long) as Faults;
}

function length(field: string, value: string, most: number): Faults {
  const letters = [...value.trim()].length;
  if (letters === 0) return { [field]: t("needed") };
  return letters > most ? { [field]: t("tooManyLetters", { n: most }) } : {};
}

/** "51,5034" is how half of Europe writes it. */
const degreesOf = (text: string) => Number(text.trim().replace(",", "."));

function inRange(field: string, value: string, most: number): Faults {
  const number = degreesOf(value);
  const fine = value.trim() !== "" && Number.isFinite(number) && Math.abs(number) <= most;
  return fine ? {} : { [field]: t("badNumber", { from: -most, to: most }) };
}

const isHttps = (url: string) => safeUrl(url.trim())?.startsWith("https://") ?? false;

/** "+44 (0)20" is not a number anybody can call from abroad, and WhatsApp wants digits. */
export function phoneOf(text: string): string | null {
  const digits = text.replace(/[\s().\-/\u00a0]/g, "");
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

const isPhone = (text: string) => phoneOf(text) !== null;

function made(form: InsertForm): Insert {
  switch (form.kind) {
    case "buttons":
      return { type: "buttons", buttons: choices(form, "button") };
    case "list":
      return { type: "list", button: form.button.trim(), rows: choices(form, "row") };
    case "link":
      return { type: "link", label: form.button.trim(), url: form.url.trim() };
    case "location":
      return { type: "location", latitude: degreesOf(form.latitude), longitude: degreesOf(form.longitude), name: form.name.trim() || null, address: form.address.trim() || null };
    case "contacts":
      return { type: "contacts", cards: [{ name: form.name.trim(), phones: [phoneOf(form.phone) ?? ""], emails: form.email.trim() ? [form.email.trim()] : [], organisation: form.organisation.trim() || null }] };
  }
}

function choices(form: InsertForm, word: string) {
  return form.titles.flatMap((title, at) =>
    title.trim() ? [{ id: `${word}-${at + 1}`, title: title.trim(), description: form.descriptions[at]?.trim() || null }] : [],
  );
}

/** One that was kept with a draft, by an older version or another hand: read through its own form, or nothing. */
export function keptInsert(value: unknown): Insert | null {
  try {
    const found = read(formOf(value as Insert));
    return "insert" in found ? found.insert : null;
  } catch {
    return null;
  }
}
