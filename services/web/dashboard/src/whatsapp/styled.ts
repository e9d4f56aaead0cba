/** WhatsApp's own marks, and the gaps that are still empty: `*bold*`, `_italic_`, `~struck~`, ```` ```code``` ````, `{{name}}`. Pure. */
export interface Piece {
  text: string;
  style: "plain" | "bold" | "italic" | "struck" | "code" | "gap";
}

const MARKS = /```([^`]+)```|\*(?=\S)([^*\n]+?)(?<=\S)\*|_(?=\S)([^_\n]+?)(?<=\S)_|~(?=\S)([^~\n]+?)(?<=\S)~|(\{\{[^{}]+\}\})/g;

export function styled(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(MARKS)) {
    const [whole, code, bold, italic, struck, gap] = found;
    // an underscore inside a word is a letter of it: order_sent_now
    const isWord = italic !== undefined && (/\w$/.test(text.slice(0, found.index)) || /^\w/.test(text.slice(found.index + whole.length)));
    if (isWord) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), style: "plain" });
    pieces.push(pieceOf({ code, bold, italic, struck, gap }));
    from = found.index + whole.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), style: "plain" });
  return pieces;
}

function pieceOf(found: Record<"code" | "bold" | "italic" | "struck" | "gap", string | undefined>): Piece {
  const style = (["code", "bold", "italic", "struck", "gap"] as const).find((one) => found[one] !== undefined) ?? "gap";
  return { text: found[style] ?? "", style };
}
