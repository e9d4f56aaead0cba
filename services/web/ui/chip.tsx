import type { ReactNode } from "react";
import css from "./chip.module.css";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad" | "snooze";

export function Chip({ tone = "neutral", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={css["chip"]} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}

export function Count({ n, label }: { n: number; label: string }) {
  if (n <= 0) return null;
  return (
    <span className={css["count"]} aria-label={label}>
      {n > 99 ? "99+" : n}
    </span>
  );
}
