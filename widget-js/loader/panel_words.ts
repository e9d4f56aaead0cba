/** What the panel says when its frame, which has all other words, does not come. */

const BROKEN: Record<string, string> = {
  en: "The chat could not be loaded.",
  de: "Der Chat konnte nicht geladen werden.",
  fr: "Le chat n’a pas pu être chargé.",
  es: "No se pudo cargar el chat.",
  pt: "Não foi possível carregar o chat.",
  it: "Impossibile caricare la chat.",
  nl: "De chat kon niet worden geladen.",
  ar: "تعذّر تحميل المحادثة.",
};

export function brokenIn(locale: string): string {
  return BROKEN[locale.slice(0, 2).toLowerCase()] ?? BROKEN.en!;
}
