/** Elements made one by one: no markup is parsed in a stranger's page. */

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]!);
  return element;
}

/** Answers its own undo. */
export function listen(on: EventTarget, type: string, run: (event: Event) => void): () => void {
  on.addEventListener(type, run);
  return () => on.removeEventListener(type, run);
}

const SVG = "http://www.w3.org/2000/svg";

export const TALK =
  "M12 3.5c-5 0-9 3.4-9 7.7 0 2.5 1.3 4.6 3.4 6l-.7 3.3 3.7-1.9c.8.2 1.7.3 2.6.3 5 0 9-3.4 9-7.7s-4-7.7-9-7.7z";
export const CROSS = "M6 6l12 12M18 6L6 18";

export function icon(path: string, className: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  const set = (element: Element, name: string, value: string) => element.setAttribute(name, value);
  set(svg, "viewBox", "0 0 24 24");
  set(svg, "class", className);
  set(svg, "aria-hidden", "true");
  set(svg, "width", "24");
  set(line, "d", path);
  set(line, "fill", "none");
  set(line, "stroke", "currentColor");
  set(line, "stroke-width", "2");
  set(line, "stroke-linecap", "round");
  set(line, "stroke-linejoin", "round");
  svg.appendChild(line);
  return svg;
}
