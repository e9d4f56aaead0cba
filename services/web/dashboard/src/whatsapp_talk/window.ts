/** How long somebody may be written to freely, and why not any more. Pure: the caller passes `now`. */
import type { Window } from "wire";
import { clock, dayKey, fullTime } from "ui";
import { t } from "./words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOON = 2 * HOUR;

export type WindowState =
  | { kind: "none" }
  | { kind: "open"; left: number; tone: "calm" | "soon" }
  | { kind: "shut"; why: "never" | "passed" | "refused" };

/** WhatsApp's own verdict stands before our clock. */
export function windowState(window: Window | null, now: number): WindowState {
  if (!window) return { kind: "none" };
  if (window.refused_at) return { kind: "shut", why: "refused" };
  if (!window.open_until) return { kind: "shut", why: "never" };
  const left = Date.parse(window.open_until) - now;
  if (left <= 0) return { kind: "shut", why: "passed" };
  return { kind: "open", left, tone: left < SOON ? "soon" : "calm" };
}

/** "21 h", below two hours "1 h 25 min", below one "42 min". */
export function leftText(left: number): string {
  const minutes = Math.floor(left / MINUTE);
  if (minutes < 1) return t("lastMinute");
  if (minutes < 60) return t("minutes", { n: minutes });
  if (left >= SOON) return t("hours", { n: Math.floor(left / HOUR) });
  return t("hoursMinutes", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

export function shutText(window: Window, why: "never" | "passed" | "refused"): string {
  if (why === "passed" && window.last_inbound_at) return t("shutPassed", { time: fullTime(window.last_inbound_at) });
  return t(why === "refused" ? "shutRefused" : "shutNever");
}

/** After a tap on an advertisement nothing is charged for a while. */
export function freeText(window: Window | null, now: number): string | null {
  const until = window?.free_until;
  if (!until || Date.parse(until) <= now) return null;
  return t("free", { time: dayKey(until) === dayKey(now) ? clock(until) : fullTime(until) });
}
