import { MessageCircle, Paperclip, SendHorizontal, X } from "lucide-react";
import type { Display, WidgetSettings } from "wire";
import { inkOn, isColour } from "./colour.ts";
import { t } from "./words.ts";
import css from "./preview.module.css";

/** A picture of the widget, changed with every key. Not the widget itself: that one is not allowed on this origin. */
export function Preview({ settings, display }: { settings: WidgetSettings; display: Display }) {
  const colour = isColour(settings.color) ? settings.color : "#888888";
  const ink = inkOn(colour);
  const dark = settings.theme === "dark" || (settings.theme === "auto" && document.documentElement.dataset["theme"] === "dark");
  const floating = display === "floating";
  // The sketch is about half as wide as a page: distances are halved with it.
  const aside = { [settings.position]: 10 + settings.offset_x / 2 };
  return (
    <figure className={css["figure"]}>
      <figcaption>{t("preview")}</figcaption>
      <div className={css["page"]} data-dark={dark || undefined} data-display={display} aria-hidden>
        <span className={css["bar"]} />
        <span className={css["bar"]} />
        <span className={css["block"]} />
        <div className={css["panel"]} style={floating ? { ...aside, bottom: 58 + settings.offset_y / 2 } : {}}>
          <header style={{ background: colour, color: ink }}>
            <span>
              <strong>{settings.title || " "}</strong>
              <small>{settings.tagline}</small>
            </span>
            <X size={14} />
          </header>
          <div className={css["log"]}>
            {settings.greeting && <p className={css["theirs"]}>{settings.greeting}</p>}
            <p className={css["own"]} style={{ background: colour, color: ink }}>
              {t("previewReply")}
            </p>
          </div>
          <footer>
            {settings.files.enabled && <Paperclip size={13} />}
            <span className={css["write"]}>{t("previewWrite")}</span>
            <SendHorizontal size={13} style={{ color: colour }} />
          </footer>
        </div>
        {floating && (
          <span className={css["launcher"]} style={{ ...aside, bottom: 10 + settings.offset_y / 2, background: colour, color: ink }}>
            <MessageCircle size={18} />
            {settings.launcher_label}
          </span>
        )}
      </div>
      <p className={css["text"]}>{t("previewText")}</p>
    </figure>
  );
}
