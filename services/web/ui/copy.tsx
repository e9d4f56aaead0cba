import { useEffect, useState } from "react";
import { Check, Copy as CopyIcon } from "lucide-react";
import { Button } from "./button.tsx";
import { t } from "./words.ts";
import css from "./copy.module.css";

export function CopyButton({ text, label, size = "s" }: { text: string; label?: string; size?: "s" | "m" }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1_600);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = () => navigator.clipboard?.writeText(text).then(() => setDone(true), () => setDone(false));
  const icon = done ? <Check size={14} aria-hidden /> : <CopyIcon size={14} aria-hidden />;
  return (
    <Button size={size} icon={icon} onClick={copy} aria-live="polite">
      {done ? t("copied") : (label ?? t("copy"))}
    </Button>
  );
}

/** A value to be carried elsewhere exactly: monospaced, selectable as a whole, with its own copy button. */
export function CopyLine({ label, value }: { label: string; value: string }) {
  return (
    <div className={css["line"]}>
      <span className={css["label"]}>{label}</span>
      <code className={css["value"]}>{value}</code>
      <CopyButton text={value} />
    </div>
  );
}

export function CopyBlock({ label, value }: { label: string; value: string }) {
  return (
    <figure className={css["block"]}>
      <figcaption>
        <span className={css["label"]}>{label}</span>
        <CopyButton text={value} />
      </figcaption>
      <pre tabIndex={0}>{value}</pre>
    </figure>
  );
}
