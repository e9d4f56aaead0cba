import { useState } from "react";
import { useLink } from "../files/links.ts";
import type { SentFile } from "../files/kinds.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

/** A sticker has no bubble: it lies on the talk itself. */
export function Sticker({ file }: { file: SentFile }) {
  const { url, failed, again } = useLink(file, "full");
  const [broken, setBroken] = useState(0);
  const missed = () => {
    setBroken(broken + 1);
    again();
  };
  if (failed || broken > 1) return <p className={css["quiet"]}>{t("missing.sticker")}</p>;
  return <span className={css["sticker"]}>{url && <img src={url} alt={t("stickerAlt")} draggable={false} onError={missed} />}</span>;
}
