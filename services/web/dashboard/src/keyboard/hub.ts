/** One listener on the window; screens and dialogs say what they do with an action, the newest first. */
import { actionFor, isTypingIn, type Action } from "./keys.ts";

type Take = (action: Action) => boolean;
const takers: Take[] = [];

export function onAction(take: Take): () => void {
  takers.push(take);
  return () => void takers.splice(takers.indexOf(take), 1);
}

export function perform(action: Action): boolean {
  return [...takers].reverse().some((take) => take(action));
}

/** Returns its own clean-up. */
export function startKeyboard(): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const action = actionFor(event, isTypingIn(event.target));
    if (!action || (action === "open" && isControl(event.target))) return;
    if (perform(action)) event.preventDefault();
  };
  window.addEventListener("keydown", pressed);
  return () => window.removeEventListener("keydown", pressed);
}

/** Enter on a button is a press of that button. */
const isControl = (target: EventTarget | null) => target instanceof HTMLElement && target.closest("button,a,input,summary") !== null;
