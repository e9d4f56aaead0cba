/** A message's words: text nodes and anchors, never markup. */

import { useMemo } from "preact/hooks";
import { LINK_REL, linkify } from "../../wire/text";

export function Text({ body }: { body: string }) {
  const parts = useMemo(() => linkify(body), [body]);
  return (
    <p class="words" dir="auto">
      {parts.map((part) =>
        part.href ? (
          <a href={part.href} target="_blank" rel={LINK_REL}>
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </p>
  );
}
