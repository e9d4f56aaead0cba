/** A thread as the rows of a list: days, and messages that know whether they begin or end a group. */

import type { Failure, OutboxItem } from "../../wire/outbox";
import type { Delivery, File, Message } from "../../wire/types";
import { filesOf, type AttachedFile } from "../../wire/upload_message";
import type { Words } from "../state";

export interface Bubble {
  key: string;
  isMine: boolean;
  author: string;
  isSystem: boolean;
  body: string;
  at: string;
  state: Delivery | OutboxItem<Words>["state"];
  files: readonly File[];
  /** Files that are still on their way. */
  attached: readonly AttachedFile[];
  failure: Failure | null;
  isFirst: boolean;
  isLast: boolean;
}

export type Row = { key: string; day: string } | Bubble;

const GROUP_MS = 5 * 60_000;

export function rowsOf(messages: readonly Message[], waiting: readonly OutboxItem<Words>[]): Row[] {
  const bubbles = [...messages.map(fromMessage), ...waiting.map(fromItem)];
  const rows: Row[] = [];
  bubbles.forEach((bubble, i) => {
    const before = bubbles[i - 1];
    const after = bubbles[i + 1];
    const isNewDay = !before || dayKey(before.at) !== dayKey(bubble.at);
    if (isNewDay) rows.push({ key: `day ${dayKey(bubble.at)}`, day: bubble.at });
    rows.push({ ...bubble, isFirst: isNewDay || !isTogether(before, bubble), isLast: !after || !isTogether(bubble, after) });
  });
  return rows;
}

type Loose = Omit<Bubble, "isFirst" | "isLast">;

function fromMessage(message: Message): Loose {
  return {
    // The same key as the words had in the outbox: the bubble stays, only its state changes.
    key: message.client_id || message.id,
    isMine: message.author.kind === "visitor",
    author: message.author.kind === "visitor" ? "" : message.author.name,
    isSystem: message.author.kind === "system",
    body: message.body,
    at: message.created_at,
    state: message.delivery,
    files: message.files,
    attached: [],
    failure: null,
  };
}

function fromItem({ client_id: key, payload, created_at: at, state, failure }: OutboxItem<Words>): Loose {
  return { key, isMine: true, author: "", isSystem: false, body: payload.body, at, state, files: [], attached: filesOf(payload), failure };
}

function isTogether(a: Loose, b: Loose): boolean {
  const isSame = a.isMine === b.isMine && a.author === b.author && a.isSystem === b.isSystem;
  return isSame && dayKey(a.at) === dayKey(b.at) && Date.parse(b.at) - Date.parse(a.at) < GROUP_MS;
}

function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}
