import { Copy, CornerUpLeft, ExternalLink, FileText, ImageIcon, MapPin, Phone, Video } from "lucide-react";
import type { ReactNode } from "react";
import { styled, type Piece } from "./styled.ts";
import type { Shape } from "./template_shape.ts";
import { t } from "./template_words.ts";
import css from "./template_preview.module.css";

/** A phone with the message on it. A sketch, read aloud as one picture. */
export function TemplatePreview({ shape, from }: { shape: Shape; from: string }) {
  return (
    <figure className={css["figure"]}>
      <figcaption>{t("previewOf")}</figcaption>
      <div className={css["phone"]}>
        <header>
          <span className={css["face"]}>{from.charAt(0).toUpperCase()}</span>
          {from}
        </header>
        <div className={css["talk"]}>
          <div className={css["bubble"]}>
            <Header header={shape.header} />
            <p className={css["body"]} dir="auto">{shape.body ? <Styled text={shape.body} /> : <span className={css["empty"]}>…</span>}</p>
            {shape.footer && <p className={css["footer"]} dir="auto">{shape.footer}</p>}
            <time>09:41</time>
          </div>
          <Buttons buttons={shape.buttons} />
        </div>
      </div>
    </figure>
  );
}

const media = { image: ImageIcon, video: Video, document: FileText, location: MapPin };

function Header({ header: { kind, text } }: { header: Shape["header"] }) {
  if (kind === "none") return null;
  if (kind === "text") return <p className={css["heading"]} dir="auto">{text || <span className={css["empty"]}>…</span>}</p>;
  const Sign = media[kind];
  return (
    <span className={css["media"]} data-kind={kind}>
      <Sign size={kind === "document" ? 22 : 30} aria-hidden />
    </span>
  );
}

const signs: Record<string, ReactNode> = {
  QUICK_REPLY: <CornerUpLeft size={13} aria-hidden />,
  URL: <ExternalLink size={13} aria-hidden />,
  PHONE_NUMBER: <Phone size={13} aria-hidden />,
  COPY_CODE: <Copy size={13} aria-hidden />,
};

const Buttons = ({ buttons }: { buttons: Shape["buttons"] }) =>
  buttons.map(({ kind, text }, index) => (
    <span className={css["button"]} key={index} dir="auto">
      {signs[kind]} {text || "…"}
    </span>
  ));

const Styled = ({ text }: { text: string }) => styled(text).map((piece, index) => <Styles key={index} piece={piece} />);

function Styles({ piece: { text, style } }: { piece: Piece }) {
  if (style === "bold") return <strong>{text}</strong>;
  if (style === "italic") return <em>{text}</em>;
  if (style === "struck") return <s>{text}</s>;
  if (style === "code") return <code>{text}</code>;
  return style === "gap" ? <mark>{text}</mark> : text;
}
