import { useState } from "react";
import { ArrowLeft, Check, ChevronDown, Link as LinkIcon, PanelRight, RotateCcw, UserRound } from "lucide-react";
import type { Conversation, ConversationStatus } from "wire";
import { Avatar, Button, IconButton, Menu, MenuItem, MenuLabel, MenuLine, say } from "ui";
import { capsOf } from "../keyboard/keys.ts";
import { format, goInbox, everything } from "../router.ts";
import { Through } from "../whatsapp_talk/through.tsx";
import { useColleagues } from "./colleagues.ts";
import { talkName, useInbox, useInboxState } from "./context.tsx";
import { useCommands } from "./commands.ts";
import { Viewers } from "./row.tsx";
import { statusIcon, statuses } from "./status.tsx";
import { useOpenMenu } from "./menus.ts";
import { t } from "./words.ts";
import css from "./head.module.css";

type Props = { conversation: Conversation; panel: boolean; onPanel: () => void };

export function ThreadHead({ conversation, panel, onPanel }: Props) {
  const inbox = useInbox();
  const name = talkName(conversation);
  const presence = useInboxState((state) => state.visitors.get(conversation.id));
  const closed = conversation.status === "resolved" || conversation.status === "archived";
  const { setStatus } = useCommands();
  return (
    <header className={css["head"]}>
      <span className={css["back"]}>
        <IconButton label={t("back")} onClick={() => goInbox({ conversation: null })}>
          <ArrowLeft size={17} aria-hidden />
        </IconButton>
      </span>
      <button type="button" className={css["who"]} onClick={onPanel} aria-expanded={panel}>
        <Avatar name={name} seed={conversation.contact.id} size={32} presence={presence} />
        <span className={css["words"]}>
          <span className={css["name"]}>{name}</span>
          <span className={css["sub"]}>
            {conversation.channel ? <Through conversation={conversation} /> : (conversation.widget?.name ?? t(conversation.source))}
            {presence && ` · ${t(presence)}`}
          </span>
        </span>
      </button>
      <Viewers id={conversation.id} size={22} />
      <span className={css["tools"]}>
        {inbox.mayWrite && <Assign conversation={conversation} />}
        {inbox.mayWrite && <Status conversation={conversation} />}
        {inbox.mayWrite && (
          <Button
            size="s"
            className={css["resolve"] ?? ""}
            icon={closed ? <RotateCcw size={14} aria-hidden /> : <Check size={15} aria-hidden />}
            onClick={() => setStatus(conversation, closed ? "open" : "resolved")}
          >
            <span>{t(closed ? "reopen" : "resolve")}</span>
          </Button>
        )}
        <IconButton label={t(panel ? "hideDetails" : "showDetails")} keys={capsOf("panel")} active={panel} onClick={onPanel}>
          <PanelRight size={16} aria-hidden />
        </IconButton>
      </span>
    </header>
  );
}

function Status({ conversation }: { conversation: Conversation }) {
  const { setStatus } = useCommands();
  const keys: Partial<Record<ConversationStatus, string>> = { resolved: capsOf("resolve"), open: capsOf("reopen"), snoozed: capsOf("snooze") };
  return (
    <Menu
      align="end"
      trigger={
        <Button size="s" tone="quiet" icon={statusIcon(conversation.status)}>
          <span className="sr-only">{t("status")}: </span>
          <span className={css["label"]}>{t(conversation.status)}</span>
          <ChevronDown size={12} aria-hidden />
        </Button>
      }
    >
      {statuses.map((status) => (
        <MenuItem
          key={status}
          icon={statusIcon(status)}
          checked={status === conversation.status}
          {...(keys[status] ? { keys: keys[status] } : {})}
          onSelect={() => setStatus(conversation, status)}
        >
          {t(status)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<LinkIcon size={14} aria-hidden />} onSelect={() => copyLink(conversation.id)}>
        {t("copyLink")}
      </MenuItem>
    </Menu>
  );
}

function copyLink(id: string) {
  const address = new URL(format({ page: "inbox", conversation: id, filter: everything }), location.href).href;
  void navigator.clipboard?.writeText(address).then(() => say(t("linkCopied")));
}

function Assign({ conversation }: { conversation: Conversation }) {
  const inbox = useInbox();
  const { assign } = useCommands();
  const [open, setOpen] = useState(false);
  useOpenMenu("assign", () => setOpen(true));
  const { assignee } = conversation;
  return (
    <Menu
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button
          size="s"
          tone="quiet"
          icon={assignee ? <Avatar name={assignee.name} seed={assignee.id} size={18} /> : <UserRound size={14} aria-hidden />}
        >
          <span className="sr-only">{t("assigneeFilter")}: </span>
          <span className={css["label"]}>{assignee ? (assignee.id === inbox.me.id ? t("you") : assignee.name) : t("nobody")}</span>
        </Button>
      }
    >
      <People conversation={conversation} onPick={(agent) => assign(conversation, agent)} />
    </Menu>
  );
}

type PeopleProps = { conversation: Conversation; onPick: (agent: { id: string; name: string } | null) => void };

function People({ conversation, onPick }: PeopleProps) {
  const inbox = useInbox();
  const colleagues = useColleagues();
  const mine = conversation.assignee?.id === inbox.me.id;
  return (
    <>
      {!mine && (
        <>
          <MenuItem icon={<Avatar name={inbox.me.name} seed={inbox.me.id} size={18} />} keys={capsOf("assign-me")} onSelect={() => onPick(inbox.me)}>
            {t("assignMe")}
          </MenuItem>
          <MenuLine />
        </>
      )}
      {colleagues.length === 0 && <MenuLabel>{t("assignLoading")}</MenuLabel>}
      {colleagues.map((one) => (
        <MenuItem
          key={one.id}
          icon={<Avatar name={one.name} seed={one.id} size={18} presence={one.presence} />}
          hint={t("openN", { n: one.open_conversations })}
          checked={one.id === conversation.assignee?.id}
          onSelect={() => onPick(one)}
        >
          {one.name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem checked={conversation.assignee === null} onSelect={() => onPick(null)}>
        {t("unassign")}
      </MenuItem>
    </>
  );
}
