/** The tenant's colour, made readable: what stands on it, and a shade of it that stands on paper. */

type Rgb = [number, number, number];

export function parseColor(color: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as Rgb;
}

export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [17, 19, 24];

/** White unless it fails AA on this colour. */
export function textOn(color: Rgb): Rgb {
  return contrast(color, WHITE) >= 4.5 ? WHITE : contrast(color, INK) >= contrast(color, WHITE) ? INK : WHITE;
}

/** The colour itself, moved towards ink or white until it can be read on this paper. */
export function readableOn(color: Rgb, paper: Rgb): Rgb {
  const pole = luminance(paper) > 0.5 ? INK : WHITE;
  for (let step = 0; step <= 1; step += 0.08) {
    const mixed = color.map((part, i) => Math.round(part + (pole[i]! - part) * step)) as Rgb;
    if (contrast(mixed, paper) >= 4.6) return mixed;
  }
  return pole;
}

const css = (color: Rgb) => `rgb(${color.join(" ")})`;

export function paint(root: HTMLElement, color: string, isDark: boolean) {
  const accent = parseColor(color);
  const paper: Rgb = isDark ? [27, 31, 40] : WHITE;
  root.dataset.theme = isDark ? "dark" : "light";
  root.style.setProperty("--accent", css(accent));
  root.style.setProperty("--on-accent", css(textOn(accent)));
  root.style.setProperty("--accent-text", css(readableOn(accent, paper)));
}
