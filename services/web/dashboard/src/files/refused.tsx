import { CircleAlert, X } from "lucide-react";
import { t as words } from "../inbox/words.ts";
import css from "./tray.module.css";

/** Why some of the chosen files are not there. */
export function Refused({ texts, onDismiss }: { texts: readonly string[]; onDismiss: () => void }) {
  if (texts.length === 0) return null;
  return (
    <div className={css["refusals"]} role="alert">
      <CircleAlert size={14} aria-hidden />
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <button type="button" aria-label={words("dismiss")} onClick={onDismiss}>
        <X size={13} aria-hidden />
      </button>
    </div>
  );
}
