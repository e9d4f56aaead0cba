/**
 * Words of the screens. A catalogue is a flat object; a phrase is a string with `{name}` gaps, or a set of plural forms
 * chosen by `n`. Other languages are partial catalogues; what they lack is said in English.
 */
export type Phrase = string | { one: string; other: string; zero?: string; few?: string; many?: string; two?: string };
export type Gaps = Record<string, string | number>;

export const language: string = typeof navigator === "undefined" ? "en" : navigator.language || "en";

export function fill(phrase: Phrase, gaps: Gaps = {}, locale: string = language): string {
  const text = typeof phrase === "string" ? phrase : pick(phrase, Number(gaps["n"] ?? 0), locale);
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => show(gaps[name], locale) ?? gap);
}

function pick(forms: Exclude<Phrase, string>, n: number, locale: string): string {
  if (n === 0 && forms.zero !== undefined) return forms.zero;
  return forms[new Intl.PluralRules(locale).select(n)] ?? forms.other;
}

function show(value: string | number | undefined, locale: string): string | undefined {
  return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
}

export function catalogue<T extends Record<string, Phrase>>(
  english: T,
  others: Record<string, Partial<Record<keyof T, Phrase>>> = {},
) {
  const local: Partial<Record<keyof T, Phrase>> = others[language] ?? others[language.split("-")[0] ?? "en"] ?? {};
  return (key: keyof T, gaps?: Gaps): string => fill(local[key] ?? (english[key] as Phrase), gaps);
}
