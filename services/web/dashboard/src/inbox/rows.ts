/** From data to the rows a list or a thread shows. Pure. */
import { rowsOf, type Conversation, type InboxState, type Message } from "wire";
import { dayKey } from "ui";
import type { Filter } from "../router.ts";
import type { ListState, Waiting } from "./state.ts";

export function listRows(inbox: InboxState, list: ListState | undefined, filter: Filter, me: string): Conversation[] {
  const source = filter.source === "all" ? {} : { source: filter.source };
  const rows = rowsOf(inbox, { view: filter.view, status: filter.status, sort: filter.sort, me, ...source });
  const wanted = filter.assignee ? rows.filter((row) => row.assignee?.id === filter.assignee) : rows;
  return list?.cursor && list.edge ? wanted.filter((row) => isWithin(row, list.edge!, filter.sort)) : wanted;
}

/** A conversation known from elsewhere must not appear below the last loaded page: what lies between is unknown. */
function isWithin(row: Conversation, edge: { at: string; id: string }, sort: Filter["sort"]): boolean {
  const order = row.last_message_at === edge.at ? compare(row.id, edge.id) : compare(row.last_message_at, edge.at);
  return sort === "newest" ? order >= 0 : order <= 0;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export type ThreadRow =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; message: Message }
  | { kind: "message"; key: string; message: Message; starts: boolean; ends: boolean }
  | { kind: "waiting"; key: string; item: Waiting; starts: boolean; ends: boolean };

const TOGETHER_MS = 5 * 60_000;

/** A sent message and its bubble in the outbox share the key, so the one becomes the other without a jump. */
export function threadRows(messages: readonly Message[], waiting: readonly Waiting[], unreadFrom: number | null): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let before: Message | null = null;
  for (const message of messages) {
    const newDay = !before || dayKey(before.created_at) !== dayKey(message.created_at);
    if (newDay) rows.push({ kind: "day", key: `day ${dayKey(message.created_at)}`, at: message.created_at });
    if (message.seq === unreadFrom) rows.push({ kind: "unread", key: "unread" });
    const starts = newDay || message.seq === unreadFrom || !before || !belongs(before, message);
    if (starts) closeGroup(rows);
    if (message.author.kind === "system") rows.push({ kind: "system", key: message.id, message });
    else rows.push({ kind: "message", key: message.client_id || message.id, message, starts, ends: false });
    before = message;
  }
  closeGroup(rows);
  const known = new Set(messages.map((message) => message.client_id));
  const owed = waiting.filter((item) => !known.has(item.client_id));
  owed.forEach((item, index) => {
    rows.push({ kind: "waiting", key: item.client_id, item, starts: index === 0, ends: index === owed.length - 1 });
  });
  return rows;
}

/** Where the message with this number stands, or -1. */
export const rowOf = (rows: readonly ThreadRow[], seq: number): number =>
  rows.findIndex((row) => (row.kind === "message" || row.kind === "system") && row.message.seq === seq);

function belongs(before: Message, message: Message): boolean {
  const sameAuthor = before.author.kind === message.author.kind && before.author.id === message.author.id;
  const close = Date.parse(message.created_at) - Date.parse(before.created_at) < TOGETHER_MS;
  return sameAuthor && close && before.visibility === message.visibility;
}

function closeGroup(rows: ThreadRow[]) {
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index];
    if (row?.kind === "system") return;
    if (row?.kind !== "message") continue;
    row.ends = true;
    return;
  }
}

/** The conversation after (or before) this one in the list, for J and K and "resolve and next". */
export function neighbour(rows: readonly Conversation[], id: string | null, step: 1 | -1): string | null {
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) return rows[0]?.id ?? null;
  return rows[at + step]?.id ?? null;
}
