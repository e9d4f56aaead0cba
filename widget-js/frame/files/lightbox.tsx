/** Pictures large, one after another, inside the frame: keys, swipes, zoom; what is behind cannot be reached meanwhile. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { FileTools } from ".";
import { t } from "../i18n";
import type { ShownFile } from "./shown";
import { useDownload } from "./download";
import { spoken } from "./words";
import { FileIcon } from "./icons";
import { Name } from "./name";
import { useLink } from "./link";
import { Ring } from "./ring";
import { MOST_ZOOM, useZoom } from "./zoom";

export interface LightboxProps {
  pictures: readonly ShownFile[];
  id: string;
  tools: FileTools;
  onShow(id: string): void;
  onClose(): void;
}

export function Lightbox({ pictures, id, tools, onShow, onClose }: LightboxProps) {
  const at = pictures.findIndex((one) => one.id === id);
  const picture = pictures[at];
  const box = useModal();
  const step = (by: number) => {
    const next = pictures[at + by];
    if (next) onShow(next.id);
  };
  const zoom = useZoom({ key: id, onSwipe: (by) => step(isRtl() ? -by : by), onAway: onClose });
  // Erased while it was looked at.
  useEffect(() => void (picture || onClose()), [picture]);
  if (!picture) return null;

  function pressed(event: KeyboardEvent) {
    if (event.key === "Escape") onClose();
    else if (event.key === "ArrowLeft") step(isRtl() ? 1 : -1);
    else if (event.key === "ArrowRight") step(isRtl() ? -1 : 1);
    else if (event.key === "+" || event.key === "=") zoom.by(1.5);
    else if (event.key === "-") zoom.by(1 / 1.5);
    else if (event.key === "0") zoom.reset();
    else if (event.key === "Tab") return void keepInside(event, box.current!);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class="lightbox" ref={box} role="dialog" aria-modal="true" aria-label={spoken(picture.name)} tabIndex={-1} onKeyDown={pressed}>
      <Bar picture={picture} tools={tools} zoom={zoom} onClose={onClose} />
      <div class="canvas" ref={zoom.canvas}>
        <Shown key={picture.id} picture={picture} tools={tools} zoom={zoom} />
      </div>
      <span class="hidden" role="status">
        {pictures.length > 1 && t("picture_at", { n: at + 1, all: pictures.length })}
      </span>
      {pictures.length > 1 && <Leaf at={at} all={pictures.length} onStep={step} />}
    </div>
  );
}

type Zoom = ReturnType<typeof useZoom>;

function Bar({ picture, tools, zoom, onClose }: Pick<LightboxProps, "tools" | "onClose"> & { picture: ShownFile; zoom: Zoom }) {
  const download = useDownload(tools.links, picture);
  return (
    <div class="bar">
      <Name name={picture.name} />
      <button class="tool" onClick={() => zoom.by(1 / 1.5)} aria-disabled={zoom.scale <= 1} aria-label={t("zoom_out")}>
        <FileIcon name="minus" />
      </button>
      <button class="tool" onClick={() => zoom.by(1.5)} aria-disabled={zoom.scale >= MOST_ZOOM} aria-label={t("zoom_in")}>
        <FileIcon name="plus" />
      </button>
      <a class="tool" {...download} aria-label={t("download", { name: spoken(picture.name) })}>
        <FileIcon name="get" />
      </a>
      <button class="tool" onClick={onClose} aria-label={t("close_picture")}>
        <FileIcon name="close" />
      </button>
    </div>
  );
}

/** The smaller picture first; the whole one as soon as somebody looks closer. */
function Shown({ picture, tools, zoom }: { picture: ShownFile; tools: FileTools; zoom: Zoom }) {
  const own = tools.preview(picture.id);
  const large = useLink(tools.links, picture.id, "large", !own);
  const full = useLink(tools.links, picture.id, "full", !own && zoom.scale > 1);
  const [isFullHere, setFullHere] = useState(false);
  const [isHere, setHere] = useState(false);
  const url = own ?? (isFullHere ? full.url : large.url);
  if (large.isBroken) {
    return (
      <button class="broken" onClick={large.again}>
        {t("picture_failed")} <b>{t("retry")}</b>
      </button>
    );
  }
  return (
    <>
      {!isHere && <Ring share={null} size={44} />}
      {url && <img src={url} alt={spoken(picture.name)} draggable={false} style={zoom.style} onLoad={() => setHere(true)} onError={own ? undefined : large.failed} />}
      {full.url && !isFullHere && <img class="hidden" src={full.url} alt="" onLoad={() => setFullHere(true)} />}
    </>
  );
}

function Leaf({ at, all, onStep }: { at: number; all: number; onStep(by: number): void }) {
  return (
    <div class="leaf">
      <button class="tool" onClick={() => onStep(-1)} aria-disabled={at === 0} aria-label={t("previous")}>
        <FileIcon name="back" />
      </button>
      <span aria-hidden="true">{t("picture_at", { n: at + 1, all })}</span>
      <button class="tool" onClick={() => onStep(1)} aria-disabled={at === all - 1} aria-label={t("next")}>
        <FileIcon name="next" />
      </button>
    </div>
  );
}

/** Takes the focus, makes the rest unreachable, and gives the focus back. */
function useModal() {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const behind = [...box.current!.parentElement!.children].filter((one): one is HTMLElement => one !== box.current);
    for (const one of behind) one.inert = true;
    box.current!.focus();
    return () => {
      for (const one of behind) one.inert = false;
      before?.focus({ preventScroll: true });
    };
  }, []);
  return box;
}

/** The page around the frame is not inert: Tab must not lead out there. */
function keepInside(event: KeyboardEvent, box: HTMLElement) {
  const stops = [...box.querySelectorAll<HTMLElement>("a[href], button")];
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  const isAtEdge = document.activeElement === edge || document.activeElement === box;
  if (!isAtEdge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

function isRtl(): boolean {
  return document.documentElement.dir === "rtl";
}
