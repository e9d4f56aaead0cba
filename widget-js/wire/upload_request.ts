/**
 * One try at sending one file, as multipart/form-data.
 *
 * XMLHttpRequest, because `fetch` does not tell how much has left. Nothing limits the whole
 * time, a slow line may take minutes; a line on which nothing moves is given up.
 */

import type { Clock } from "./clock";
import { Problem, asProblem, retryAfter } from "./rest";
import type { File } from "./types";

/** As much of an XMLHttpRequest as is used here. */
export type RequestLike = Pick<
  XMLHttpRequest,
  "open" | "setRequestHeader" | "send" | "abort" | "getResponseHeader" | "status" | "responseText" | "onload" | "onerror" | "onabort"
> & { upload: Pick<XMLHttpRequestUpload, "onprogress" | "onload"> };

export interface Try {
  url: string;
  token: string | null;
  name: string;
  bytes: Blob;
  conversation_id: string | null;
  clock: Clock;
  open?: (() => RequestLike) | undefined;
  /** The share that has left; 1 means that the server has it all. */
  onSent(share: number): void;
}

export const STALLED_MS = 45_000;

export function sendFile(one: Try): { done: Promise<File>; abort(): void } {
  const request: RequestLike = one.open?.() ?? new XMLHttpRequest();
  let stopWatch = () => {};
  let isLate = false;
  const moved = () => {
    stopWatch();
    stopWatch = one.clock.after(STALLED_MS, () => {
      isLate = true;
      request.abort();
    });
  };
  const done = new Promise<File>((resolve, reject) => {
    const fail = () => reject(new Problem(0, { code: isLate ? "timeout" : "network", title: "The server could not be reached." }));
    request.onload = () => settle(request, resolve, reject);
    request.onerror = request.onabort = fail;
    request.upload.onprogress = ({ loaded, total }) => {
      moved();
      one.onSent(total ? loaded / total : 0);
    };
    request.upload.onload = () => {
      moved();
      one.onSent(1);
    };
  }).finally(() => stopWatch());
  moved();
  begin(request, one);
  return { done, abort: () => request.abort() };
}

function begin(request: RequestLike, { url, token, name, bytes, conversation_id }: Try) {
  const form = new FormData();
  // Text parts come first: the server reads the stream once.
  if (conversation_id) form.append("conversation_id", conversation_id);
  form.append("file", bytes, name);
  request.open("POST", url);
  request.setRequestHeader("accept", "application/json");
  if (token) request.setRequestHeader("authorization", `Bearer ${token}`);
  request.send(form);
}

function settle(request: RequestLike, resolve: (file: File) => void, reject: (problem: Problem) => void) {
  const body = parsed(request.responseText);
  if (request.status >= 200 && request.status < 300) {
    const file = (body as { file?: File } | null)?.file;
    return file?.id ? resolve(file) : reject(new Problem(0, { code: "bad_answer", title: "The answer was not JSON." }));
  }
  const headers = { get: (name: string) => request.getResponseHeader(name) };
  reject(new Problem(request.status, asProblem(body), retryAfter({ headers })));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page; its status still says what happened.
    return null;
  }
}
