import { useEffect, useRef, useState } from "react";
import { ImageOff } from "lucide-react";
import type { SentFile } from "./kinds.ts";
import { shownName } from "./kinds.ts";
import type { Swipe, View } from "./lightbox_view.ts";
import { zoomTo } from "./lightbox_view.ts";
import { useLink } from "./links.ts";
import { useStage } from "./use_stage.ts";
import { t } from "./words.ts";
import css from "./lightbox.module.css";

type Props = { file: SentFile; view: View; setView: (view: View) => void; onSwipe: (how: Swipe) => void };

/** The preview at once, the whole picture when it has come. */
export function BigPicture({ file, view, setView, onSwipe }: Props) {
  const large = useLink(file, "large");
  const full = useLink(file, "full");
  const [sharp, setSharp] = useState(false);
  const { drag, handlers } = useStage(view, setView, onSwipe);
  const stage = useWheel(view, setView);
  if (large.failed && full.failed)
    return (
      <p className={css["lost"]} role="alert">
        <ImageOff size={22} aria-hidden />
        {t("pictureFailed")}
      </p>
    );
  const shift = drag ? { x: drag.x, y: Math.max(0, drag.y) } : view;
  const style = { transform: `translate(${shift.x}px, ${shift.y}px) scale(${view.zoom})` };
  const size = file.width && file.height ? { width: file.width, height: file.height } : {};
  return (
    <div ref={stage} className={css["holder"]} data-zoomed={view.zoom > 1 || undefined} data-dragged={drag !== null || undefined} {...handlers}>
      {!sharp && large.url && <img className={css["picture"]} style={style} src={large.url} alt="" draggable={false} {...size} onError={large.again} />}
      {full.url && (
        <img
          className={css["picture"]}
          style={style}
          data-loading={!sharp || undefined}
          src={full.url}
          alt={shownName(file.name)}
          draggable={false}
          {...size}
          onLoad={() => setSharp(true)}
          onError={full.again}
        />
      )}
    </div>
  );
}

/** React listens to wheels passively; a zoom must stop the page from scrolling. */
function useWheel(view: View, setView: (view: View) => void) {
  const stage = useRef<HTMLDivElement>(null);
  const latest = useRef({ view, setView });
  latest.current = { view, setView };
  useEffect(() => {
    const element = stage.current;
    const turned = (event: WheelEvent) => {
      event.preventDefault();
      const box = element!.getBoundingClientRect();
      const at = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
      const { view: now, setView: set } = latest.current;
      set(zoomTo(now, now.zoom * Math.exp(-event.deltaY / 400), at));
    };
    element?.addEventListener("wheel", turned, { passive: false });
    return () => element?.removeEventListener("wheel", turned);
  }, []);
  return stage;
}
