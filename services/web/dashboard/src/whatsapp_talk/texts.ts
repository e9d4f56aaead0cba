/** What a message of WhatsApp says where words of its own are missing. Pure. */
import type { Content, Extra, Message } from "wire";
import { clock, dayKey, fullTime } from "ui";
import { plainWords } from "./styled.ts";
import { t } from "./words.ts";

type Of<T extends Content["type"]> = Extract<Content, { type: T }>;

/** Of a message its channel has nothing to add to. */
export const noExtra: Extra = {
  content: null, delivery: null, failure: null, reactions: [], edited_at: null, revoked_at: null, forwarded: null, referral: null,
  quotes_unknown: false, phone_app: false, sent_at: null, history: false,
};

const kinds = {
  poll_creation: "poll", poll_update: "poll", poll: "poll", edit: "edit", pin: "pin", gif: "gif", group_invite: "group_invite",
  keep_in_chat: "keep_in_chat", link_preview: "link_preview", list: "list", location: "location", media_placeholder: "media_placeholder",
  order: "order", product: "product", reaction: "reaction", interactive: "interactive", image: "image", button: "button", hsm: "hsm",
} as const;

/** A kind from a newer WhatsApp is named as it came: "event_creation" reads "event creation". */
export function unsupportedText(what: string | null): string {
  if (!what || what === "unknown" || what === "unsupported" || what === "errors") return t("unsupported");
  const known = Object.hasOwn(kinds, what) ? kinds[what as keyof typeof kinds] : null;
  return t("unsupportedKind", { kind: known ? t(`unsupported.${known}`) : what.replaceAll("_", " ") });
}

const notices = ["changed_number", "changed_id", "identity_changed"] as const;

export function systemText(what: string): string {
  return t(`system.${notices.find((one) => one === what) ?? "other"}`);
}

const reasons = ["expired", "too_large", "refused", "unreachable", "meta_failed", "no_id"] as const;

export function missingText({ reason }: Pick<Of<"media">, "reason">): string {
  return t(`reason.${reasons.find((one) => one === reason) ?? "unknown"}`);
}

/** What WhatsApp has deleted, or never had, no asking brings back. */
export const mayFetch = ({ reason }: Pick<Of<"media">, "reason">): boolean => reason !== "no_id" && reason !== "too_large";

/** "sent 14:02, arrived 16:10"; with the day where it was another one; of old history only when it was sent. */
export function lateText({ extra, created_at }: Pick<Message, "extra" | "created_at">): string | null {
  if (!extra?.sent_at) return null;
  const sameDay = dayKey(extra.sent_at) === dayKey(created_at);
  const write = sameDay ? clock : fullTime;
  if (extra.history) return t("sentAt", { sent: write(extra.sent_at) });
  return t("late", { sent: write(extra.sent_at), arrived: write(created_at) });
}

/** In one line, for a quote. */
export function briefOf(message: Pick<Message, "body" | "files" | "extra">): string {
  const { body, files, extra } = message;
  if (extra?.revoked_at) return t("revoked");
  if (body) return plainWords(body).replace(/\s+/g, " ").slice(0, 160);
  const content = extra?.content;
  if (content) return contentName(content);
  return files.map((file) => file.name).join(", ");
}

export function contentName(content: Content): string {
  switch (content.type) {
    case "media":
      return content.kind === "document" && content.name ? content.name : t(`media.${content.kind}`);
    case "location":
      return content.name ?? content.address ?? t("location");
    case "contacts":
      return content.cards.map((card) => card.name).join(", ");
    case "choice":
      return content.title;
    case "form":
      return content.name ?? t("form");
    case "order":
      return `${t("order")}, ${t("items", { n: countOf(content) })}`;
    case "system":
      return systemText(content.what);
    case "unsupported":
      return unsupportedText(content.what);
    case "template":
      return t("template", { name: content.name });
    case "buttons":
      return content.buttons.map((one) => one.title).join(" · ");
    case "list":
      return content.button;
    case "link":
      return content.label;
  }
}

export const countOf = (order: Of<"order">): number => order.items.reduce((sum, item) => sum + item.quantity, 0);

/** "51.5034, -0.1276" */
export const degrees = ({ latitude, longitude }: Pick<Of<"location">, "latitude" | "longitude">): string =>
  `${round(latitude)}, ${round(longitude)}`;

/** Opened by the reader's own press only. */
export const mapUrl = ({ latitude, longitude }: Pick<Of<"location">, "latitude" | "longitude">): string =>
  `https://www.openstreetmap.org/?mlat=${round(latitude)}&mlon=${round(longitude)}#map=16/${round(latitude)}/${round(longitude)}`;

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

/** What there is to say about a message even in the middle of a group. */
export function hasNews({ extra }: Pick<Message, "extra">): boolean {
  if (!extra) return false;
  return extra.delivery === "failed" || Boolean(extra.edited_at || extra.sent_at || extra.phone_app);
}

/** What was tapped or sent says the same as the words: once is enough. */
export function wordsOf({ body, extra }: Pick<Message, "body" | "extra">): string {
  const content = extra?.content;
  if (content?.type === "choice" && body === content.title) return "";
  if (content?.type === "location" && (body === content.name || body === content.address)) return "";
  if (content?.type === "unsupported" || content?.type === "system") return "";
  return body;
}
