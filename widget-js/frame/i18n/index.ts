/**
 * Words by key, in the visitor's language. English is built in and stands in until the other
 * catalogue, a chunk of its own, has come.
 */

import type { filesEn } from "../files/en";
import { en, type Catalogue, type Key } from "./en";

const LOADERS: Record<string, () => Promise<{ words: Catalogue }>> = {
  de: () => import("./de"),
  fr: () => import("./fr"),
  es: () => import("./es"),
  pt: () => import("./pt"),
  it: () => import("./it"),
  nl: () => import("./nl"),
  ar: () => import("./ar"),
};

/** Languages written from the right, also those we have no words for yet: dates and names are theirs. */
const FROM_RIGHT = /^(ar|he|fa|ur|ps|dv|yi)\b/i;

const english: { [key: string]: string } = { ...en };
let words: { [key: string]: string } = english;
let locale = "en";
/** The same language as the visitor's own browser spells it: 14:05 or 2:05 PM is a matter of the region. */
let regional = "en";
let plural = new Intl.PluralRules("en");

export async function useLocale(wanted: string): Promise<string> {
  const language = wanted.slice(0, 2).toLowerCase();
  const load = LOADERS[language];
  words = load ? await load().then((found) => found.words, () => english) : english;
  // Dates must not speak another language than the sentences around them.
  locale = words === english ? (language === "en" ? wanted : "en") : wanted;
  try {
    plural = new Intl.PluralRules(locale);
  } catch {
    locale = words === english ? "en" : language;
    plural = new Intl.PluralRules(locale);
  }
  regional = spelledByVisitor(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = FROM_RIGHT.test(locale) ? "rtl" : "ltr";
  return locale;
}

/** The English of a chunk that has come later. */
export function knowFileWords(more: typeof filesEn) {
  Object.assign(english, more);
}

/** A page that only says "en" has not chosen between regions; the visitor has. */
function spelledByVisitor(spoken: string): string {
  if (spoken.includes("-")) return spoken;
  return navigator.languages.find((one) => one.toLowerCase().startsWith(`${spoken}-`)) ?? spoken;
}

export function t(key: Key, given: Record<string, string | number> = {}): string {
  return fill(words[key] ?? english[key] ?? key, given);
}

/** `offline_queued` → `offline_queued_one`, as the language counts. */
export function tn(key: "offline_queued" | "unread", n: number): string {
  const form = words[`${key}_${plural.select(n)}`] ?? words[`${key}_other`];
  return fill(form ?? english[`${key}_other`]!, { n });
}

function fill(text: string, given: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ""));
}

export function spokenLocale(): string {
  return locale;
}

export function timeOf(at: string): string {
  return new Intl.DateTimeFormat(regional, { timeStyle: "short" }).format(new Date(at));
}

export function dayOf(at: string, now: Date = new Date()): string {
  const date = new Date(at);
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  const isThisYear = date.getFullYear() === now.getFullYear();
  const form: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", ...(isThisYear ? { weekday: "long" } : { year: "numeric" }) };
  return new Intl.DateTimeFormat(regional, form).format(date);
}

export function dateOf(at: string): string {
  return new Intl.DateTimeFormat(regional, { day: "numeric", month: "long", year: "numeric" }).format(new Date(at));
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
