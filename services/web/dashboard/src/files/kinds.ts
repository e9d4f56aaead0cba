/** What files are, in words and in groups. Pure. */
import { endingOf, shownName, type File as SentFile } from "wire";
import { language } from "ui";
import { t } from "./words.ts";

/** A file the server has; `File` is the browser's own, on somebody's disk. */
export type { SentFile };
export { endingOf, shownName };

export type Group = "pictures" | "documents" | "office" | "legacy" | "sound" | "video" | "other";

const groups: Record<Exclude<Group, "other">, readonly string[]> = {
  pictures: ["jpg", "jpeg", "png", "webp", "gif"],
  documents: ["pdf", "txt", "csv", "log"],
  office: ["docx", "xlsx", "pptx"],
  legacy: ["doc", "xls", "ppt"],
  sound: ["mp3", "m4a", "ogg", "oga", "wav"],
  video: ["mp4", "webm"],
};

export const groupNames = Object.keys(groups) as Exclude<Group, "other">[];

export const groupOf = (extension: string): Group => groupNames.find((name) => groups[name].includes(extension)) ?? "other";

/** Types by group, in the groups' order; one choice may stand for two spellings. */
export function grouped(types: readonly string[]): { group: Group; choices: string[][] }[] {
  return [...groupNames, "other" as const]
    .map((group) => ({ group, choices: choices(types.filter((one) => groupOf(one) === group)) }))
    .filter(({ choices }) => choices.length > 0);
}

function choices(types: string[]): string[][] {
  const rest = types.filter((one) => one !== "jpeg" || !types.includes("jpg"));
  return rest.map((one) => (one === "jpg" && types.includes("jpeg") ? ["jpg", "jpeg"] : [one]));
}

const named = ["jpg", "jpeg", "png", "webp", "gif", "pdf", "txt", "csv", "log", "docx", "xlsx", "pptx", "mp3", "m4a", "ogg", "mp4", "webm"] as const;

/** "JPEG (.jpg, .jpeg)": what it is, and how it ends. */
export function choiceName(choice: readonly string[]): string {
  const known = named.find((one) => one === choice[0]);
  return `${t(known ? `type.${known}` : "type.other")} (${choice.map((one) => `.${one}`).join(", ")})`;
}

/** "Pictures, PDF, TXT and CSV": a whole group by its name, else its types. */
export function typesText(types: readonly string[]): string {
  const words = grouped(types).flatMap(({ group, choices }) =>
    group === "pictures" && choices.length > 2 ? [t("group.pictures")] : choices.map(([first]) => (first ?? "").toUpperCase()),
  );
  const last = words.pop() ?? "";
  return words.length === 0 ? last : t("andMore", { list: words.join(", "), last });
}

const units = ["kB", "MB", "GB"] as const;

/** "820 kB", "1.4 MB", in steps of 1,024 as the server's limits are set: its 10 MB must not read 10.5 here. */
export function sizeText(bytes: number, locale: string = language): string {
  if (bytes < 1024 && bytes > 0) return `1 ${units[0]}`;
  let step = 0;
  let amount = bytes / 1024;
  while (step < units.length - 1 && Math.round(amount) >= 1024) {
    amount /= 1024;
    step++;
  }
  const digits = step > 0 && amount < 100 ? 1 : 0;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(amount)} ${units[step]}`;
}

/** The end stays readable when a long name is cut: it says what the file is. */
export function splitName(name: string): [string, string] {
  const letters = Array.from(shownName(name));
  const tail = Math.min(letters.length, Math.max(8, endingOf(name).length + 5));
  return letters.length <= 20 ? [letters.join(""), ""] : [letters.slice(0, -tail).join(""), letters.slice(-tail).join("")];
}

const known = [
  "type_not_allowed", "type_mismatch", "unreadable", "too_large", "picture_too_large", "macro", "infected", "scan_too_large",
  "scan_unavailable", "archive_bomb", "checker_failed", "expired", "erased", "lost",
] as const;

/** "Refused: a virus was found in it." A code from a newer server is still a sentence. */
export function stateText(file: Pick<SentFile, "state" | "reason">): string {
  if (file.state === "ready") return "";
  if (file.state === "checking") return t("checking");
  const code = known.find((one) => one === file.reason);
  return `${t(file.state)}: ${t(code ? `reason.${code}` : "reason.unknown")}`;
}

export const isOpenPicture = (file: SentFile): boolean => file.kind === "image" && file.state === "ready";

/** Pictures have a box from the start; what was refused or is gone is a card with the reason. */
export const isInGrid = (file: SentFile): boolean => file.kind === "image" && (file.state === "ready" || file.state === "checking");

const listed = /^[^\n]+\.(jpe?g|png|webp|gif|pdf|txt|csv|log|docx?|xlsx?|pptx?|mp3|m4a|ogg|oga|wav|mp4|webm)$/i;

/** A row's preview is the names of its files when there are no words; the list marks it with a paperclip. */
export const isFileNames = (preview: string): boolean => {
  const names = preview.split(", ");
  // The 120th character may fall into a name: the last one of several is allowed to be cut.
  const whole = names.length > 1 && preview.length >= 118 ? names.slice(0, -1) : names;
  return whole.every((name) => listed.test(name) && !/[.!?]\s/.test(name));
};
