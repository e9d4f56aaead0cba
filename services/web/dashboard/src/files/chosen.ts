/** From a person's hand to files: picker, drop and paste alike. */
import { t } from "./words.ts";
import { clock } from "ui";

export interface Chosen {
  files: File[];
  folders: string[];
}

export const carriesFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes("Files") ?? false;

/** A folder arrives as an empty file that cannot be read: better to say so. */
export function dropped(transfer: DataTransfer): Chosen {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of transfer.items) {
    const file = item.kind === "file" ? item.getAsFile() : null;
    if (!file) continue;
    if (item.webkitGetAsEntry?.()?.isDirectory) folders.push(file.name);
    else files.push(file);
  }
  return { files, folders };
}

/** Word and the like put a picture of the text beside the text: then the text is meant. */
export function pasted(transfer: DataTransfer): File[] {
  if (transfer.getData("text/plain") !== "") return [];
  return [...transfer.files].map((file) => (file.name === "image.png" ? named(file) : file));
}

/** Every pasted picture is called image.png; a time tells them apart. */
const named = (file: File): File => new File([file], `${t("pasted")} ${clock(new Date()).replace(":", ".")}.png`, { type: file.type });
