/** Minutes before the window closes: 1 to a day less one; or null. */
export function minutes(text: string): number | null {
  const value = /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : 0;
  return value >= 1 && value < 24 * 60 ? value : null;
}
