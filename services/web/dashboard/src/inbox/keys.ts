/** The inbox's keys: which conversation is next, and what happens to the one that is open. */
import { useEffect, useRef } from "react";
import type { Conversation, ConversationStatus } from "wire";
import { onAction } from "../keyboard/hub.ts";
import type { Action } from "../keyboard/keys.ts";
import { goInbox } from "../router.ts";
import { useInbox } from "./context.tsx";
import { commands } from "./commands.ts";
import { requestFocus } from "./focus.ts";
import { openMenu } from "./menus.ts";
import { neighbour } from "./rows.ts";

interface Scene {
  rows: Conversation[];
  current: string | null;
  panel: boolean;
  togglePanel: () => void;
  toggleList: () => void;
}

export function useInboxKeys(scene: Scene) {
  const inbox = useInbox();
  const latest = useRef(scene);
  latest.current = scene;
  useEffect(() => onAction((action) => act(action, latest.current, inbox)), [inbox]);
}

type Inbox = ReturnType<typeof useInbox>;

/** Answers whether the key was for us. */
function act(action: Action, scene: Scene, inbox: Inbox): boolean {
  const { rows, current } = scene;
  const step = (by: 1 | -1) => {
    const id = neighbour(rows, current, by);
    if (id) goInbox({ conversation: id }, current ? "replace" : "push");
    return true;
  };
  switch (action) {
    case "next":
      return step(1);
    case "previous":
      return step(-1);
    case "mine":
    case "unassigned":
    case "all":
      goInbox({ filter: { view: action } });
      return true;
    case "filter":
      document.querySelector<HTMLElement>("[data-filters] button")?.focus();
      return true;
    case "panel":
      scene.togglePanel();
      return true;
    case "list":
      scene.toggleList();
      return true;
    case "open":
      if (!current) return step(1);
      requestFocus("reply");
      return true;
    case "close":
      return close(scene, inbox);
    default:
      return actOnOpen(action, scene, inbox);
  }
}

function close(scene: Scene, inbox: Inbox): boolean {
  if (inbox.store.get().selected.size > 0) inbox.actions.selectOnly([]);
  else if (scene.current) goInbox({ conversation: null });
  else return false;
  return true;
}

function actOnOpen(action: Action, { rows, current }: Scene, inbox: Inbox): boolean {
  const conversation = current ? inbox.store.get().inbox.conversations.get(current) : undefined;
  if (!conversation || !inbox.mayWrite) return false;
  const { setStatus, assign } = commands(inbox);
  const to = (status: ConversationStatus) => setStatus(conversation, status);
  switch (action) {
    case "reply":
    case "note":
      requestFocus(action);
      return true;
    case "attach":
      openMenu("attach");
      return true;
    case "resolve":
      to("resolved");
      return true;
    case "resolve-next": {
      const next = neighbour(rows, conversation.id, 1) ?? neighbour(rows, conversation.id, -1);
      to("resolved");
      goInbox({ conversation: next }, "replace");
      return true;
    }
    case "reopen":
      to("open");
      return true;
    case "snooze":
      to("snoozed");
      return true;
    case "assign":
      openMenu("assign");
      return true;
    case "assign-me":
      assign(conversation, inbox.me);
      return true;
    case "select":
      inbox.actions.select(conversation.id, !inbox.store.get().selected.has(conversation.id));
      return true;
    default:
      return false;
  }
}
