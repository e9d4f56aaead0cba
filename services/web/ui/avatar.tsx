import { t } from "./words.ts";
import css from "./avatar.module.css";

type Props = { name: string; seed?: string; size?: number; presence?: "online" | "away" | "offline" | undefined; label?: boolean };

/** Initials on a quiet colour that stays the same for the same person. */
export function Avatar({ name, seed, size = 32, presence, label }: Props) {
  const title = presence ? `${name}, ${t(presence)}` : name;
  return (
    <span
      className={css["avatar"]}
      data-hue={hue(seed ?? name)}
      style={{ width: size, height: size, fontSize: Math.max(9, Math.round(size * 0.37)) }}
      {...(label ? { role: "img", "aria-label": title, title } : { "aria-hidden": true })}
    >
      {initials(name)}
      {presence && <span className={css["dot"]} data-state={presence} data-small={size < 24 || undefined} />}
    </span>
  );
}

export function initials(name: string): string {
  // Signs between words, as in "Lumen & Oak", begin nothing.
  const firsts = name.split(/\s+/).flatMap((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? []);
  const last = firsts.length > 1 ? firsts.at(-1) : "";
  return `${firsts[0] ?? "?"}${last}`.toUpperCase();
}

function hue(seed: string): number {
  // FNV-1a: ids made in the same second differ in few letters and must still differ in colour.
  let hash = 0x811c9dc5;
  for (const letter of seed) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 10;
}
