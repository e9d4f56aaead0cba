/** Why files were not taken, as sentences. Pure. */
import type { FileRefusal, Upload } from "wire";
import { shownName, sizeText, stateText, typesText } from "./kinds.ts";
import { t } from "./words.ts";

/** The same sentence once, however many files it is about. */
export function refusalTexts(refused: readonly FileRefusal[], folders: readonly string[] = []): string[] {
  const texts = [...refused.map(refusalText), ...folders.map((name) => t("refusedFolder", { name: shownName(name) }))];
  return [...new Set(texts)];
}

function refusalText(refusal: FileRefusal): string {
  const name = shownName(refusal.name);
  switch (refusal.code) {
    case "files_off":
      return t("attachOff");
    case "file_empty":
      return t("refusedEmpty", { name });
    case "file_type_refused":
      return t("refusedType", { name, types: typesText(refusal.types) });
    case "file_too_large":
      return t("refusedSize", { name, size: sizeText(refusal.max_bytes) });
    case "too_many_files":
      return t("tooMany", { n: refusal.most });
  }
}

/** What an upload says of itself, in one short line. */
export function uploadText({ state, sent, size, failure, file }: Upload): string {
  if (state === "uploading") return t("uploading", { percent: `${Math.floor(sent * 100)}%`, size: sizeText(size) });
  if (state === "checking") return t("checking");
  if (state === "ready") return sizeText(file?.bytes ?? size);
  if (state === "waiting") return failure ? t("waitingNetwork") : t("waitingUpload");
  return failureText(failure, state === "refused");
}

export function failureText(failure: Upload["failure"], refused: boolean): string {
  if (failure?.text) return failure.text;
  if (failure?.code === "bytes_lost") return t("bytesLost");
  return refused && failure ? stateText({ state: "refused", reason: failure.code }) : t("uploadFailed");
}
