/** Sizes as operators type them. */

const shown = (value: number): string => String(Math.round(value * 100) / 100);

export const gibibytes = (bytes: number): string => shown(bytes / 1024 ** 3);
export const mebibytes = (bytes: number): string => shown(bytes / 1024 ** 2);

/** Whole bytes of what was typed; undefined when it is no number. A comma is taken for a point. */
export function bytesOf(text: string, unit: number): number | undefined {
  const typed = text.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(typed) ? Math.round(Number(typed) * unit) : undefined;
}
