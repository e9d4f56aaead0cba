/** What a list row shows of a message, cut as the server cuts it. */

import { preview } from "./text";
import type { Content, MediaKind, Message } from "./types";

export function previewOf({ body, files, extra }: Pick<Message, "body" | "files" | "extra">): string {
  const shown = preview(body, files);
  if (shown || !extra) return shown;
  if (extra.revoked_at) return "Message deleted";
  return extra.content ? Array.from(labelOf(extra.content)).slice(0, 120).join("") : shown;
}

const MEDIA: Record<MediaKind, string> = {
  image: "Picture",
  video: "Video",
  audio: "Audio",
  voice: "Voice message",
  document: "Document",
  sticker: "Sticker",
};

/** A word for it where there is no room for more. */
export function labelOf(content: Content): string {
  switch (content.type) {
    case "media":
      return content.name ?? MEDIA[content.kind];
    case "location":
      return content.name ?? "Location";
    case "contacts":
      return content.cards[0]?.name ?? "Contact";
    case "choice":
      return content.title;
    case "form":
      return "Form";
    case "order":
      return "Order";
    case "system":
      return "Notice";
    case "unsupported":
      return "Unsupported message";
    case "template":
      return content.name;
    case "buttons":
      return "Buttons";
    case "list":
      return content.button;
    case "link":
      return content.label;
  }
}
