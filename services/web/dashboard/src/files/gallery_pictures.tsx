import { MessageSquareShare } from "lucide-react";
import { useFileActs, type Shown } from "./acts.tsx";
import { isOpenPicture, shownName } from "./kinds.ts";
import { Thumbnail } from "./pictures.tsx";
import { t } from "./words.ts";
import css from "./gallery.module.css";

type Props = { pictures: readonly Shown[]; onJump: (seq: number) => void };

export function GalleryPictures({ pictures, onJump }: Props) {
  return (
    <section aria-label={t("pictures")}>
      <ul className={css["grid"]}>
        {pictures.map((shown) => (
          <Square key={shown.file.id} shown={shown} all={pictures} onJump={onJump} />
        ))}
      </ul>
    </section>
  );
}

function Square({ shown: { file, seq, by }, all, onJump }: { shown: Shown; all: readonly Shown[]; onJump: (seq: number) => void }) {
  const acts = useFileActs();
  const name = shownName(file.name);
  const open = isOpenPicture(file);
  return (
    <li className={css["square"]}>
      <button
        type="button"
        className={css["squareMain"]}
        disabled={!open}
        title={`${name} · ${by}`}
        aria-label={open ? t("openPicture", { name }) : `${name}: ${t("checkingLong")}`}
        onClick={() => acts.look(all.filter((one) => isOpenPicture(one.file)), file.id)}
      >
        <Thumbnail file={file} variant="small" />
      </button>
      <button type="button" className={css["squareJump"]} aria-label={t("jumpNamed", { name })} title={t("jump")} onClick={() => onJump(seq)}>
        <MessageSquareShare size={13} aria-hidden />
      </button>
    </li>
  );
}
