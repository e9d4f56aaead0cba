/**
 * What the loader (in a stranger's page) and the frame (ours) say to each other.
 *
 * Promises of the two readers: whatever arrives, they answer a fresh object that holds only
 * the fields named here, each of the right type and size, or null. They never look at a
 * property that is not the value's own, so a polluted prototype decides nothing. No address
 * of ours crosses the port: neither side can be told where to connect.
 */

import type { Attributes, Context, Display, Page, Theme, WidgetConfig, WidgetSettings } from "./types";

export const GREETING = "porchlight/1";

export interface Profile {
  name: string | null;
  email: string | null;
  phone: string | null;
  attributes: Attributes | null;
}

export type ToFrame =
  | { type: "init"; config: WidgetConfig; locale: string; theme: Theme | null; page: Page | null; open: boolean; full: boolean }
  /** `focus`: a person asked for it, so their next words go here. */
  | { type: "open"; focus: boolean }
  | { type: "closed" }
  | { type: "full"; full: boolean }
  | { type: "ticket"; ticket: string }
  | { type: "refused"; code: string }
  | { type: "page"; page: Page }
  | { type: "identify"; token: string }
  | { type: "set"; profile: Profile }
  | { type: "context"; context: Context | null }
  | { type: "locale"; locale: string }
  | { type: "theme"; theme: Theme };

export type ToLoader =
  | { type: "ready" }
  | { type: "ticket" }
  | { type: "close" }
  | { type: "unread"; count: number }
  /** Who wrote, never what: the page must not read the conversation. */
  | { type: "message"; author: string; conversation_id: string }
  | { type: "conversation"; id: string; status: string }
  | { type: "error"; code: string };

type Unknown = Record<string, unknown>;

const hasOwn = Object.prototype.hasOwnProperty;

function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && hasOwn.call(value, key) ? (value as Unknown)[key] : undefined;
}

function text(value: unknown, key: string, max: number): string | null {
  const found = own(value, key);
  return typeof found === "string" && found.length <= max ? found : null;
}

function whole(value: unknown, key: string, max: number): number | null {
  const found = own(value, key);
  return typeof found === "number" && Number.isInteger(found) && found >= 0 && found <= max ? found : null;
}

/** What the frame may ask of the page. */
export function readToLoader(data: unknown): ToLoader | null {
  const type = text(data, "type", 20);
  if (type === "ready" || type === "ticket" || type === "close") return { type };
  if (type === "unread") {
    const count = whole(data, "count", 1e6);
    return count === null ? null : { type, count };
  }
  if (type === "message") {
    const author = text(data, "author", 20);
    const conversation_id = text(data, "conversation_id", 64);
    return author && conversation_id ? { type, author, conversation_id } : null;
  }
  if (type === "conversation") {
    const id = text(data, "id", 64);
    const status = text(data, "status", 20);
    return id && status ? { type, id, status } : null;
  }
  if (type === "error") {
    const code = text(data, "code", 64);
    return code ? { type, code } : null;
  }
  return null;
}

/** What the page may tell the frame. */
export function readToFrame(data: unknown): ToFrame | null {
  const type = text(data, "type", 20);
  switch (type) {
    case "open":
      return { type, focus: own(data, "focus") === true };
    case "closed":
      return { type };
    case "init":
      return readInit(data);
    case "full":
      return { type, full: own(data, "full") === true };
    case "ticket": {
      const ticket = text(data, type, 512);
      return ticket ? { type, ticket } : null;
    }
    case "refused":
      return { type, code: text(data, "code", 64) ?? "unknown" };
    case "page": {
      const page = readPage(own(data, type));
      return page && { type, page };
    }
    case "identify": {
      const token = text(data, "token", 8192);
      return token ? { type, token } : null;
    }
    case "set":
      return { type, profile: readProfile(own(data, "profile")) };
    case "context":
      return { type, context: readContext(own(data, type)) };
    case "locale": {
      const locale = text(data, type, 35);
      return locale === null ? null : { type, locale };
    }
    case "theme": {
      const theme = readTheme(own(data, type));
      return theme && { type, theme };
    }
    default:
      return null;
  }
}

function readInit(data: unknown): ToFrame | null {
  const config = readConfig(own(data, "config"));
  if (!config) return null;
  return {
    type: "init",
    config,
    locale: text(data, "locale", 35) ?? "",
    theme: readTheme(own(data, "theme")),
    page: readPage(own(data, "page")),
    open: own(data, "open") === true,
    full: own(data, "full") === true,
  };
}

/** The settings as the server gave them, made whole: a missing or odd one takes its default. */
export function readConfig(value: unknown): WidgetConfig | null {
  const widget = text(value, "widget", 64);
  if (!widget || !/^wgt_[A-Za-z0-9]{1,60}$/.test(widget)) return null;
  return {
    widget,
    display: readDisplay(own(value, "display")),
    settings: readSettings(own(value, "settings")),
    online: own(value, "online") === true,
  };
}

function readDisplay(value: unknown): Display {
  return value === "embedded" || value === "popup" ? value : "floating";
}

function readSettings(value: unknown): WidgetSettings {
  const color = text(value, "color", 7) ?? "";
  return {
    color: /^#[0-9a-f]{6}$/i.test(color) ? color : "#2f5bea",
    position: own(value, "position") === "left" ? "left" : "right",
    offset_x: whole(value, "offset_x", 400) ?? 20,
    offset_y: whole(value, "offset_y", 400) ?? 20,
    title: text(value, "title", 200) ?? "",
    tagline: text(value, "tagline", 500) ?? "",
    greeting: text(value, "greeting", 2000) ?? "",
    launcher_label: text(value, "launcher_label", 100) ?? "",
    theme: readTheme(own(value, "theme")) ?? "auto",
    ask_contact: own(value, "ask_contact") === true,
    locale: text(value, "locale", 35) ?? "auto",
    // Only whether: how many, how large and which are said by the session, to the frame alone.
    files: { enabled: own(own(value, "files"), "enabled") !== false, most: null, max_bytes: null, types: null },
  };
}

function readTheme(value: unknown): Theme | null {
  return value === "auto" || value === "light" || value === "dark" ? value : null;
}

function readPage(value: unknown): Page | null {
  const url = text(value, "url", 2048);
  return url && /^https?:\/\//.test(url) ? { url, title: text(value, "title", 500) ?? "" } : null;
}

/** Cut to what the server takes: a page's odd product must never be why a visitor's words are refused. */
function readContext(value: unknown): Context | null {
  const title = text(value, "title", 10_000)?.trim().slice(0, 200);
  if (!title) return null;
  return {
    title,
    image: address(value, "image"),
    price: text(value, "price", 40),
    url: address(value, "url"),
  };
}

function address(value: unknown, key: string): string | null {
  const found = text(value, key, 2000);
  return found && /^https?:\/\/[^@\s]+$/i.test(found) ? found : null;
}

function readProfile(value: unknown): Profile {
  return {
    name: text(value, "name", 200),
    email: text(value, "email", 320),
    phone: text(value, "phone", 50),
    attributes: readAttributes(own(value, "attributes")),
  };
}

function readAttributes(value: unknown): Attributes | null {
  if (typeof value !== "object" || value === null) return null;
  const found: Attributes = Object.create(null) as Attributes;
  for (const key of Object.keys(value).slice(0, 50)) {
    const one = own(value, key);
    const isPlain = one === null || typeof one === "boolean" || typeof one === "string" || Number.isFinite(one);
    if (!isPlain || key.length > 64 || key === "__proto__" || key === "constructor" || key === "prototype") continue;
    found[key] = typeof one === "string" ? one.slice(0, 1000) : (one as Attributes[string]);
  }
  return found;
}
