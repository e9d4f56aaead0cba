/**
 * WhatsApp's own marks in a text: *bold*, _italic_, ~struck~, `code` and ```code```. Pure, and never markup: the answer is
 * parts of words with how each is written. A mark counts only where WhatsApp would count it: beside a word, on one line.
 */
export type Style = "plain" | "bold" | "italic" | "struck" | "code";

export interface StyledPart {
  text: string;
  style: Style;
}

const MARKS = /```([^`]+)```|`([^`\n]+)`|(?<![\p{L}\p{N}*_~])([*_~])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}*_~])/gu;
const styles: Record<string, Style> = { "*": "bold", _: "italic", "~": "struck" };

export function styled(text: string): StyledPart[] {
  const parts: StyledPart[] = [];
  let from = 0;
  for (const found of text.matchAll(MARKS)) {
    if (isInAddress(text, found.index)) continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index), style: "plain" });
    const code = found[1] ?? found[2];
    parts.push(code === undefined ? { text: found[4] ?? "", style: styles[found[3] ?? ""] ?? "plain" } : { text: code, style: "code" });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), style: "plain" });
  return parts;
}

/** The words alone, for where there is no room for how they are written. */
export const plainWords = (text: string): string => styled(text).map((part) => part.text).join("");

/** `https://x.example/*a*` is an address, not a bold a. */
function isInAddress(text: string, at: number): boolean {
  const word = text.slice(0, at).split(/\s/).at(-1) ?? "";
  return /:\/\/|^www\./i.test(word);
}
