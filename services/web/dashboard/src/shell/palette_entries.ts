/** What the palette finds: actions, pages and the conversations this browser already knows. */
import { contactName } from "../inbox/context.tsx";
import type { State } from "../inbox/state.ts";
import { perform } from "../keyboard/hub.ts";
import { bindings, capsOf, type Action } from "../keyboard/keys.ts";
import { everything, go, goInbox, here, type Route } from "../router.ts";
import { t } from "./words.ts";

export interface Entry {
  id: string;
  name: string;
  hint: string;
  /** The hint in pieces, those that were looked for marked. */
  marks?: readonly { text: string; hit: boolean }[];
  keys?: string;
  run: () => void;
}

const pages: { label: "inbox" | "widgets" | "team" | "settings" | "fileSettings" | "whatsappSettings" | "account"; route: Route }[] = [
  { label: "inbox", route: { page: "inbox", conversation: null, filter: everything } },
  { label: "widgets", route: { page: "widgets" } },
  { label: "team", route: { page: "team" } },
  { label: "settings", route: { page: "settings", tab: "team" } },
  { label: "fileSettings", route: { page: "settings", tab: "files" } },
  { label: "whatsappSettings", route: { page: "whatsapp", part: { at: "overview" } } },
  { label: "account", route: { page: "account" } },
];

const hidden: readonly Action[] = ["palette", "open", "close"];

export function search(query: string, state: State, mayWrite: boolean): Entry[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const fits = (text: string) => words.every((word) => fold(text).includes(word));
  const commands = [...actions(mayWrite), ...pages.map(page)].filter((entry) => fits(entry.name));
  const found = words.length === 0 ? [] : conversations(state).filter((entry) => fits(`${entry.name} ${entry.hint}`));
  return words.length === 0 ? commands : [...found.slice(0, 20), ...commands];
}

function actions(mayWrite: boolean): Entry[] {
  const route = here();
  const inInbox = route.page === "inbox";
  const isOpen = inInbox && route.conversation !== null;
  return bindings
    .filter((binding) => !hidden.includes(binding.action))
    .filter((binding) => (binding.group === "act" ? isOpen && mayWrite : binding.group !== "move" || inInbox))
    .map(({ action }) => ({ id: action, name: t(`action.${action}`), hint: "", keys: capsOf(action), run: () => void perform(action) }));
}

function page({ label, route }: (typeof pages)[number]): Entry {
  return { id: `go ${label}`, name: t("goTo", { page: t(label) }), hint: "", run: () => go(route) };
}

function conversations(state: State): Entry[] {
  return [...state.inbox.conversations.values()]
    .sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1))
    .map((one) => ({
      id: one.id,
      name: contactName(one.contact),
      hint: [one.contact.email, one.preview].filter(Boolean).join(" · "),
      run: () => goInbox({ conversation: one.id }),
    }));
}

/** "Zoe" finds "Zoë". */
const fold = (text: string) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
