/** Signs to put under a message. Pure. */
export const common = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;

/** The one emoji that was typed, families and flags included; null for words, several, or nothing. */
export function oneEmoji(text: string): string | null {
  const typed = text.trim();
  const letters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(typed)];
  return letters.length === 1 && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(typed) ? typed : null;
}
