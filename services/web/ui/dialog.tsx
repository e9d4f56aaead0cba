import { useRef, useState, type ReactNode } from "react";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { Button } from "./button.tsx";
import { Field, Input } from "./field.tsx";
import { t } from "./words.ts";
import css from "./dialog.module.css";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** `true` for forms side by side, `"full"` for a list beside what is chosen in it. */
  wide?: boolean | "full";
};

export function Dialog({ open, onClose, title, text, children, actions, wide }: Props) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next: boolean) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={css["scrim"]} />
        <Base.Viewport className={css["viewport"]}>
          <Base.Popup className={css["dialog"]} data-wide={wide === "full" ? "full" : wide || undefined} ref={popup} initialFocus={() => firstControl(popup.current)}>
            <header className={css["head"]}>
              <Base.Title className={css["title"]}>{title}</Base.Title>
              <Base.Close className={css["close"]} aria-label={t("close")}>
                <X size={16} aria-hidden />
              </Base.Close>
            </header>
            <div className={css["body"]}>
              {text && <Base.Description className={css["text"]}>{text}</Base.Description>}
              {children}
            </div>
            {actions && <footer className={css["foot"]}>{actions}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** The first thing to fill in, else the dialog itself: never the button that closes it. */
function firstControl(popup: HTMLElement | null): HTMLElement | null {
  return popup?.querySelector<HTMLElement>("input:not([type=hidden]):not([type=radio]), textarea") ?? popup;
}

type ConfirmProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  action: string;
  /** What a person must type before the button works, for acts that are hard to take back. */
  word?: string;
  busy?: boolean;
  error?: string | null;
  onConfirm: () => void;
};

export function Confirm({ open, onClose, title, text, action, word, busy, error, onConfirm }: ConfirmProps) {
  const [typed, setTyped] = useState("");
  const ready = !word || typed.trim() === word;
  const close = () => {
    setTyped("");
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      text={text}
      actions={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button tone="danger" disabled={!ready} busy={busy ?? false} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {word && (
        <Field label={t("typeToConfirm", { word })}>
          <Input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
        </Field>
      )}
      {error && <p className={css["error"]} role="alert">{error}</p>}
    </Dialog>
  );
}
