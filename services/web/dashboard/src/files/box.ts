/** How much room files take in a thread, known before a single byte is loaded. Pure. */
import { isInGrid, type SentFile } from "./kinds.ts";

export interface Box {
  width: number;
  height: number;
}

const MOST = { width: 320, height: 300 };
const LEAST = { width: 96, height: 72 };
export const UNKNOWN: Box = { width: 200, height: 150 };
export const TILE = 118;
export const GAP = 4;
export const CARD = 56;
/** More pictures than these are behind the last tile. */
export const TILES = 6;

/** The picture's own shape, no larger than it is and never too small to hit. */
export function pictureBox(file: Pick<SentFile, "width" | "height">): Box {
  const { width, height } = file;
  if (!width || !height) return UNKNOWN;
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  return {
    width: Math.max(LEAST.width, Math.round(width * scale)),
    height: Math.max(LEAST.height, Math.round(height * scale)),
  };
}

export const columns = (count: number): number => (count === 2 || count === 4 ? 2 : Math.min(count, 3));

/** Several pictures are tiles of one size; a single one has its own. */
export const gridStyle = (count: number): { gridTemplateColumns?: string } =>
  count === 1 ? {} : { gridTemplateColumns: `repeat(${columns(count)}, minmax(0, ${TILE}px))` };

export function gridHeight(pictures: readonly SentFile[]): number {
  const [first] = pictures;
  if (!first) return 0;
  if (pictures.length === 1) return pictureBox(first).height;
  const shown = Math.min(pictures.length, TILES);
  const rows = Math.ceil(shown / columns(shown));
  return rows * TILE + (rows - 1) * GAP;
}

/** What the list of messages reckons with until the row is measured. */
export function filesHeight(files: readonly SentFile[]): number {
  if (files.length === 0) return 0;
  const pictures = files.filter(isInGrid);
  const rest = files.filter((file) => !isInGrid(file));
  const parts = [gridHeight(pictures), ...rest.map(itemHeight)].filter((height) => height > 0);
  return parts.reduce((sum, height) => sum + height + 6, 0);
}

function itemHeight(file: SentFile): number {
  if (file.state !== "ready") return CARD;
  const extra = file.scan === "unscanned" || file.findings.length > 0 ? 34 : 0;
  if (file.kind === "video") return 232 + extra;
  return (file.kind === "audio" ? 96 : CARD) + extra;
}
