import { useState, type CSSProperties } from "react";
import { ImageOff, LoaderCircle } from "lucide-react";
import { useFileActs, type Shown } from "./acts.tsx";
import { gridStyle, pictureBox, TILES } from "./box.ts";
import { DeleteButton, Warnings } from "./card.tsx";
import { isOpenPicture, shownName, type SentFile } from "./kinds.ts";
import { useLink } from "./links.ts";
import { t } from "./words.ts";
import css from "./files.module.css";

/** One picture in its own shape, several as tiles; the room is taken before the bytes come. */
export function Pictures({ pictures }: { pictures: readonly Shown[] }) {
  const single = pictures.length === 1;
  const shown = pictures.slice(0, TILES);
  const hidden = pictures.length - shown.length;
  return (
    <>
      <div className={css["grid"]} style={gridStyle(shown.length)}>
        {shown.map(({ file }, index) => (
          <Tile key={file.id} file={file} pictures={pictures} single={single} more={index === shown.length - 1 ? hidden : 0} />
        ))}
      </div>
      {shown.map(({ file }) => (
        <Warnings key={file.id} file={file} />
      ))}
    </>
  );
}

function Tile({ file, pictures, single, more }: { file: SentFile; pictures: readonly Shown[]; single: boolean; more: number }) {
  const acts = useFileActs();
  const box = pictureBox(file);
  const style: CSSProperties = single ? { width: box.width, aspectRatio: `${box.width} / ${box.height}` } : {};
  const open = isOpenPicture(file);
  const look = () => acts.look(pictures.filter((one) => isOpenPicture(one.file)), file.id);
  return (
    <div className={css["tile"]} style={style} data-single={single || undefined}>
      <button type="button" className={css["tileMain"]} disabled={!open} aria-label={label(file, more)} onClick={look}>
        <Thumbnail file={file} variant={single && box.width > 240 ? "large" : "small"} />
        {!open && (
          <span className={css["tileState"]}>
            <LoaderCircle size={13} className={css["spin"]} aria-hidden />
            {t("checking")}
          </span>
        )}
        {more > 0 && <span className={css["tileMore"]} aria-hidden>+{more}</span>}
      </button>
      <DeleteButton file={file} />
    </div>
  );
}

function label(file: SentFile, more: number): string {
  const name = shownName(file.name);
  if (!isOpenPicture(file)) return `${name}: ${t("checkingLong")}`;
  return more > 0 ? `${t("openPicture", { name })}, ${t("moreHidden", { n: more })}` : t("openPicture", { name });
}

/** The picture as this browser sent it, or as the server gives it; a link that ran out is asked for again once. */
export function Thumbnail({ file, variant }: { file: SentFile; variant: "small" | "large" }) {
  const { url, failed, again } = useLink(file, variant);
  const [broken, setBroken] = useState(0);
  const lost = failed || broken > 1;
  if (lost)
    return (
      <span className={css["lost"]} title={t("pictureFailed")}>
        <ImageOff size={18} aria-hidden />
        <span className="sr-only">{t("pictureFailed")}</span>
      </span>
    );
  if (!url) return <span className={css["wait"]} />;
  const missed = () => {
    setBroken(broken + 1);
    again();
  };
  return <img className={css["image"]} src={url} alt="" draggable={false} decoding="async" onError={missed} />;
}
