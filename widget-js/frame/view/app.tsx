/** The panel: header, what is pinned, the screen, the composer. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { OutboxItem } from "../../wire/outbox";
import type { Upload } from "../../wire/upload";
import type { Chat } from "../chat";
import { t } from "../i18n";
import { connectionOf, limitedUntil, waitingWords, type ChatState, type Words } from "../state";
import { Ask } from "./ask";
import { DropZone } from "./attach";
import { Banner } from "./banner";
import { Composer, type ComposerFiles } from "./composer";
import { ContextCard } from "./context";
import { Header } from "./header";
import { Past } from "./past";
import { Thread } from "./thread";

export function App({ chat }: { chat: Chat }) {
  const state = useChat(chat);
  const { config, screen, part } = state;
  const [viewed, view] = useState<string | null>(null);
  const panel = useRef<HTMLElement>(null);
  const isChat = screen === "chat";
  const title = config.settings.title || t("title");
  const props: ScreenProps = { chat, state, from: title, onView: view };
  useEscape(isChat ? chat.close : chat.showChat);

  useEffect(() => {
    if (state.isFull && state.focusOn) panel.current?.focus();
  }, [state.focusOn, state.isFull]);

  return (
    <main class="panel" aria-labelledby="title" ref={panel} tabIndex={-1}>
      <Top chat={chat} state={state} title={title} />
      <CurrentScreen {...props} />
      {part && <part.Viewing thread={screen === "reading" ? state.reading : state.thread} id={viewed} tools={part.tools} onShow={view} />}
      <DropZone isOn={isChat && state.rules?.enabled === true} chat={chat} />
    </main>
  );
}

function useEscape(run: () => void) {
  useEffect(() => {
    const escape = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) run();
    };
    window.addEventListener("keydown", escape);
    return () => window.removeEventListener("keydown", escape);
  }, [run]);
}

function Top({ chat, state, title }: Pick<ScreenProps, "chat" | "state"> & { title: string }) {
  const { config, screen } = state;
  const isChat = screen === "chat";
  return (
    <Header
      title={isChat ? title : t("past")}
      line={config.settings.tagline || t(state.isTeamOnline ? "online" : "away")}
      isTeamOnline={state.isTeamOnline}
      canClose={config.display !== "embedded"}
      isMuted={state.isMuted}
      hasPast={state.visitor?.known === true || state.conversation !== null}
      canBegin={hasEnded(state)}
      onBack={isChat ? null : screen === "reading" ? chat.showPast : chat.showChat}
      onClose={chat.close}
      onPast={chat.showPast}
      onMute={chat.mute}
      onAnew={chat.beginAnew}
    />
  );
}

function CurrentScreen(props: ScreenProps) {
  const { chat, state } = props;
  if (state.phase === "refused" || state.phase === "suspended") {
    return (
      <div class="empty" role="alert">
        {t(state.phase)}
      </div>
    );
  }
  if (state.screen === "past") return <Past items={state.past} onRead={chat.read} />;
  return state.screen === "reading" ? <Reading {...props} /> : <Conversation {...props} />;
}

/** Words to a conversation that goes on go there; only an ended one leaves room for another. */
function hasEnded({ conversation }: ChatState): boolean {
  return conversation?.status === "resolved" || conversation?.status === "archived";
}

interface ScreenProps {
  chat: Chat;
  state: ChatState;
  from: string;
  onView(id: string): void;
}

function Conversation({ chat, state, from, onView }: ScreenProps) {
  const { conversation, config } = state;
  const context = state.context ?? conversation?.context ?? null;
  const waiting = waitingWords(state);
  const isResolved = hasEnded(state);
  const wantsAsk = !isResolved && config.settings.ask_contact && !state.hasAnsweredAsk && !!conversation && !state.visitor?.email;
  return (
    <>
      <Banner connection={connectionOf(state)} queued={waiting.filter((item) => item.state !== "failed").length} limited={limitedUntil(state)} />
      {context && <ContextCard key={context.image} context={context} host={state.host} />}
      {state.history === "failed" && (
        <div class="notice">
          {t("history_failed")} <button onClick={chat.reload}>{t("retry")}</button>
        </div>
      )}
      <Log chat={chat} state={state} from={from} onView={onView} waiting={waiting}>
        {wantsAsk && <Ask onSave={chat.saveContact} onSkip={chat.dismissAsk} />}
      </Log>
      {conversation && isResolved && (
        <div class="closing">
          <span>{t(conversation.status === "archived" ? "archived" : "resolved")}</span>
          <button onClick={chat.beginAnew}>{t("new_conversation")}</button>
        </div>
      )}
      {/* On a phone the keyboard would cover what was said before. */}
      <Composer focusOn={state.isFull ? 0 : state.focusOn} files={composerFiles(chat, state)} onSend={chat.send} onTyping={chat.typing} />
    </>
  );
}

const NO_UPLOADS: readonly Upload[] = [];

function Log({ chat, state, from, onView, waiting, children }: ScreenProps & { waiting: readonly OutboxItem<Words>[]; children: ComponentChildren }) {
  const { thread, config } = state;
  return (
    <Thread
      key={thread?.conversation_id ?? "new"}
      messages={thread?.messages ?? []}
      waiting={waiting}
      part={state.part}
      // A percentage in motion is news only for a bubble that shows it.
      uploads={waiting.length ? state.uploads : NO_UPLOADS}
      hasMore={thread?.has_more ?? false}
      isLoading={state.history === "loading" || (state.phase === "starting" && !waiting.length && !config.settings.greeting)}
      typing={state.typing}
      greeting={config.settings.greeting}
      from={from}
      onWant={chat.warmFiles}
      onView={onView}
      onOlder={chat.loadOlder}
      onRetry={chat.retry}
      onDiscard={chat.discard}
    >
      {children}
    </Thread>
  );
}

function composerFiles(chat: Chat, { rules, config, uploads, drafts, refusals, part, isFetchingPart: isFetching }: ChatState): ComposerFiles {
  // Until the session says more, the widget's own switch decides whether there is a button, so that it does not come later.
  const isOn = rules ? rules.enabled : config.settings.files.enabled;
  return { chat, part, isFetching, rules, isOn, refusals, uploads: drafts.flatMap((id) => uploads.find((one) => one.id === id) ?? []) };
}

const nothing = () => {};

function Reading({ chat, state, from, onView }: ScreenProps) {
  const { reading } = state;
  return (
    <>
      <Thread
        messages={reading?.messages ?? []}
        waiting={[]}
        part={state.part}
        uploads={NO_UPLOADS}
        hasMore={reading?.has_more ?? false}
        isLoading={!reading?.messages.length}
        typing={null}
        greeting=""
        from={from}
        onWant={chat.warmFiles}
        onView={onView}
        onOlder={chat.loadOlder}
        onRetry={nothing}
        onDiscard={nothing}
      />
      <div class="closing">
        <span>{t("read_only")}</span>
      </div>
    </>
  );
}

function useChat(chat: Chat): ChatState {
  const [state, setState] = useState(chat.store.get);
  useEffect(() => {
    const look = () => setState(chat.store.get());
    look();
    return chat.store.subscribe(look);
  }, [chat]);
  return state;
}
