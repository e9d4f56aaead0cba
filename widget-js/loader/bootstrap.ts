/**
 * The one request a page makes before its visitor shows interest: may this origin show this
 * widget, and how does it look. Only here does the browser itself state the real origin.
 */

import type { Page, WidgetConfig } from "../wire/types";

export interface Answer {
  ticket: string;
  frame: URL;
  config: WidgetConfig;
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly retryMs: number,
  ) {
    super(code);
  }
}

/** Where we are, without the query and the fragment: those may hold what is nobody's business. */
export function herePage(): Page {
  return { url: (location.origin + location.pathname).slice(0, 2048), title: document.title.slice(0, 500) };
}

export async function bootstrap(base: string, widget: string, locale: string): Promise<Answer> {
  const page = herePage();
  // Written by hand from strings: `toJSON` of a patched prototype is never asked.
  const text = JSON.stringify;
  const body = `{"widget":${text(widget)},"page":{"url":${text(page.url)},"title":${text(page.title)}},"locale":${text(locale)}}`;
  const [pristine, done] = pristineFetch();
  try {
    const answer = await pristine(`${base}/widget/v1/bootstrap`, {
      method: "POST",
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "strict-origin",
      headers: [["content-type", "application/json"]],
      body,
    } as RequestInit);
    const found: Record<string, unknown> = await answer.json().catch(() => ({}));
    if (!answer.ok) throw refusal(answer, found);
    return accepted(found, base);
  } finally {
    done();
  }
}

function refusal(answer: Response, found: Record<string, unknown>): Refused {
  const code = typeof found.code === "string" ? found.code : `http_${answer.status}`;
  return new Refused(answer.status, code, 1000 * (Number(answer.headers.get("retry-after")) || 0));
}

function accepted(found: Record<string, unknown>, base: string): Answer {
  const config = found.config as WidgetConfig | undefined;
  const frame = new URL(String(found.frame_url), base);
  // The frame reads the settings strictly; a style property that takes an odd one here just ignores it.
  if (!config?.settings || !found.ticket || !/^https?:$/.test(frame.protocol)) throw new Refused(0, "bad_answer", 0);
  return { ticket: String(found.ticket), frame, config };
}

/**
 * `fetch` of an empty frame of this very origin: the browser's own, whatever the page has
 * made of its `window.fetch`. The frame must stay until the answer is read.
 */
function pristineFetch(): [typeof fetch, () => void] {
  const frame = document.createElement("iframe");
  frame.style.setProperty("display", "none", "important");
  try {
    document.documentElement.appendChild(frame);
    const realm = frame.contentWindow as (Window & typeof globalThis) | null;
    if (realm?.fetch) return [realm.fetch.bind(realm), () => frame.remove()];
  } catch {
    // A sandboxed page may not look into its own empty frame.
  }
  frame.remove();
  return [fetch, () => {}];
}
