/** An XMLHttpRequest whose other end is a test. */

import type { RequestLike } from "../wire/upload_request";
import type { File } from "../wire/types";

export class FakeRequest {
  static all: FakeRequest[] = [];
  method = "";
  url = "";
  headers: Record<string, string> = {};
  body: FormData | null = null;
  status = 0;
  responseText = "";
  isAborted = false;
  answered: Record<string, string> = {};
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null; onload: (() => void) | null } = { onprogress: null, onload: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;

  open(method: string, url: string) {
    Object.assign(this, { method, url });
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader(name: string) {
    return this.answered[name] ?? null;
  }
  send(body: FormData) {
    this.body = body;
    FakeRequest.all.push(this);
  }
  abort() {
    this.isAborted = true;
    this.onabort?.();
  }

  // What the test makes happen.
  moves(loaded: number, total: number) {
    this.upload.onprogress?.({ loaded, total });
  }
  answers(status: number, body: unknown, headers: Record<string, string> = {}) {
    this.upload.onload?.();
    Object.assign(this, { status, responseText: typeof body === "string" ? body : JSON.stringify(body), answered: headers });
    this.onload?.();
  }
  takes(file: File) {
    this.answers(201, { file });
  }
  breaks() {
    this.onerror?.();
  }
}

export const openFake = () => new FakeRequest() as unknown as RequestLike;
