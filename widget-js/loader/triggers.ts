/** What opens a panel besides its launcher. Each answers its own undo. */

import { listen } from "./draw";

export function onClick(selector: string, run: () => void): () => void {
  const hits = (one: EventTarget) => one instanceof Element && one.matches(selector);
  return listen(document, "click", (event) => event.composedPath().some(hits) && run());
}

export function after(seconds: number, run: () => void): () => void {
  const timer = setTimeout(run, seconds * 1000);
  return () => clearTimeout(timer);
}

export function whenSeen(element: Element, run: () => void): () => void {
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    observer.disconnect();
    run();
  });
  observer.observe(element);
  return () => observer.disconnect();
}
