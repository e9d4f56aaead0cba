/**
 * Which key does what. Pure. Single keys work while nobody is typing, on any layout: letters go by what the key writes,
 * and where it writes no Latin letter (Cyrillic, Greek, Hebrew, …) by where it sits.
 */
export type Action =
  | "palette"
  | "cheat-sheet"
  | "next"
  | "previous"
  | "open"
  | "close"
  | "resolve"
  | "resolve-next"
  | "reopen"
  | "snooze"
  | "reply"
  | "note"
  | "attach"
  | "assign"
  | "assign-me"
  | "status"
  | "select"
  | "filter"
  | "mine"
  | "unassigned"
  | "all"
  | "panel"
  | "list";

export interface Binding {
  /** As `event.key` says it; letters in lower case. */
  key: string;
  shift?: boolean;
  /** Ctrl, or Command on a Mac. These work while typing too. */
  command?: boolean;
  alt?: boolean;
  action: Action;
  group: "move" | "act" | "look";
}

export const bindings: readonly Binding[] = [
  { key: "j", action: "next", group: "move" },
  { key: "k", action: "previous", group: "move" },
  { key: "Enter", action: "open", group: "move" },
  { key: "Escape", action: "close", group: "move" },
  { key: "1", action: "mine", group: "move" },
  { key: "2", action: "unassigned", group: "move" },
  { key: "3", action: "all", group: "move" },
  { key: "/", action: "filter", group: "move" },
  { key: "r", action: "reply", group: "act" },
  { key: "n", action: "note", group: "act" },
  { key: "a", command: true, alt: true, action: "attach", group: "act" },
  { key: "e", action: "resolve", group: "act" },
  { key: "e", shift: true, action: "resolve-next", group: "act" },
  { key: "o", action: "reopen", group: "act" },
  { key: "s", action: "snooze", group: "act" },
  { key: "a", action: "assign", group: "act" },
  { key: "m", action: "assign-me", group: "act" },
  { key: "x", action: "select", group: "act" },
  { key: "]", action: "panel", group: "look" },
  { key: "[", action: "list", group: "look" },
  { key: "k", command: true, action: "palette", group: "look" },
  { key: "?", action: "cheat-sheet", group: "look" },
];

export interface Press {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
}

export function actionFor(press: Press, isTyping: boolean): Action | null {
  if (press.isComposing) return null;
  const key = readable(press);
  const letter = /^[a-z]$/.test(key);
  // AltGr arrives as Ctrl+Alt: on a German keyboard it is how "[" is written.
  const written = press.altKey && isWritten(press, letter, key);
  const command = (press.ctrlKey || press.metaKey) && !written;
  const alt = press.altKey && !written;
  if (isTyping && !command) return null;
  const found = bindings.find(
    (binding) =>
      binding.key === key &&
      Boolean(binding.command) === command &&
      Boolean(binding.alt) === alt &&
      (!letter || Boolean(binding.shift) === press.shiftKey),
  );
  return found?.action ?? null;
}

/** A sign, or "ą" on a Polish keyboard: AltGr writes it, so it is no command. Command on a Mac never writes. */
function isWritten(press: Press, letter: boolean, key: string): boolean {
  if (press.metaKey) return false;
  const accented = press.key.length === 1 && /\p{Script=Latin}/u.test(press.key) && !/[a-z]/i.test(press.key);
  return accented || (!letter && key.length === 1);
}

function readable(press: Press): string {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const isForeignLetter = key.length === 1 && /\p{L}/u.test(key) && !/[a-z]/.test(key);
  const place = /^Key([A-Z])$/.exec(press.code)?.[1];
  return isForeignLetter && place ? place.toLowerCase() : key;
}

/** Where single keys belong to the text, not to us. Enter and Space also belong to the control in focus. */
export function isTypingIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target.closest("[role=menu],[role=listbox],[role=dialog]")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

const isApple = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);

/** As the caps say it, parts apart by a blank: "Shift E", "Ctrl K". */
export function capsOf(action: Action): string {
  const binding = bindings.find((one) => one.action === action);
  if (!binding) return "";
  const name = binding.key === "Escape" ? "Esc" : binding.key.length === 1 ? binding.key.toUpperCase() : binding.key;
  return [binding.command ? (isApple ? "⌘" : "Ctrl") : "", binding.alt ? (isApple ? "⌥" : "Alt") : "", binding.shift ? "Shift" : "", name].filter(Boolean).join(" ");
}
