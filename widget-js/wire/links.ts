/**
 * Addresses of files, which live for minutes.
 *
 * Promises: what is asked for in one moment goes out in one request; a link is remembered
 * until shortly before it ends; one whose use was refused (403, 410) is not given again.
 */

import { realClock, type Clock } from "./clock";
import type { FileLink, FileVariant } from "./types";

export type LinkAsk = Pick<FileLink, "id" | "variant">;

export interface LinksOptions {
  /** POST …/files/links */
  fetch(items: LinkAsk[]): Promise<{ items: FileLink[] }>;
  clock?: Clock;
}

export interface Links {
  /** What is known and will last a while; nothing is asked. */
  known(id: string, variant: FileVariant): string | null;
  /** The address, or null when this person may not have it (or nobody any more). Rejects when the server could not be asked. */
  want(id: string, variant: FileVariant): Promise<string | null>;
  /** The address did not work: forget it, so that the next `want` asks. */
  refused(id: string, variant: FileVariant): void;
}

/** Somebody who follows a link needs some time to do it. */
const MARGIN_MS = 30_000;
/** What is drawn together asks together. */
const GATHER_MS = 15;
const BATCH = 50;

interface Waiting {
  ask: LinkAsk;
  answer: Promise<string | null>;
  resolve(url: string | null): void;
  reject(error: unknown): void;
}

export function createLinks({ fetch, clock = realClock }: LinksOptions): Links {
  const links = new Map<string, FileLink>();
  let waiting = new Map<string, Waiting>();
  const under = new Map<string, Waiting>();
  const key = (id: string, variant: FileVariant) => `${id} ${variant}`;

  function known(id: string, variant: FileVariant): string | null {
    const link = links.get(key(id, variant));
    if (!link || Date.parse(link.expires_at) - MARGIN_MS <= clock.now()) return null;
    return link.url;
  }

  function want(id: string, variant: FileVariant): Promise<string | null> {
    const url = known(id, variant);
    if (url) return Promise.resolve(url);
    const name = key(id, variant);
    const asked = waiting.get(name) ?? under.get(name);
    if (asked) return asked.answer;
    if (!waiting.size) clock.after(GATHER_MS, send);
    const one = waitingFor({ id, variant });
    waiting.set(name, one);
    return one.answer;
  }

  function send() {
    const asked = [...waiting];
    waiting = new Map();
    for (let at = 0; at < asked.length; at += BATCH) void sendBatch(asked.slice(at, at + BATCH));
  }

  async function sendBatch(batch: [string, Waiting][]) {
    for (const [name, one] of batch) under.set(name, one);
    try {
      const { items } = await fetch(batch.map(([, one]) => one.ask));
      for (const [name] of batch) links.delete(name);
      for (const link of items) links.set(key(link.id, link.variant), link);
      // What was left out of the answer may not be had.
      for (const [name, one] of batch) one.resolve(links.get(name)?.url ?? null);
    } catch (error) {
      for (const [, one] of batch) one.reject(error);
    } finally {
      for (const [name] of batch) under.delete(name);
    }
  }

  return { known, want, refused: (id, variant) => void links.delete(key(id, variant)) };
}

function waitingFor(ask: LinkAsk): Waiting {
  const { promise, resolve, reject } = withResolvers<string | null>();
  return { ask, answer: promise, resolve, reject };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => ((resolve = yes), (reject = no)));
  return { promise, resolve, reject };
}
