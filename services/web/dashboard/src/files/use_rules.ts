import { useQuery } from "@tanstack/react-query";
import { fileRules, rulesKey } from "./api.ts";
import { sizeText, typesText } from "./kinds.ts";
import { t } from "./words.ts";
import type { FileRules } from "wire";

/** Asked for once a minute at most. */
export const rulesQuery = { queryKey: rulesKey, queryFn: fileRules, staleTime: 60_000 };

/** What this person may attach; null until it is known. */
export function useRules(): FileRules | null {
  const { data } = useQuery({ ...rulesQuery, refetchOnWindowFocus: true });
  return data ?? null;
}

/** "Up to 3 files of 10 MB each. Pictures, PDF and DOCX." */
export const rulesText = (rules: FileRules): string =>
  t("rules", { n: rules.most, size: sizeText(rules.max_bytes), types: typesText(rules.types) });
