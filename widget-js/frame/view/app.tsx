/** The panel: header, what is pinned, the screen, the composer. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { t } from "../i18n";
import { connectionOf, limitedUntil, waitingWords, type ChatState } from "../state";
import { Ask } from "./ask";
import { Banner } from "./banner";
import { Composer } from "./composer";
import { ContextCard } from "./context";
import { Header } from "./header";
import { Past } from "./past";
import { Thread } from "./thread";

export function App({ chat }: { chat: Chat }) {
  const state = useChat(chat);
  const { config, screen, phase } = state;
  const panel = useRef<HTMLElement>(null);
  // On a phone the keyboard would cover what was said before.
  const focusOn = state.isFull ? 0 : state.focusOn;
  const isChat = screen === "chat";
  const title = config.settings.title || t("title");

  useEffect(() => {
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (isChat) chat.close();
      else chat.showChat();
    };
    window.addEventListener("keydown", escape);
    return () => window.removeEventListener("keydown", escape);
  }, [isChat]);

  useEffect(() => {
    if (state.isFull && state.focusOn) panel.current?.focus();
  }, [state.focusOn, state.isFull]);

  return (
    <main class="panel" aria-labelledby="title" ref={panel} tabIndex={-1}>
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
      {phase === "refused" || phase === "suspended" ? (
        <div class="empty" role="alert">
          {t(phase)}
        </div>
      ) : screen === "past" ? (
        <Past items={state.past} onRead={chat.read} />
      ) : screen === "reading" ? (
        <Reading chat={chat} state={state} from={title} />
      ) : (
        <Conversation chat={chat} state={state} from={title} focusOn={focusOn} />
      )}
    </main>
  );
}

/** Words to a conversation that goes on go there; only an ended one leaves room for another. */
function hasEnded({ conversation }: ChatState): boolean {
  return conversation?.status === "resolved" || conversation?.status === "archived";
}

interface ScreenProps {
  chat: Chat;
  state: ChatState;
  from: string;
}

function Conversation({ chat, state, from, focusOn }: ScreenProps & { focusOn: number }) {
  const { thread, conversation, config } = state;
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
      <Thread
        key={thread?.conversation_id ?? "new"}
        messages={thread?.messages ?? []}
        waiting={waiting}
        hasMore={thread?.has_more ?? false}
        isLoading={state.history === "loading" || (state.phase === "starting" && !waiting.length && !config.settings.greeting)}
        typing={state.typing}
        greeting={config.settings.greeting}
        from={from}
        onOlder={chat.loadOlder}
        onRetry={chat.retry}
        onDiscard={chat.discard}
      >
        {wantsAsk && <Ask onSave={chat.saveContact} onSkip={chat.dismissAsk} />}
      </Thread>
      {conversation && isResolved && (
        <div class="closing">
          <span>{t(conversation.status === "archived" ? "archived" : "resolved")}</span>
          <button onClick={chat.beginAnew}>{t("new_conversation")}</button>
        </div>
      )}
      <Composer focusOn={focusOn} onSend={chat.send} onTyping={chat.typing} />
    </>
  );
}

const nothing = () => {};

function Reading({ chat, state, from }: ScreenProps) {
  const { reading } = state;
  return (
    <>
      <Thread
        messages={reading?.messages ?? []}
        waiting={[]}
        hasMore={reading?.has_more ?? false}
        isLoading={!reading?.messages.length}
        typing={null}
        greeting=""
        from={from}
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
