/** Names and sizes of files as a person reads them. */

/** Marks that turn the direction of what follows, and characters nobody can see: `gpj.exe` must not read `exe.jpg`. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A name as it may be shown: text, without what only deceives. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, "");
}

/** A long name without its middle: beginning and ending say what it is. */
export function cutMiddle(name: string, most = 32): string {
  const letters = Array.from(shownName(name));
  if (letters.length <= most) return letters.join("");
  const tail = Math.min(12, Math.floor(most / 2));
  return `${letters.slice(0, most - tail - 1).join("").trimEnd()}…${letters.slice(-tail).join("").trimStart()}`;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `1.2 MB`, in the reader's own way of writing numbers; counted as the limits are, 1,024 to the next. */
export function sizeText(bytes: number, locale: string): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  const digits = step > 1 && value < 100 ? 1 : 0;
  const form = { style: "unit", unit: UNITS[step]!, unitDisplay: step ? "short" : "long", maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, form).format(value);
}
