/**
 * The frame's end of the port to the loader.
 *
 * The port is accepted once, only from the parent, only with the exact greeting; the parent's
 * origin is what the browser says it is, and the server compares it with the ticket's.
 */

import { GREETING, readToFrame, type ToFrame, type ToLoader } from "../wire/port";
import { Problem } from "../wire/rest";

export interface Bridge {
  parentOrigin: string;
  tell(message: ToLoader): void;
  /** Hears everything but tickets. */
  listen(heard: (message: ToFrame) => void): void;
  /** A fresh ticket, for which the loader may have to ask the server. */
  ticket(): Promise<string>;
}

const TICKET_LIMIT_MS = 20_000;

export function awaitBridge(): Promise<Bridge> {
  return new Promise((resolve) => {
    const hear = (event: MessageEvent) => {
      const port = event.ports[0];
      const isOurs = event.source === window.parent && event.source !== window && event.data === GREETING;
      if (!isOurs || !port || event.ports.length !== 1 || !/^https?:\/\//.test(event.origin)) return;
      window.removeEventListener("message", hear);
      resolve(createBridge(port, event.origin));
    };
    window.addEventListener("message", hear);
  });
}

export function createBridge(port: MessagePort, parentOrigin: string): Bridge {
  const early: ToFrame[] = [];
  let heard = (message: ToFrame): void => void early.push(message);
  let waiting: { resolve(ticket: string): void; reject(error: Problem): void }[] = [];

  port.onmessage = ({ data }) => {
    const message = readToFrame(data);
    if (message?.type === "ticket") settle((one) => one.resolve(message.ticket));
    else if (message?.type === "refused") settle((one) => one.reject(refusal(message.code)));
    else if (message) heard(message);
  };

  function settle(how: (one: (typeof waiting)[number]) => void) {
    const first = waiting.shift();
    if (first) how(first);
  }

  return {
    parentOrigin,
    tell: (message) => port.postMessage(message),
    listen(run) {
      heard = run;
      for (const message of early.splice(0)) run(message);
    },
    ticket: () =>
      new Promise((resolve, reject) => {
        const one = { resolve, reject };
        waiting.push(one);
        port.postMessage({ type: "ticket" } satisfies ToLoader);
        setTimeout(() => {
          waiting = waiting.filter((other) => other !== one);
          reject(new Problem(0, { code: "timeout" }));
        }, TICKET_LIMIT_MS);
      }),
  };
}

/** The loader only says why; a refusal of the origin is final, everything else may pass. */
function refusal(code: string): Problem {
  const isFinal = code === "origin_not_authorized" || code === "http_403";
  return new Problem(isFinal ? 403 : 0, { code });
}
