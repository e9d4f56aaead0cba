import { useRef } from "react";
import { Upload, X } from "lucide-react";
import { Button, IconButton } from "ui";
import { shownName } from "../files/kinds.ts";
import { uploadText } from "../files/refusals.ts";
import { headerAccept } from "./template.ts";
import type { HeaderUpload } from "./use_header_file.ts";
import { t } from "./words.ts";
import css from "./picker.module.css";

const hints: Record<string, "headerImage" | "headerVideo" | "headerDocument"> = { IMAGE: "headerImage", VIDEO: "headerVideo" };

export function HeaderFile({ media, header, needed }: { media: string; header: HeaderUpload; needed: boolean }) {
  const picker = useRef<HTMLInputElement>(null);
  const { upload, problem } = header;
  const stuck = upload?.state === "failed" || upload?.state === "refused";
  return (
    <div className={css["headerFile"]} role="group" aria-label={t("headerFile")}>
      <span className={css["fileLabel"]}>{t(hints[media] ?? "headerDocument")}</span>
      {upload ? (
        <span className={css["fileChip"]} data-bad={stuck || undefined}>
          <bdi>{shownName(upload.name)}</bdi>
          <span role={stuck ? "alert" : "status"}>{uploadText(upload)}</span>
          <IconButton label={t("removeFile", { name: shownName(upload.name) })} onClick={header.remove}>
            <X size={14} aria-hidden />
          </IconButton>
        </span>
      ) : (
        <Button size="s" icon={<Upload size={14} aria-hidden />} aria-invalid={needed || undefined} data-choose onClick={() => picker.current?.click()}>
          {t("chooseFile")}
        </Button>
      )}
      {problem && <p className={css["bad"]} role="alert">{problem}</p>}
      <input
        ref={picker}
        type="file"
        hidden
        tabIndex={-1}
        accept={headerAccept[media]}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) header.choose(file);
          event.target.value = "";
        }}
      />
    </div>
  );
}
