import { useDeferredValue, useEffect, useState } from "react";
import { MessagesSquare } from "lucide-react";
import { Empty, Failed, readLocal, say, Skeleton, writeLocal } from "ui";
import { Problem, type Conversation } from "wire";
import { ContactPanel } from "../contacts/panel.tsx";
import { FileStage } from "../files/acts.tsx";
import { DropZone } from "../files/drop.tsx";
import { t as fileWords } from "../files/words.ts";
import { useAttaching } from "../files/use_attaching.ts";
import { fileProblem } from "../whatsapp_talk/limits.ts";
import type { Filter } from "../router.ts";
import { Composer } from "./composer.tsx";
import { contactName, useConversation, useInbox, useInboxState } from "./context.tsx";
import { firstMode } from "./first_mode.ts";
import { ThreadHead } from "./head.tsx";
import { useInboxKeys } from "./keys.ts";
import { List, useRows } from "./list.tsx";
import { Thread } from "./thread.tsx";
import { t } from "./words.ts";
import css from "./screen.module.css";

const PANEL = "porchlight.panel";
const isNarrow = () => matchMedia("(max-width: 1180px)").matches;

export function InboxScreen({ conversation: id, filter }: { conversation: string | null; filter: Filter }) {
  const inbox = useInbox();
  const { rows, list } = useRows(filter);
  const [panel, setPanel] = useState(() => !isNarrow() && readLocal(PANEL) !== "off");
  const [listShown, setListShown] = useState(true);
  const togglePanel = () => {
    setPanel(!panel);
    if (!isNarrow()) writeLocal(PANEL, panel ? "off" : null);
  };
  useEffect(() => inbox.signals.viewing(id), [inbox, id]);
  useEffect(() => () => inbox.signals.viewing(null), [inbox]);
  useEffect(() => {
    // On a narrow screen the panel covers the thread: a new conversation starts with its words.
    if (isNarrow()) setPanel(false);
  }, [id]);
  useInboxKeys({ rows, current: id, togglePanel, toggleList: () => setListShown(!listShown), panel });
  const jump = (seq: number) => {
    if (!id) return;
    if (isNarrow()) setPanel(false);
    void inbox.threads.seek(id, seq).then((found) => found || say(fileWords("jumpFailed"), { tone: "bad" }));
  };
  return (
    <main id="main" tabIndex={-1} className={css["screen"]} data-open={id !== null || undefined} data-list={listShown} data-panel={(panel && id !== null) || undefined}>
      <h1 className="sr-only">{t("inbox")}</h1>
      <div className={css["list"]}>
        <List filter={filter} current={id} rows={rows} list={list} />
      </div>
      <FileStage conversation={id} onJump={jump}>
        <div className={css["thread"]}>{id ? <Opened id={id} panel={panel} onPanel={togglePanel} /> : <Pick />}</div>
        {id && panel && <Panel id={id} onClose={togglePanel} onJump={jump} />}
      </FileStage>
    </main>
  );
}

function Pick() {
  return (
    <Empty icon={<MessagesSquare size={20} aria-hidden />} title={t("pickTitle")}>
      {t("pickText")}
    </Empty>
  );
}

function Opened({ id, panel, onPanel }: { id: string; panel: boolean; onPanel: () => void }) {
  const inbox = useInbox();
  const conversation = useConversation(id);
  const view = useInboxState((state) => state.threads.get(id));
  useEffect(() => {
    if (!conversation) inbox.threads.open(id);
  }, [inbox, id, conversation]);
  if (conversation) return <Full conversation={conversation} panel={panel} onPanel={onPanel} />;
  if (view?.phase === "missing") return <Empty title={t("missingTitle")}>{t("missingText")}</Empty>;
  if (view?.phase === "failed")
    return <Failed error={view.error instanceof Problem ? view.error : null} onRetry={() => void inbox.threads.reload(id)} />;
  return <Skeleton lines={6} />;
}

type FullProps = { conversation: Conversation; panel: boolean; onPanel: () => void };

function Full(props: FullProps) {
  return (
    <>
      <ThreadHead {...props} />
      <Talk key={props.conversation.id} conversation={props.conversation} />
    </>
  );
}

/** Whatever is dropped anywhere on the talk goes where the composer would send it. */
function Talk({ conversation }: { conversation: Conversation }) {
  const inbox = useInbox();
  const [mode, setMode] = useState(() => firstMode(inbox, conversation.id));
  const attaching = useAttaching(conversation.id, mode, conversation.channel && mode === "reply" ? fileProblem : undefined);
  const off = !inbox.mayWrite || conversation.status === "archived" || attaching.rules?.enabled === false;
  return (
    <DropZone mode={mode} name={contactName(conversation.contact)} off={off} onDrop={attaching.add}>
      <Thread conversation={conversation} />
      <Composer conversation={conversation} mode={mode} onMode={setMode} attaching={attaching} />
    </DropZone>
  );
}

/** Drawn after the words: moving through the list must not wait for it. */
function Panel({ id: wanted, onClose, onJump }: { id: string; onClose: () => void; onJump: (seq: number) => void }) {
  const id = useDeferredValue(wanted);
  const conversation = useConversation(id);
  return <div className={css["panel"]}>{conversation && <ContactPanel key={id} conversation={conversation} onClose={onClose} onJump={onJump} />}</div>;
}

