/** The form of what may be sent: text fields while somebody types, a policy when it is whole. Pure. */
import type { FilePolicy, KnownPolicy, Retention } from "./api.ts";

export const MB = 1024 * 1024;

export interface PolicyDraft extends Omit<FilePolicy, "most" | "max_bytes"> {
  most: string;
  size: string;
}

export function draftOf({ most, max_bytes, types, legacy_office, scan }: FilePolicy): PolicyDraft {
  return { most: String(most), size: megabytes(max_bytes), types, legacy_office, scan };
}

export const megabytes = (bytes: number): string => String(Math.round((bytes / MB) * 10) / 10);

/** A whole number within bounds, or null. */
export function whole(text: string, from: number, to: number): number | null {
  const value = /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : NaN;
  return value >= from && value <= to ? value : null;
}

/** Megabytes as people write them, "2.5" or "2,5", as bytes; or null. */
export function bytesOf(text: string, most: number): number | null {
  const value = /^\s*\d{1,5}([.,]\d+)?\s*$/.test(text) ? Math.round(Number(text.replace(",", ".")) * MB) : NaN;
  return value >= MB / 10 && value <= most ? value : null;
}

/** What would be saved, or null while a field is wrong. */
export function policyOf(draft: PolicyDraft, { ceiling }: Pick<KnownPolicy, "ceiling">): FilePolicy | null {
  const most = whole(draft.most, 0, ceiling.most);
  const max_bytes = bytesOf(draft.size, ceiling.max_bytes);
  if (most === null || max_bytes === null || draft.types.length === 0) return null;
  return { most, max_bytes, types: draft.types, legacy_office: draft.legacy_office, scan: draft.scan };
}

export function toggled(types: readonly string[], choice: readonly string[], on: boolean): string[] {
  const rest = types.filter((one) => !choice.includes(one));
  return on ? [...rest, ...choice] : rest;
}

export function samePolicy(a: FilePolicy, b: FilePolicy): boolean {
  const flat = ({ most, max_bytes, types, legacy_office, scan }: FilePolicy) =>
    JSON.stringify([most, max_bytes, [...types].sort(), legacy_office, scan.away, scan.too_large]);
  return flat(a) === flat(b);
}

const age = (days: number | null) => days ?? Infinity;

/** Something that is kept now would be erased. */
export const isShorter = (before: Retention["files"], after: Retention["files"]): boolean =>
  age(after.website) < age(before.website) || age(after.whatsapp) < age(before.whatsapp);
