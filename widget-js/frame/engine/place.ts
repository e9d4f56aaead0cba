/** Where the visitor is now helps the agent; of a visitor who has not written nobody is told. */

import type { Context, Page } from "../../wire/types";
import { API } from "./api";
import type { Engine } from "./engine";

/** Somebody who leafs through a shop changes pages faster than an agent can look. */
const TELL_MS = 3_000;

export interface Place {
  onPage(page: Page): void;
  about(context: Context | null): void;
  tell(): void;
}

export function createPlace(engine: Engine): Place {
  let telling = 0;
  let told = "";

  function tell() {
    if (!engine.store.get().conversation) return;
    clearTimeout(telling);
    telling = window.setTimeout(tellNow, TELL_MS);
  }

  function tellNow() {
    const { page, context, conversation } = engine.store.get();
    const isNews = context && !isSame(context, conversation?.context ?? null);
    const body = { ...(page && { page }), ...(isNews && { context }) };
    const text = JSON.stringify(body);
    if (!engine.session.current() || text === told || text === "{}") return;
    told = text;
    engine.rest.patch(`${API}/visitor`, body).catch(() => (told = ""));
  }

  return {
    onPage(page) {
      if (page.url === engine.store.get().page?.url) return;
      engine.change({ page });
      tell();
    },
    about(context) {
      engine.change({ context });
      tell();
    },
    tell,
  };
}

function isSame(a: Context, b: Context | null): boolean {
  return !!b && a.title === b.title && a.price === b.price && a.url === b.url && a.image === b.image;
}
