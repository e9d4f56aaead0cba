/** The room that files take in a bubble, known before anything of them has come: nothing jumps. */

interface Sized {
  /** Unknown of what is on its way: then what has been measured is a picture. */
  kind?: string;
  state?: string;
  width: number | null;
  height: number | null;
}

/** What a bubble has on the narrowest phone. */
const WIDEST = 228;
const HIGHEST = 300;
const LEAST = 96;
const CARD = 52;
const PLAYER: Record<string, number> = { video: 132, audio: 58 };

/** As large as fits, the picture's own shape, but neither a thread nor a needle. */
export function boxOf({ width, height }: Sized): { width: number; height: number } {
  if (!width || !height) return { width: WIDEST, height: 171 };
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  const fit = (pixels: number, most: number) => Math.round(Math.min(most, Math.max(LEAST, pixels * scale)));
  return { width: fit(width, WIDEST), height: fit(height, HIGHEST) };
}

/** How high all files of a message are together. */
export function heightOf(files: readonly Sized[]): number {
  const pictures = files.filter(isPicture);
  const others = files.filter((one) => !isPicture(one)).map((one) => CARD + (PLAYER[one.kind ?? ""] ?? 0));
  const parts = [...(pictures.length ? [gridHeight(pictures)] : []), ...others];
  return parts.reduce((sum, one) => sum + one, 0) + 6 * (parts.length - 1);
}

/** What was refused or is gone has no picture to show, only something to say. */
export function isPicture({ kind, state, width }: Sized): boolean {
  const isSad = state === "refused" || state === "gone" || state === "failed";
  return !isSad && (kind ? kind === "image" : width !== null);
}

function gridHeight(pictures: readonly Sized[]): number {
  const [first] = pictures;
  if (pictures.length === 1) return boxOf(first!).height;
  return pictures.length === 3 ? 230 : 116 * Math.ceil(pictures.length / 2) - 4;
}
