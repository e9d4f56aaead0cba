/** The gaps in a template's text, `{{1}}` by place or `{{first_name}}` by name. The same as the server's, pure. */

/** In the order in which they first appear, each once. */
export function variables(text: string): string[] {
  const found: string[] = [];
  for (const [, name] of gaps(text)) if (name !== "" && !found.includes(name)) found.push(name);
  return found;
}

/** The text with its gaps filled; a gap without a value stays as it is. */
export function filled(text: string, value: (name: string) => string | undefined): string {
  let out = "";
  let from = 0;
  for (const [at, name, end] of gaps(text)) {
    out += text.slice(from, at) + (value(name) ?? `{{${name}}}`);
    from = end;
  }
  return out + text.slice(from);
}

/** Where each gap begins, what it is called, where it ends. */
function* gaps(text: string): Generator<[at: number, name: string, end: number]> {
  let at = text.indexOf("{{");
  while (at >= 0) {
    const close = text.indexOf("}}", at + 2);
    if (close < 0) return;
    yield [at, text.slice(at + 2, close).trim(), close + 2];
    at = text.indexOf("{{", close + 2);
  }
}

/** What the next gap is called: the next number, or a word nobody uses yet. */
export function nextVariable(named: boolean, text: string): string {
  const known = variables(text);
  if (!named) return String(Math.max(0, ...known.map(Number).filter(Number.isInteger)) + 1);
  for (let n = 1; ; n++) {
    const name = n === 1 ? "name" : `name_${n}`;
    if (!known.includes(name)) return name;
  }
}
