/** Pictures one at a time, as large as the screen. A chunk of its own: most days nobody opens one. */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight, Download, MessageSquareShare, Trash2, X, ZoomIn, ZoomOut } from "lucide-react";
import { fullTime, IconButton } from "ui";
import { useFileActs, type Shown } from "./acts.tsx";
import { shownName, sizeText } from "./kinds.ts";
import { BigPicture } from "./big_picture.tsx";
import { MOST_ZOOM, stepTo, whole, zoomIn, zoomOut, type View } from "./lightbox_view.ts";
import { Name } from "./name.tsx";
import { t } from "./words.ts";
import css from "./lightbox.module.css";

type Props = { pictures: readonly Shown[]; id: string; onClose: () => void; onJump: (seq: number) => void };

export default function Lightbox({ pictures, id, onClose, onJump }: Props) {
  const [at, setAt] = useState(() => Math.max(0, pictures.findIndex(({ file }) => file.id === id)));
  const [view, setView] = useState<View>(whole);
  const popup = useRef<HTMLDivElement>(null);
  const shown = pictures[at];
  const step = (by: number) => {
    setAt(stepTo(at, by, pictures.length));
    setView(whole);
  };
  if (!shown) return null;
  return (
    <Dialog.Root open onOpenChange={(next: boolean) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css["scrim"]} />
        <Dialog.Popup
          ref={popup}
          className={css["viewer"]}
          initialFocus={popup}
          aria-label={t("viewer", { n: at + 1, of: pictures.length, name: shownName(shown.file.name) })}
          onKeyDown={(event) => pressed(event, { step, setView, view, last: pictures.length })}
        >
          <Bar shown={shown} count={[at + 1, pictures.length]} view={view} setView={setView} onJump={onJump} />
          <div className={css["stage"]}>
            <BigPicture
              key={shown.file.id}
              file={shown.file}
              view={view}
              setView={setView}
              onSwipe={(how) => (how === "close" ? onClose() : how && step(how === "next" ? 1 : -1))}
            />
            {pictures.length > 1 && <Sides at={at} of={pictures.length} step={step} />}
          </div>
          <Ahead next={pictures[at + 1]} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Keys {
  step: (by: number) => void;
  setView: (view: View) => void;
  view: View;
  last: number;
}

/** Escape is the dialog's own. */
function pressed(event: KeyboardEvent, { step, setView, view, last }: Keys) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const acts: Record<string, () => void> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => step(-last),
    End: () => step(last),
    "+": () => setView(zoomIn(view)),
    "=": () => setView(zoomIn(view)),
    "-": () => setView(zoomOut(view)),
    "0": () => setView(whole),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

type BarProps = { shown: Shown; count: [number, number]; view: View; setView: (view: View) => void; onJump: (seq: number) => void };

function Bar({ shown, count: [n, of], view, setView, onJump }: BarProps) {
  const acts = useFileActs();
  const { file } = shown;
  return (
    <header className={css["bar"]}>
      <div className={css["words"]}>
        <h2 className={css["title"]}>
          <Name name={file.name} />
        </h2>
        <p className={css["text"]}>{[shown.by, fullTime(shown.at), sizeText(file.bytes)].join(" · ")}</p>
      </div>
      {of > 1 && (
        <span className={css["count"]} aria-live="polite">
          {t("counter", { n, of })}
        </span>
      )}
      <div className={css["tools"]}>
        <IconButton label={t("zoomOut")} keys="-" disabled={view.zoom <= 1} onClick={() => setView(zoomOut(view))}>
          <ZoomOut size={17} aria-hidden />
        </IconButton>
        <IconButton label={t("zoomIn")} keys="+" disabled={view.zoom >= MOST_ZOOM} onClick={() => setView(zoomIn(view))}>
          <ZoomIn size={17} aria-hidden />
        </IconButton>
        <IconButton label={t("jump")} onClick={() => onJump(shown.seq)}>
          <MessageSquareShare size={17} aria-hidden />
        </IconButton>
        <IconButton label={t("download")} onClick={() => acts.download(file)}>
          <Download size={17} aria-hidden />
        </IconButton>
        {acts.mayDelete && (
          <IconButton label={t("delete")} onClick={() => acts.askDelete(file)}>
            <Trash2 size={17} aria-hidden />
          </IconButton>
        )}
        <Dialog.Close render={<IconButton label={t("close")} keys="Esc" />}>
          <X size={18} aria-hidden />
        </Dialog.Close>
      </div>
    </header>
  );
}

function Sides({ at, of, step }: { at: number; of: number; step: (by: number) => void }) {
  return (
    <>
      <button type="button" className={css["side"]} data-side="left" aria-label={t("previous")} disabled={at === 0} onClick={() => step(-1)}>
        <ChevronLeft size={24} aria-hidden />
      </button>
      <button type="button" className={css["side"]} data-side="right" aria-label={t("next")} disabled={at === of - 1} onClick={() => step(1)}>
        <ChevronRight size={24} aria-hidden />
      </button>
    </>
  );
}

/** The next picture is on its way while this one is looked at. */
function Ahead({ next }: { next: Shown | undefined }) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), 250);
    return () => clearTimeout(timer);
  }, [next]);
  return next && ready ? (
    <div hidden>
      <BigPicture file={next.file} view={whole} setView={() => undefined} onSwipe={() => undefined} />
    </div>
  ) : null;
}
