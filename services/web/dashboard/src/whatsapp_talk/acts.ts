/** What a person does to a message of WhatsApp: shown at once where that is honest, taken back when the server refuses. */
import type { Extra, Message, Posted } from "wire";
import { say, sentence } from "ui";
import type { Inbox } from "../inbox/inbox.ts";
import { applyEvent, changeThread } from "../inbox/state.ts";
import { fetchMedia, react, sendAgain, unreact } from "./api.ts";
import { noExtra } from "./texts.ts";
import { t } from "./words.ts";

const complain = (error: unknown) => say(sentence(error), { tone: "bad" });

/** Puts our sign under a message, or takes it back. */
export async function sign(inbox: Inbox, message: Message, emoji: string | null) {
  const { conversation_id: id, seq } = message;
  const before = message.extra?.reactions ?? [];
  const others = before.filter((one) => one.side !== "agent");
  amend(inbox, message, { reactions: emoji ? [...others, { side: "agent", emoji }] : others });
  try {
    await (emoji ? react(id, seq, emoji) : unreact(id, seq));
  } catch (error) {
    amend(inbox, message, { reactions: before });
    complain(error);
  }
}

export async function again(inbox: Inbox, message: Message): Promise<boolean> {
  try {
    await sendAgain(message.conversation_id, message.seq);
    amend(inbox, message, { delivery: "queued", failure: null });
    say(t("sentAgain"));
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

export async function fetchAgain(inbox: Inbox, message: Message) {
  const content = message.extra?.content;
  if (content?.type !== "media") return;
  try {
    await fetchMedia(message.conversation_id, message.seq);
    amend(inbox, message, { content: { ...content, state: "coming", reason: null } });
  } catch (error) {
    complain(error);
  }
}

/** The event says all of it a moment later; what is changed here is only seen sooner. */
function amend(inbox: Inbox, message: Message, change: Partial<Extra>) {
  inbox.store.set((state) =>
    changeThread(state, message.conversation_id, (view) => {
      const messages = view.thread.messages.map((one) => (one.seq === message.seq ? withExtra(one, { ...(one.extra ?? noExtra), ...change }) : one));
      return { ...view, thread: { ...view.thread, messages } };
    }),
  );
}

const withExtra = (message: Message, extra: Extra): Message => ({ ...message, extra, delivery: extra.delivery ?? message.delivery });

/** The answer says what the event will say; whichever comes second changes nothing. */
export function said(inbox: Inbox, { message }: Posted) {
  inbox.store.set((state) => {
    const position = state.inbox.position;
    const { conversation_id, seq } = message;
    const next = applyEvent(state, { type: "message_posted", position: position ?? "", at: message.created_at, conversation_id, seq, message });
    return { ...next, inbox: { ...next.inbox, position } };
  });
}
