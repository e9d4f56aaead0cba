import { Download, MessageSquareShare } from "lucide-react";
import { IconButton, shortAge, useNow } from "ui";
import { useFileActs, type Shown } from "./acts.tsx";
import { FileIcon } from "./icon.tsx";
import { shownName, sizeText, stateText } from "./kinds.ts";
import { Name } from "./name.tsx";
import { t } from "./words.ts";
import css from "./gallery.module.css";

type Props = { documents: readonly Shown[]; onJump: (seq: number) => void };

export function GalleryDocuments({ documents, onJump }: Props) {
  return (
    <section aria-label={t("documents")}>
      <ul className={css["documents"]}>
        {documents.map((shown) => (
          <Line key={shown.file.id} shown={shown} onJump={onJump} />
        ))}
      </ul>
    </section>
  );
}

function Line({ shown: { file, by, at, seq }, onJump }: { shown: Shown; onJump: (seq: number) => void }) {
  const acts = useFileActs();
  const now = useNow();
  const name = shownName(file.name);
  const over = file.state === "refused" || file.state === "gone";
  return (
    <li className={css["document"]} data-state={file.state}>
      <FileIcon name={file.name} kind={file.kind} lost={over} size={18} />
      <span className={css["words"]}>
        <Name name={file.name} />
        <span className={css["text"]}>{stateText(file) || [sizeText(file.bytes), by, shortAge(at, now)].join(" · ")}</span>
      </span>
      <IconButton label={t("jumpNamed", { name })} onClick={() => onJump(seq)}>
        <MessageSquareShare size={15} aria-hidden />
      </IconButton>
      {file.state === "ready" && (
        <IconButton label={t("downloadNamed", { name })} onClick={() => acts.download(file)}>
          <Download size={15} aria-hidden />
        </IconButton>
      )}
    </li>
  );
}
