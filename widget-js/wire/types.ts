/**
 * The JSON that crosses the network, as both browsers' clients see it.
 *
 * Derived from what the server says of itself: `types.gen.ts` from docs/openapi.json and
 * `events.gen.ts` from docs/events.schema.json, both written by `cargo xtask docs`. A member
 * renamed there no longer compiles here. By hand stands only what no schema says: the frames
 * of the live connection. Ids, cursors and positions are opaque strings: nobody here takes
 * one apart.
 */

import type { components as Events } from "./events.gen";
import type { components as Api } from "./types.gen";

type Wire = Api["schemas"];

/** A visitor's attributes are flat. */
type Plain = string | number | boolean | null;

/** The documents call optional whatever may be null; this server states every member. */
type Stated<T> = unknown extends T
  ? Plain
  : T extends readonly (infer One)[]
    ? Stated<One>[]
    : T extends object
      ? { [K in keyof T]-?: Stated<T[K]> }
      : T;

/** The same with one member of a narrower type than the schema has for it. */
type With<T, K extends keyof T, V> = Omit<T, K> & { [P in K]: V };

export type Position = Wire["Position"];

export type TenantStatus = Wire["TenantStatus"];
export type Role = Wire["Role"];
export type ConversationStatus = Wire["Status"];
export type Delivery = Wire["Delivery"];
export type Side = Events["schemas"]["Side"];
/** How far one side has come. */
export type Reach = Events["schemas"]["Reach"];
export type AuthorKind = Wire["AuthorKind"];
export type Visibility = Wire["Visibility"];
export type Source = Wire["Source"];
export type Display = Wire["Display"];
export type Theme = Wire["Theme"];

// The tenant and its people -------------------------------------------------------------

export type Tenant = Stated<Wire["Tenant"]>;
export type Agent = Stated<Wire["Agent"]>;
/** A log-in of an agent; the schema named `Session` is a visitor's. */
export type Session = Stated<Wire["Page_Session"]["items"][number]>;
export type Invitation = With<Stated<Wire["Invitation"]>, "state", "pending" | "accepted" | "expired" | "revoked">;
export type LoggedIn = Stated<Wire["LoggedIn"]>;
export type Me = Stated<Wire["Me"]>;
export type AssignableAgent = With<Stated<Wire["Assignable"]>, "presence", AgentPresence>;
export type AgentPresence = "online" | "away" | "offline";

// Widgets and domains -------------------------------------------------------------------

export type WidgetSettings = Stated<Wire["WidgetSettings"]>;
export type Widget = Stated<Wire["Widget"]>;
export type DomainScope = Wire["DomainScope"];
export type DomainState = Wire["DomainState"];
export type Domain = Stated<Wire["Domain"]>;
export type Blocked = Stated<Wire["Blocked"]>;
export type Installation = Stated<Wire["Installation"]>;

// Conversations -------------------------------------------------------------------------

export type Author = Stated<Wire["Author"]>;
/** What is neither words nor a file. */
export type Content = Stated<Wire["Content"]>;
export type MediaKind = Wire["MediaKind"];
/** What a channel adds to a message. */
export type Extra = Stated<Wire["Extra"]>;
export type Message = Stated<Wire["Message"]>;
export type Window = Stated<Wire["Window"]>;
export type Page = Stated<Wire["PageSeen"]>;
export type Attributes = Record<string, Plain>;
export type Contact = Stated<Wire["Contact"]>;
/** What the visitor is looking at: a product, an order, an article. */
export type Context = Stated<Wire["Context"]>;
/** How far each side has got in one conversation. Never moves backwards; read implies delivered. */
export type Receipts = Stated<Wire["Receipts"]>;
export type Conversation = Stated<Wire["Conversation"]>;
export type VisitorConversation = Stated<Wire["VisitorConversation"]>;
export type Visitor = Stated<Wire["Visitor"]>;

/** Every list is one of these pages. */
export type List<T> = With<Stated<Wire["Page_Agent"]>, "items", T[]>;
export type ConversationList = Stated<Wire["Conversations"]>;
export type MessagePage = Stated<Wire["Messages"]>;
export type Posted = Stated<Wire["Said"]>;
export type Unread = Stated<Wire["Unread"]>;

// Files ---------------------------------------------------------------------------------

/** An attachment, as everybody sees it; its bytes are had by links only. */
export type File = Stated<Wire["File"]>;
export type FileKind = Wire["FileKind"];
export type FileState = Wire["FileState"];

/** What a person may attach: endings of names are lower case, without the dot. */
export type FileRules = Stated<Wire["FileRules"]>;

/** Of a picture; everything else has only `full`. */
export type FileVariant = "full" | "large" | "small";

/** An address that gives the bytes to whoever has it, for a few minutes. */
export interface FileLink {
  id: string;
  variant: FileVariant;
  url: string;
  expires_at: string;
}

// Visitors ------------------------------------------------------------------------------

/** What the host page's loader learns when its origin is accepted. */
export type Bootstrapped = Stated<Wire["Bootstrapped"]>;
export type WidgetConfig = Stated<Wire["Config"]>;
export type VisitorSession = Stated<Wire["Session"]>;
export type Renewed = Stated<Wire["Renewed"]>;
export type Opened = Stated<Wire["Opened"]>;

// WhatsApp's settings -------------------------------------------------------------------

/** A Meta app that calls us; its secrets are written and never read. */
export type WhatsAppApp = Stated<Wire["WhatsAppApp"]>;
export type WhatsAppAccount = Stated<Wire["WhatsAppAccount"]>;
export type WhatsAppNumber = Stated<Wire["WhatsAppNumber"]>;
/** A line of the flight recorder. */
export type WhatsAppItem = Stated<Wire["WhatsAppItem"]>;
export type WhatsAppItemState = Wire["WhatsAppItemState"];
/** A line of the doctor's. */
export type WhatsAppCheck = Stated<Wire["WhatsAppCheck"]>;
/** A template in one language; its parts are Meta's own JSON. */
export type WhatsAppTemplate = With<Stated<Events["schemas"]["WhatsAppTemplate"]>, "components", Record<string, unknown>[]>;

// Live connection -----------------------------------------------------------------------

interface Positioned {
  position: Position;
  at: string;
}

export type LiveEvent = Positioned & Stated<Events["schemas"]["Event"]>;

/** Signals have no position: a lost one is never missed, the next one repairs it. */
export type LiveSignal =
  | { type: "typing"; conversation_id: string; author: Author; on: boolean }
  | { type: "viewing"; conversation_id: string; agents: Wire["AgentName"][] }
  | PresenceSignal;

export interface PresenceSignal {
  type: "presence";
  /** Agents get the full list of their team. */
  agents?: { id: string; state: AgentPresence }[];
  /** Agents get one visitor's state at a time. */
  conversation_id?: string;
  visitor?: "online" | "offline";
  /** Visitors learn only whether somebody is there. */
  online?: boolean;
}

export type LiveControl =
  | { type: "welcome"; position: Position; resumed: boolean }
  | { type: "ping"; position: Position }
  | { type: "reconnect"; after_ms: number };

export type ServerFrame = LiveEvent | LiveSignal | LiveControl;

export type ClientFrame =
  | { type: "hello"; token: string; after: Position | null }
  | { type: "typing"; conversation_id: string; on: boolean }
  | { type: "presence"; state: "online" | "away"; viewing: string | null }
  | { type: "seen"; conversation_id: string; seq: number; state: Reach }
  | { type: "token"; token: string }
  | { type: "pong" };

export type Polled = With<Stated<Wire["PollAnswer"]>, "events", LiveEvent[]>;
