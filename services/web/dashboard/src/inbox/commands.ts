/** What a person does to a conversation, with the word about it and the way back. */
import { useMemo } from "react";
import type { Conversation, ConversationStatus } from "wire";
import { say } from "ui";
import { useInbox } from "./context.tsx";
import type { Inbox } from "./inbox.ts";
import { t } from "./words.ts";

export function useCommands() {
  const inbox = useInbox();
  return useMemo(() => commands(inbox), [inbox]);
}

export function commands(inbox: Inbox) {
  return {
    setStatus(conversation: Conversation, status: ConversationStatus) {
      if (!inbox.mayWrite || conversation.status === status) return;
      const before = conversation.status;
      const undo = () => void inbox.actions.setStatus(conversation.id, before);
      void inbox.actions.setStatus(conversation.id, status).then((done) => {
        if (done) say(t("statusDone", { status: t(status) }), { action: { label: t("undo"), run: undo } });
      });
    },

    assign(conversation: Conversation, agent: { id: string; name: string } | null) {
      if (!inbox.mayWrite || conversation.assignee?.id === agent?.id) return;
      const before = conversation.assignee;
      const undo = () => void inbox.actions.assign(conversation.id, before);
      void inbox.actions.assign(conversation.id, agent && { id: agent.id, name: agent.name }).then((done) => {
        if (!done) return;
        const words = agent?.id === inbox.me.id ? t("assignedYou") : t("assigned", { name: agent?.name ?? "" });
        say(agent ? words : t("unassignedDone"), { action: { label: t("undo"), run: undo } });
      });
    },
  };
}
