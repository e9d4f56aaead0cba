/** Earlier conversations, to read again. */

import type { VisitorConversation } from "../../wire/types";
import { dateOf, t } from "../i18n";
import { Icon } from "./icons";

export interface PastProps {
  items: readonly VisitorConversation[] | null;
  onRead(conversation: VisitorConversation): void;
}

export function Past({ items, onRead }: PastProps) {
  if (!items) return <div class="empty">{t("loading")}</div>;
  if (!items.length) return <div class="empty">{t("no_past")}</div>;
  return (
    <ul class="past">
      {items.map((one) => (
        <li key={one.id}>
          <button onClick={() => onRead(one)}>
            <span class="face" aria-hidden="true">
              <Icon name="talk" size={18} />
            </span>
            <span class="what">
              <strong>{one.context?.title ?? t("conversation_of", { date: dateOf(one.created_at) })}</strong>
              <span>
                {t(`status_${one.status}`)}
                {one.assignee && ` · ${one.assignee.name}`}
              </span>
            </span>
            {one.unread > 0 && <b>{one.unread}</b>}
          </button>
        </li>
      ))}
    </ul>
  );
}
