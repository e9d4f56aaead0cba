/** The room that files take in a bubble, known before anything of them has come: nothing jumps. */

interface Sized {
  kind?: string;
  width: number | null;
  height: number | null;
}

const WIDEST = 248;
const HIGHEST = 300;
const LEAST = 96;
const CARD = 52;
const PLAYER: Record<string, number> = { video: 144, audio: 58 };

/** As large as fits, the picture's own shape, but neither a thread nor a needle. */
export function boxOf({ width, height }: Sized): { width: number; height: number } {
  if (!width || !height) return { width: 240, height: 180 };
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  const fit = (pixels: number, most: number) => Math.round(Math.min(most, Math.max(LEAST, pixels * scale)));
  return { width: fit(width, WIDEST), height: fit(height, HIGHEST) };
}

/** How high all files of a message are together. */
export function heightOf(files: readonly Sized[]): number {
  const pictures = files.filter((one) => one.kind === "image");
  const others = files.filter((one) => one.kind !== "image").map((one) => CARD + (PLAYER[one.kind ?? ""] ?? 0));
  const parts = [...(pictures.length ? [gridHeight(pictures)] : []), ...others];
  return parts.reduce((sum, one) => sum + one, 0) + 6 * (parts.length - 1);
}

function gridHeight(pictures: readonly Sized[]): number {
  const [first] = pictures;
  if (pictures.length === 1) return boxOf(first!).height;
  return pictures.length === 3 ? 250 : 126 * Math.ceil(pictures.length / 2) - 4;
}
