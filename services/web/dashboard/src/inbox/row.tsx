import { memo } from "react";
import { Globe, Paperclip, PenLine, Reply, Users } from "lucide-react";
import type { Conversation } from "wire";
import { Avatar, Chip, Count, fullTime, shortAge, useNow } from "ui";
import { isFileNames, shownName } from "../files/kinds.ts";
import { Badge } from "../whatsapp_talk/mark.tsx";
import { t as talkWords } from "../whatsapp_talk/words.ts";
import { talkName, useInbox, useInboxState } from "./context.tsx";
import { hasTray } from "./state.ts";
import { statusTone } from "./status.tsx";
import { t } from "./words.ts";
import css from "./list.module.css";

type Props = { row: Conversation; current: boolean; showStatus: boolean; onOpen: (id: string) => void };

export const ListRow = memo(function ListRow({ row, current, showStatus, onOpen }: Props) {
  const inbox = useInbox();
  const selected = useInboxState((state) => state.selected.has(row.id));
  const selecting = useInboxState((state) => state.selected.size > 0);
  const draft = useInboxState((state) => state.drafts.has(row.id) || hasTray(state, row.id));
  const visitor = useInboxState((state) => state.visitors.get(row.id));
  const name = talkName(row);
  const unread = row.unread > 0;
  return (
    <div
      className={css["row"]}
      data-current={current || undefined}
      data-unread={unread || undefined}
      data-selected={selected || undefined}
      data-selecting={selecting || undefined}
    >
      {inbox.mayWrite && (
        <label className={css["check"]}>
          <input
            type="checkbox"
            checked={selected}
            aria-label={t("select", { name })}
            onChange={(event) => inbox.actions.select(row.id, event.target.checked)}
          />
        </label>
      )}
      <span className={css["face"]}>
        <Avatar name={name} seed={row.contact.id} size={36} presence={visitor === "online" ? "online" : undefined} />
        {row.source === "whatsapp" && <Badge label={talkWords("whatsapp")} />}
      </span>
      <button type="button" className={css["open"]} aria-current={current || undefined} onClick={() => onOpen(row.id)}>
        <span className={css["line"]}>
          <span className={css["name"]}>{name}</span>
          <Age at={row.last_message_at} />
        </span>
        <span className={css["line"]}>
          <span className={css["preview"]}>
            {draft && (
              <span className={css["draft"]}>
                <PenLine size={11} aria-hidden /> {t("draft")}
              </span>
            )}
            {row.last_author === "agent" && <Reply size={12} className={css["who"]} aria-label={t("answeredMark")} />}
            <Preview text={row.preview} />
          </span>
          <Count n={row.unread} label={t("unreadN", { n: row.unread })} />
        </span>
        <span className={css["line"]}>
          <Channel row={row} />
          {showStatus && <Chip tone={statusTone[row.status]}>{t(row.status)}</Chip>}
          <Viewers id={row.id} />
          {row.assignee && (
            <span className={css["assignee"]} title={t("assignedTo", { name: row.assignee.name })}>
              <Avatar name={row.assignee.name} seed={row.assignee.id} size={16} />
              <span className={css["assigneeName"]}>{row.assignee.id === inbox.me.id ? t("you") : row.assignee.name}</span>
            </span>
          )}
        </span>
      </button>
    </div>
  );
});

/** Names of files stand behind a paperclip; whatever marks they hold, they turn nothing around. */
function Preview({ text }: { text: string }) {
  if (!isFileNames(text)) return text;
  return (
    <>
      <Paperclip size={12} className={css["clip"]} aria-label={t("onlyFiles")} />
      <bdi>{shownName(text)}</bdi>
    </>
  );
}

function Age({ at }: { at: string }) {
  const now = useNow();
  return (
    <time className={css["age"]} dateTime={at} title={fullTime(at)}>
      {shortAge(at, now)}
    </time>
  );
}

function Channel({ row }: { row: Conversation }) {
  return (
    <span className={css["channel"]}>
      {row.source === "website" && <Globe size={12} aria-label={t(row.source)} />}
      {row.group !== null && <Users size={12} aria-label={talkWords("group")} />}
      <span title={row.channel?.address}>{row.widget?.name ?? row.channel?.name ?? t(row.source)}</span>
    </span>
  );
}

const nobody: readonly { id: string; name: string }[] = [];

export function Viewers({ id, size = 16 }: { id: string; size?: number }) {
  const inbox = useInbox();
  const people = useInboxState((state) => state.viewing.get(id) ?? nobody).filter((person) => person.id !== inbox.me.id);
  if (people.length === 0) return null;
  const names = people.map((person) => person.name).join(", ");
  const label = t("viewing", { n: people.length, names });
  return (
    <span className={css["viewers"]} role="img" aria-label={label} title={label}>
      {people.slice(0, 3).map((person) => (
        <Avatar key={person.id} name={person.name} seed={person.id} size={size} />
      ))}
    </span>
  );
}
