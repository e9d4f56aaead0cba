/** May this page show the widget? Asked until there is an answer, and again when a ticket is used up. */

import { bootstrap, type Answer, type Refused } from "./bootstrap";
import type { Emit, Wish } from "./widget";

/** A ticket lives 60 s at the server; an older one is not worth the try. */
const TICKET_MS = 45_000;

export interface Permission {
  /** Until `granted` there is none. */
  answer: Answer | undefined;
  begin(): Promise<void>;
  /** A ticket works once: the one we hold goes to the first frame that asks, a later one gets a new one. */
  ticket(): Promise<string>;
  stop(): void;
}

export function createPermission(wish: Wish, language: () => string, emit: Emit, granted: (answer: Answer) => void): Permission {
  let askedAt = 0;
  let attempt = 0;
  let isOver = false;
  let timer = 0;

  async function ask(): Promise<Answer> {
    const answer = (permission.answer = await bootstrap(wish.base, wish.widget, language()));
    askedAt = Date.now();
    return answer;
  }

  async function begin() {
    // A sandboxed frame, a file: no answer of the server could be read there, and asking again would not change that.
    if (self.origin === "null") return blocked("opaque_origin", "null", "A sandboxed page or a file has no origin: use a page of a verified domain.");
    let answer: Answer;
    try {
      answer = await ask();
    } catch (error) {
      return failed(error as Refused);
    }
    if (!isOver) granted(answer);
  }

  function failed({ status, code = "network", retryMs = 0 }: Refused) {
    if (isOver) return;
    if (status === 403) return blocked(code);
    if (!attempt) emit("error", { code });
    if ((status >= 400 && status < 429) || attempt++ > 8) return;
    timer = window.setTimeout(begin, Math.max(retryMs, Math.random() * Math.min(6e4, 1e3 * 2 ** attempt)));
  }

  function blocked(code: string, origin = location.origin, advice = "Verify this domain in the dashboard.") {
    console.info(`Porchlight: ${origin} may not show widget ${wish.widget} (${code}). ${advice}`);
    emit("blocked", { code, origin });
  }

  const permission: Permission = {
    answer: undefined,
    begin,
    async ticket() {
      let { answer } = permission;
      if (!answer?.ticket || Date.now() - askedAt > TICKET_MS) answer = await ask();
      const held = answer.ticket;
      answer.ticket = "";
      return held;
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
  return permission;
}
