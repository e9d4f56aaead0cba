import { ExternalLink, FileText, Image, MapPin, Phone, Reply, Video } from "lucide-react";
import { Fragment } from "react";
import { StyledText } from "./styled_text.tsx";
import { filled, type TemplateButton, type TemplateParts, type Values } from "./template.ts";
import { t } from "./words.ts";
import css from "./picker.module.css";

type Props = { parts: TemplateParts; values: Values; picture: string | null };

/** As it will stand on their phone; a gap that is still empty shows its mark. */
export function TemplatePreview({ parts, values, picture }: Props) {
  return (
    <figure className={css["preview"]} aria-label={t("asTheySee")}>
      <div className={css["bubble"]}>
        {parts.media && <Head media={parts.media} picture={picture} />}
        {parts.header && <strong className={css["heading"]}><Gapped text={filled(parts.header, "header", values)} /></strong>}
        <span className={css["words"]}><Gapped text={filled(parts.body, "body", values)} /></span>
        {parts.footer && <span className={css["footer"]}>{parts.footer}</span>}
        {parts.buttons.length > 0 && (
          <ul className={css["buttons"]} aria-label={t("buttons")}>
            {parts.buttons.map((button, at) => (
              <li key={at}>
                <ButtonIcon button={button} />
                {button.text}
              </li>
            ))}
          </ul>
        )}
      </div>
    </figure>
  );
}

const heads = { IMAGE: Image, VIDEO: Video, DOCUMENT: FileText, LOCATION: MapPin };

function Head({ media, picture }: { media: string; picture: string | null }) {
  if (picture && media === "IMAGE") return <img className={css["head"]} src={picture} alt="" />;
  const Icon = heads[media as keyof typeof heads] ?? FileText;
  return (
    <span className={css["head"]} data-empty aria-hidden>
      <Icon size={26} />
    </span>
  );
}

function ButtonIcon({ button }: { button: TemplateButton }) {
  const Icon = button.kind === "URL" ? ExternalLink : button.kind === "PHONE_NUMBER" ? Phone : Reply;
  return <Icon size={13} aria-hidden />;
}

/** Gaps that are left are marked, so that nobody sends braces. */
function Gapped({ text }: { text: string }) {
  return text.split(/(\{\{\s*[\w.]+\s*\}\})/).map((part, at) => (
    <Fragment key={at}>{at % 2 === 1 ? <mark className={css["gap"]}>{part.replace(/[{}\s]/g, "").replaceAll("_", " ")}</mark> : <StyledText body={part} />}</Fragment>
  ));
}
