/**
 * A message's text as a list of plain parts and links, with no markup anywhere.
 *
 * Promises: the parts joined give the text back, unchanged; a link's `href` is always
 * http, https or mailto, as the browser's own URL parser reads it; everything else
 * (`javascript:`, `data:`, entities, control characters) stays text. A view renders parts
 * as text nodes and anchors, never as HTML.
 */

export interface TextPart {
  text: string;
  href?: string;
}

/** What every link out of a message must carry. */
export const LINK_REL = "noopener noreferrer nofollow";

// Spaces, quotes, angle brackets, controls and direction overrides end a link: a link that
// shows one address and opens another must not be possible.
const STOP = "\\s<>\"'`\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ufeff";
const FOUND = new RegExp(
  `(?:https?://|www\\.)[^${STOP}]{1,2000}|(?:mailto:)?[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}`,
  "gi",
);

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(FOUND)) {
    const start = match.index;
    if (start > 0 && isWordBefore(text, start)) continue;
    const shown = withoutTail(match[0]);
    const href = addressOf(shown);
    if (!href) continue;
    if (start > from) parts.push({ text: text.slice(from, start) });
    parts.push({ text: shown, href });
    from = start + shown.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** `xhttps://…` and `user:pass@host` are not what they look like. */
function isWordBefore(text: string, start: number): boolean {
  return /[A-Za-z0-9_@/:.%+-]/.test(text[start - 1]!);
}

/** Punctuation after an address belongs to the sentence; a closing bracket only if it was not opened inside. */
function withoutTail(found: string): string {
  let shown = found;
  for (;;) {
    const last = shown.at(-1);
    if (last && /[.,;:!?…*_~]/.test(last)) shown = shown.slice(0, -1);
    else if (last && isUnopened(shown, last)) shown = shown.slice(0, -1);
    else return shown;
  }
}

function isUnopened(shown: string, last: string): boolean {
  const opener = { ")": "(", "]": "[", "}": "{" }[last];
  return opener !== undefined && shown.split(last).length > shown.split(opener).length;
}

function addressOf(shown: string): string | null {
  const isWeb = /^https?:/i.test(shown);
  const isMail = !isWeb && !/^www\./i.test(shown);
  const written = isWeb ? shown : isMail ? `mailto:${shown.replace(/^mailto:/i, "")}` : `https://${shown}`;
  return safeUrl(written);
}

/** The address as the browser would open it, or null when it is not one we let a stranger give. */
export function safeUrl(written: string): string | null {
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return null;
  }
  if (url.protocol === "mailto:") return url.href;
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  // `https://bank.example@evil.example` reads as the bank: no user part, ever.
  if (url.username || url.password || !url.hostname) return null;
  return url.href;
}

/** First words of a message for a list row, or the names of its files; the server cuts alike. */
export function preview(body: string, files: readonly { name: string }[] = []): string {
  const shown = body || files.map((file) => file.name).join(", ");
  return Array.from(shown).slice(0, 120).join("").replace(/[\r\n\t]/g, " ");
}
