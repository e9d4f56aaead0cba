/**
 * The few words the launcher needs before the frame, which has all the others, is loaded.
 * Per language: open, close, unread.
 */

const WORDS: Record<string, string> = {
  en: "Open chat|Close chat|unread",
  de: "Chat öffnen|Chat schließen|ungelesen",
  fr: "Ouvrir le chat|Fermer le chat|non lus",
  es: "Abrir el chat|Cerrar el chat|sin leer",
  pt: "Abrir o chat|Fechar o chat|não lidas",
  it: "Apri la chat|Chiudi la chat|non letti",
  nl: "Chat openen|Chat sluiten|ongelezen",
  ar: "فتح المحادثة|إغلاق المحادثة|غير مقروءة",
};

export type Words = [open: string, close: string, unread: string];

export function wordsFor(locale: string): Words {
  return (WORDS[locale.slice(0, 2).toLowerCase()] ?? WORDS.en!).split("|") as Words;
}
