/** A picture in a bubble. Its box never changes its size: neither when the picture comes, nor when its upload becomes a file. */

import { useState } from "preact/hooks";
import type { FileTools } from ".";
import { t } from "../i18n";
import { boxOf } from "../view/box";
import { isOnItsWay, type ShownFile } from "./shown";
import { spoken } from "./words";
import { FileIcon } from "./icons";
import { useLink } from "./link";
import { Ring } from "./ring";

export interface PictureProps {
  file: ShownFile;
  tools: FileTools;
  isAlone: boolean;
  onView(id: string): void;
}

export function Picture({ file, tools, isAlone, onView }: PictureProps) {
  const [box] = useState(() => boxOf(file));
  const own = tools.preview(file.id);
  const isReady = file.state === "ready";
  const link = useLink(tools.links, file.id, isAlone && devicePixelRatio > 1 ? "large" : "small", isReady && !own);
  const url = own ?? link.url;
  const name = spoken(file.name);
  const style = isAlone ? { width: `${box.width}px`, height: `${box.height}px` } : undefined;
  if (link.isBroken) {
    return (
      <button class="shot broken" style={style} onClick={link.again}>
        <FileIcon name="again" size={18} />
        <span>{t("picture_failed")}</span>
      </button>
    );
  }
  return (
    <button class="shot" style={style} onClick={() => isReady && onView(file.id)} aria-disabled={!isReady} aria-label={isReady ? t("open_picture", { name }) : `${name}, ${t(`file_${file.state}`)}`}>
      {url && <img src={url} alt={name} width={box.width} height={box.height} draggable={false} onError={own ? undefined : link.failed} />}
      {!isReady && <Progress file={file} />}
    </button>
  );
}

function Progress({ file }: { file: ShownFile }) {
  return (
    <span class="veil">
      <Ring share={isOnItsWay(file) ? file.sent : null} />
      {(file.state === "checking" || file.state === "waiting") && <span>{t(`file_${file.state}`)}</span>}
    </span>
  );
}
