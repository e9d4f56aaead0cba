import { useRef, useState } from "react";
import { Download } from "lucide-react";
import { IconButton } from "ui";
import { useFileActs } from "./acts.tsx";
import { DeleteButton, Warnings } from "./card.tsx";
import { FileIcon } from "./icon.tsx";
import { endingOf, shownName, sizeText, type SentFile } from "./kinds.ts";
import { useLink } from "./links.ts";
import { Name } from "./name.tsx";
import { t } from "./words.ts";
import css from "./files.module.css";

/** Sound and video play where they are; nothing is fetched before somebody presses play but the length. */
export function Player({ file }: { file: SentFile }) {
  const acts = useFileActs();
  const name = shownName(file.name);
  return (
    <div className={css["card"]} data-state="ready" data-player role="group" aria-label={name}>
      <Media file={file} />
      <div className={css["cardLine"]}>
        <div className={css["cardMain"]}>
          <FileIcon name={file.name} kind={file.kind} size={17} />
          <span className={css["cardWords"]}>
            <Name name={file.name} />
            <span className={css["cardText"]}>{[endingOf(file.name).toUpperCase(), sizeText(file.bytes)].join(" · ")}</span>
          </span>
        </div>
        <IconButton label={t("downloadNamed", { name })} onClick={() => acts.download(file)}>
          <Download size={15} aria-hidden />
        </IconButton>
        <DeleteButton file={file} />
      </div>
      <Warnings file={file} />
    </div>
  );
}

/** A link lives for minutes and a talk longer: when it has run out, playing goes on from where it was. */
function Media({ file }: { file: SentFile }) {
  const { url, failed, again } = useLink(file, "full");
  const [broken, setBroken] = useState(0);
  const at = useRef(0);
  if (failed || broken > 2) return <p className={css["playFailed"]}>{t("playFailed")}</p>;
  const props = {
    src: url ?? undefined,
    controls: true,
    preload: "metadata" as const,
    "aria-label": shownName(file.name),
    onTimeUpdate: (event: { currentTarget: HTMLMediaElement }) => void (at.current = event.currentTarget.currentTime),
    onLoadedMetadata: (event: { currentTarget: HTMLMediaElement }) => {
      if (at.current > 0) event.currentTarget.currentTime = at.current;
    },
    onError: () => {
      setBroken(broken + 1);
      again();
    },
  };
  return file.kind === "video" ? <video className={css["video"]} playsInline {...props} /> : <audio className={css["audio"]} {...props} />;
}
