/** Times as people say them. Pure: the caller passes `now`. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** For a dense list: "now", "5m", "3h", "Tue", "12 Mar", "12 Mar 2024". */
export function shortAge(at: string | number | Date, now: number, locale?: string): string {
  const then = new Date(at);
  const age = now - then.getTime();
  if (Number.isNaN(age)) return "";
  if (age < minute) return "now";
  if (age < hour) return `${Math.floor(age / minute)}m`;
  if (age < day) return `${Math.floor(age / hour)}h`;
  if (age < 7 * day) return then.toLocaleDateString(locale, { weekday: "short" });
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(locale, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** For a sentence: "just now", "5 minutes ago", "in 3 hours", then a date. */
export function longAge(at: string | number | Date, now: number, locale?: string): string {
  const difference = new Date(at).getTime() - now;
  const size = Math.abs(difference);
  if (Number.isNaN(size)) return "";
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  // Two clocks are never quite the same: a few seconds ahead is still now.
  if (size < minute) return difference > 30_000 ? "in a moment" : "just now";
  if (size < hour) return words.format(Math.trunc(difference / minute), "minute");
  if (size < day) return words.format(Math.trunc(difference / hour), "hour");
  if (size < 30 * day) return words.format(Math.trunc(difference / day), "day");
  return fullDate(at, locale);
}

export function fullDate(at: string | number | Date, locale?: string): string {
  return write("date", { day: "numeric", month: "long", year: "numeric" }, at, locale);
}

export function fullTime(at: string | number | Date, locale?: string): string {
  return write("time", { dateStyle: "medium", timeStyle: "short" }, at, locale);
}

export function clock(at: string | number | Date, locale?: string): string {
  return write("clock", { hour: "2-digit", minute: "2-digit" }, at, locale);
}

const writers = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using one does, and a thread shows hundreds of times. */
function write(name: string, how: Intl.DateTimeFormatOptions, at: string | number | Date, locale?: string): string {
  const key = `${name} ${locale ?? ""}`;
  let writer = writers.get(key);
  if (!writer) writers.set(key, (writer = new Intl.DateTimeFormat(locale, how)));
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : writer.format(date);
}

/** "Today", "Yesterday", "Tuesday", "12 March", for the separators of a thread. Calendar days, not spans of 24 hours. */
export function dayName(at: string | number | Date, now: number, locale?: string): string {
  const then = new Date(at);
  const days = Math.round((midnight(new Date(now)) - midnight(then)) / day);
  if (days <= 1 && days >= 0) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  if (days > 1 && days < 7) return then.toLocaleDateString(locale, { weekday: "long" });
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(locale, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** The calendar day in the reader's own time zone, as a key for grouping. */
export function dayKey(at: string | number | Date): number {
  return midnight(new Date(at));
}

const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
