/** The launcher: a real button whose name says what a press does and what waits. */

import { CROSS, TALK, icon, make } from "./draw";
import type { Words } from "./words";

export interface Launcher {
  element: HTMLButtonElement;
  state(isOpen: boolean, unread: number): void;
  words(words: Words): void;
}

export function createLauncher(label: string, first: Words, intent: () => void, press: () => void): Launcher {
  const element = make("button", "launcher", { type: "button", "aria-haspopup": "dialog" });
  const badge = make("b", "", { "aria-hidden": "true" });
  let words = first;
  let isOpen = false;
  let unread = 0;

  element.appendChild(icon(TALK, "o"));
  element.appendChild(icon(CROSS, "x"));
  if (label) element.appendChild(make("span", "")).textContent = label;
  element.appendChild(badge);
  for (const hint of ["pointerenter", "focus", "touchstart"]) {
    element.addEventListener(hint, intent, { passive: true, once: true });
  }
  element.addEventListener("click", press);

  function draw() {
    badge.hidden = unread < 1 || isOpen;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    const name = isOpen ? words[1] : label || words[0];
    element.setAttribute("aria-label", badge.hidden ? name : `${name}, ${unread} ${words[2]}`);
    element.setAttribute("aria-expanded", String(isOpen));
  }
  draw();

  return {
    element,
    state(open, count) {
      isOpen = open;
      unread = count;
      draw();
    },
    words(next) {
      words = next;
      draw();
    },
  };
}
