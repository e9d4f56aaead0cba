import { Fragment, memo, useMemo, type ReactNode } from "react";
import { linkify, LINK_REL } from "wire";
import { styled, type Style } from "./styled.ts";
import thread from "../inbox/thread.module.css";
import css from "./talk.module.css";

/** Words with WhatsApp's own marks. Text and anchors only, never markup: what somebody writes stays words. */
export const StyledText = memo(function StyledText({ body }: { body: string }) {
  const parts = useMemo(() => styled(body), [body]);
  return (
    <span className={thread["text"]}>
      {parts.map(({ text, style }, index) => (
        <Fragment key={index}>{dressed(style, style === "code" ? text : <Linked text={text} />)}</Fragment>
      ))}
    </span>
  );
});

function dressed(style: Style, words: ReactNode): ReactNode {
  if (style === "bold") return <strong>{words}</strong>;
  if (style === "italic") return <em>{words}</em>;
  if (style === "struck") return <s>{words}</s>;
  return style === "code" ? <code className={css["code"]}>{words}</code> : words;
}

function Linked({ text }: { text: string }) {
  return linkify(text).map((part, index) =>
    part.href ? (
      <a key={index} href={part.href} target="_blank" rel={LINK_REL}>
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
