/** Codes of refusals, failures and losses as sentences; sizes and shares as the visitor writes them. */

import type { FileRefusal } from "../../wire/file_rules";
import { cutMiddle, sizeText } from "../../wire/file_text";
import { spokenLocale, t } from "../i18n";
import type { Key } from "../i18n/en";

const WHY: Record<string, Key> = {
  files_off: "why_files_off",
  too_many_files: "why_upload_limit",
  file_empty: "why_file_empty",
  file_type_refused: "why_type",
  type_not_allowed: "why_type",
  type_mismatch: "why_mismatch",
  unreadable: "why_unreadable",
  file_too_large: "why_large",
  too_large: "why_large",
  archive_bomb: "why_large",
  picture_too_large: "why_pixels",
  macro: "why_macro",
  infected: "why_infected",
  scan_too_large: "why_unchecked",
  scan_unavailable: "why_unchecked",
  checker_failed: "why_unchecked",
  upload_limit: "why_upload_limit",
  storage_full: "why_storage_full",
  bytes_lost: "why_bytes_lost",
  expired: "why_expired",
  erased: "why_erased",
  lost: "why_lost",
};

/** Empty for a code that says nothing to a visitor. */
export function why(code: string | null): string {
  const key = code && Object.hasOwn(WHY, code) ? WHY[code] : undefined;
  return key ? t(key) : "";
}

/** Why something was not even tried, with the limit. */
export function refusalText(refusal: FileRefusal): string {
  switch (refusal.code) {
    case "too_many_files":
      return t("why_too_many_files", { n: refusal.most });
    case "file_too_large":
      return t("why_file_too_large", { size: sizeOf(refusal.max_bytes) });
    case "file_type_refused":
      return t("why_file_type_refused", { types: refusal.types.join(", ") });
    default:
      return why(refusal.code);
  }
}

/** For labels, where no markup can keep its direction: short, without marks that turn it. */
export function spoken(name: string): string {
  return cutMiddle(name, 60);
}

export function sizeOf(bytes: number): string {
  return sizeText(bytes, spokenLocale());
}

export function percentOf(share: number): string {
  return new Intl.NumberFormat(spokenLocale(), { style: "percent" }).format(share);
}
