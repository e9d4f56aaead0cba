import { useState } from "react";
import { BadgeCheck, Mail, Pencil, Phone, X } from "lucide-react";
import { safeUrl, type Conversation } from "wire";
import { Avatar, Button, Chip, fullTime, IconButton, longAge, useNow } from "ui";
import { Gallery } from "../files/gallery.tsx";
import { HoldBanner, Keeping } from "../files/keeping.tsx";
import { t as fileWords } from "../files/words.ts";
import { contactName, useInbox, useInboxState } from "../inbox/context.tsx";
import { OnWhatsApp } from "../whatsapp_talk/person.tsx";
import { ContactForm } from "./form.tsx";
import { Past } from "./past.tsx";
import { t } from "./words.ts";
import css from "./panel.module.css";

type Props = { conversation: Conversation; onClose: () => void; onJump: (seq: number) => void };
type Tab = "details" | "files";

export function ContactPanel({ conversation, onClose, onJump }: Props) {
  const [tab, setTab] = useState<Tab>("details");
  return (
    <aside className={css["panel"]} aria-label={t("details")}>
      <header className={css["head"]}>
        <Tabs tab={tab} onChange={setTab} />
        <IconButton label={t("close")} onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <HoldBanner conversation={conversation.id} />
      <div className={css["body"]}>
        {tab === "files" ? <Gallery conversation={conversation} onJump={onJump} /> : <Details conversation={conversation} />}
      </div>
    </aside>
  );
}

function Tabs({ tab, onChange }: { tab: Tab; onChange: (tab: Tab) => void }) {
  const one = (value: Tab, label: string) => (
    <button type="button" className={css["tab"]} aria-pressed={tab === value} onClick={() => onChange(value)}>
      {label}
    </button>
  );
  return (
    <div className={css["tabs"]} role="group" aria-label={t("panelTabs")}>
      {one("details", t("details"))}
      {one("files", fileWords("files"))}
    </div>
  );
}

function Details({ conversation }: { conversation: Conversation }) {
  const [editing, setEditing] = useState(false);
  const { contact } = conversation;
  return (
    <>
      <Person conversation={conversation} onEdit={editing ? null : () => setEditing(true)} />
      {editing ? <ContactForm contact={contact} onDone={() => setEditing(false)} /> : <Reach conversation={conversation} />}
      <Context conversation={conversation} />
      <Facts conversation={conversation} />
      <OnWhatsApp conversation={conversation} />
      <Past contact={contact.id} current={conversation.id} />
      <Keeping conversation={conversation} heading={css["part"] ?? ""} />
    </>
  );
}

function Person({ conversation, onEdit }: { conversation: Conversation; onEdit: (() => void) | null }) {
  const inbox = useInbox();
  const { contact } = conversation;
  const name = contactName(contact);
  const presence = useInboxState((state) => state.visitors.get(conversation.id));
  return (
    <div className={css["person"]}>
      <Avatar name={name} seed={contact.id} size={48} presence={presence} />
      <div className={css["personWords"]}>
        <h2>{name}</h2>
        {contact.verified && (
          <Chip tone="good" icon={<BadgeCheck size={12} aria-hidden />}>
            {t("verified")}
          </Chip>
        )}
      </div>
      {inbox.mayWrite && onEdit && (
        <IconButton label={t("edit")} onClick={onEdit}>
          <Pencil size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

function Reach({ conversation: { contact } }: { conversation: Conversation }) {
  return (
    <ul className={css["reach"]}>
      <li data-empty={!contact.email || undefined}>
        <Mail size={14} aria-hidden />
        {contact.email ? <a href={`mailto:${contact.email}`}>{contact.email}</a> : t("noEmail")}
      </li>
      <li data-empty={!contact.phone || undefined}>
        <Phone size={14} aria-hidden />
        {contact.phone ? <a href={`tel:${contact.phone}`}>{contact.phone}</a> : t("noPhone")}
      </li>
    </ul>
  );
}

/** What the visitor is looking at. */
function Context({ conversation: { context, contact } }: { conversation: Conversation }) {
  const page = contact.page;
  if (!context && !page) return null;
  return (
    <section className={css["part"]} aria-label={t("looking")}>
      <h3>{t("looking")}</h3>
      {context && (
        <div className={css["context"]}>
          <strong>{context.title}</strong>
          {context.price && <span>{context.price}</span>}
          {context.url && <Address url={context.url} />}
          {context.image && <Picture url={context.image} />}
        </div>
      )}
      {page && page.url !== context?.url && (
        <div className={css["page"]}>
          <span>{page.title || t("page")}</span>
          <Address url={page.url} />
        </div>
      )}
    </section>
  );
}

/** Only on request: a visitor chooses this address, and loading it tells that server who is looking, and when. */
function Picture({ url }: { url: string }) {
  const [shown, setShown] = useState(false);
  const safe = safeUrl(url);
  if (!safe?.startsWith("https:")) return null;
  if (shown) return <img className={css["picture"]} src={safe} alt="" referrerPolicy="no-referrer" />;
  return (
    <Button size="s" onClick={() => setShown(true)}>
      {t("showPicture")}
    </Button>
  );
}

function Address({ url }: { url: string }) {
  const safe = safeUrl(url);
  const shown = url.replace(/^https?:\/\//, "").replace(/\/$/, "");
  if (!safe) return <span className={css["address"]}>{shown}</span>;
  return (
    <a className={css["address"]} href={safe} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {shown}
    </a>
  );
}

function Facts({ conversation }: { conversation: Conversation }) {
  const now = useNow();
  const { contact } = conversation;
  const age = (at: string) => <time dateTime={at} title={fullTime(at)}>{longAge(at, now)}</time>;
  return (
    <section className={css["part"]} aria-label={t("about")}>
      <h3>{t("about")}</h3>
      <dl className={css["facts"]}>
        <dt>{t("started")}</dt>
        <dd>{age(conversation.created_at)}</dd>
        <dt>{t("firstSeen")}</dt>
        <dd>{age(contact.created_at)}</dd>
        <dt>{t("lastSeen")}</dt>
        <dd>{age(contact.last_seen_at)}</dd>
        {contact.locale && <dt>{t("language")}</dt>}
        {contact.locale && <dd>{languageName(contact.locale)}</dd>}
        {Object.entries(contact.attributes ?? {}).map(([key, value]) => (
          <Pair key={key} name={key.charAt(0).toUpperCase() + key.slice(1)} value={String(value)} />
        ))}
      </dl>
    </section>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
