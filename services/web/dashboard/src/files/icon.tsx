import { File, FileImage, FileMusic, FilePlay, FileSpreadsheet, FileText, FileX, Presentation } from "lucide-react";
import { endingOf, type SentFile } from "./kinds.ts";
import css from "./files.module.css";

const sheets = ["csv", "xls", "xlsx"];
const slides = ["ppt", "pptx"];

/** The colours say the sort at a glance, the letters in the line below say it in words. */
export function FileIcon({ name, kind, lost = false, size = 20 }: { name: string; kind: SentFile["kind"]; lost?: boolean; size?: number }) {
  const extension = endingOf(name);
  const [Icon, tone] = lost ? ([FileX, "lost"] as const) : iconOf(extension, kind);
  return (
    <span className={css["icon"]} data-tone={tone} aria-hidden>
      <Icon size={size} strokeWidth={1.75} />
    </span>
  );
}

function iconOf(extension: string, kind: SentFile["kind"]) {
  if (kind === "image") return [FileImage, "picture"] as const;
  if (kind === "audio") return [FileMusic, "sound"] as const;
  if (kind === "video") return [FilePlay, "sound"] as const;
  if (sheets.includes(extension)) return [FileSpreadsheet, "sheet"] as const;
  if (slides.includes(extension)) return [Presentation, "slides"] as const;
  if (extension === "pdf") return [FileText, "pdf"] as const;
  return [extension === "" ? File : FileText, "text"] as const;
}
