/**
 * The JSON that crosses the network, as both browsers' clients see it.
 *
 * Written by hand until the generated `types.gen.ts` exists; then this file re-exports it
 * and keeps only what no schema can say. Ids, cursors and positions are opaque strings:
 * nobody here takes one apart.
 */

export type Position = string;

export type TenantStatus = "active" | "suspended";
export type Role = "owner" | "admin" | "supervisor" | "agent" | "viewer";
export type ConversationStatus = "open" | "pending" | "snoozed" | "resolved" | "archived";
export type Delivery = "sent" | "delivered" | "read";
export type Side = "visitor" | "agent";
export type AuthorKind = "visitor" | "agent" | "bot" | "system";
export type Visibility = "public" | "note";
export type Source = "website" | "whatsapp" | "internal";
export type Display = "floating" | "embedded" | "popup";
export type Theme = "auto" | "light" | "dark";

export interface Tenant {
  id: string;
  name: string;
  status: TenantStatus;
  created_at: string;
}

export interface Agent {
  id: string;
  name: string;
  email: string;
  role: Role;
  second_factor: boolean;
  created_at: string;
  last_seen_at: string | null;
}

export interface Session {
  id: string;
  current: boolean;
  device: string;
  ip: string | null;
  created_at: string;
  last_seen_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  name: string | null;
  role: Role;
  state: "pending" | "accepted" | "expired" | "revoked";
  expires_at: string;
  created_at: string;
}

export interface LoggedIn {
  access_token: string;
  expires_in: number;
  agent: Agent;
  tenant: Tenant;
}

export interface Me {
  agent: Agent;
  tenant: Tenant;
  session_id: string;
}

export interface AssignableAgent {
  id: string;
  name: string;
  presence: "online" | "away" | "offline";
  open_conversations: number;
}

export interface WidgetSettings {
  color: string;
  position: "right" | "left";
  offset_x: number;
  offset_y: number;
  title: string;
  tagline: string;
  greeting: string;
  launcher_label: string;
  theme: Theme;
  ask_contact: boolean;
  locale: string;
}

export interface Widget {
  id: string;
  name: string;
  display: Display;
  active: boolean;
  settings: WidgetSettings;
  version: number;
  created_at: string;
  updated_at: string;
}

export type DomainScope = "host" | "subtree" | "test";
export type DomainState =
  | "pending"
  | "verified"
  | "grace"
  | "suspended"
  | "revoked"
  | "expired"
  | "blocked";

export interface Domain {
  id: string;
  widget_id: string;
  host: string;
  host_unicode: string;
  scope: DomainScope;
  method: "dns" | "http";
  state: DomainState;
  instructions: {
    dns: { name: string; type: "TXT"; value: string } | null;
    http: { url: string; content: string } | null;
  };
  problem: { code: string; text: string } | null;
  checked_at: string | null;
  next_check_at: string | null;
  verified_at: string | null;
  expires_at: string | null;
  created_at: string;
}

export interface Blocked {
  origin: string;
  count: number;
  first_at: string;
  last_at: string;
}

export interface Installation {
  origin: string;
  first_seen_at: string;
  last_seen_at: string;
  loads: number;
}

export interface Author {
  kind: AuthorKind;
  id: string | null;
  name: string;
}

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  client_id: string;
  author: Author;
  body: string;
  visibility: Visibility;
  delivery: Delivery;
  reply_to: string | null;
  created_at: string;
}

export interface Page {
  url: string;
  title: string;
}

export type Attributes = Record<string, string | number | boolean | null>;

export interface Contact {
  id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  verified: boolean;
  attributes: Attributes;
  page: Page | null;
  locale: string | null;
  created_at: string;
  last_seen_at: string;
}

/** What the visitor is looking at: a product, an order, an article. */
export interface Context {
  title: string;
  image: string | null;
  price: string | null;
  url: string | null;
}

/** How far each side has got in one conversation. Never moves backwards; read implies delivered. */
export interface Receipts {
  visitor_delivered_seq: number;
  visitor_read_seq: number;
  agent_delivered_seq: number;
  agent_read_seq: number;
}

export interface Conversation {
  id: string;
  source: Source;
  status: ConversationStatus;
  widget: { id: string; name: string } | null;
  contact: Contact;
  assignee: { id: string; name: string } | null;
  preview: string;
  last_author: AuthorKind;
  unread: number;
  last_seq: number;
  last_message_at: string;
  context: Context | null;
  receipts: Receipts;
  created_at: string;
  updated_at: string;
}

export interface VisitorConversation {
  id: string;
  status: ConversationStatus;
  assignee: { name: string } | null;
  unread: number;
  last_seq: number;
  receipts: Receipts;
  context: Context | null;
  created_at: string;
  updated_at: string;
}

export interface Visitor {
  id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  known: boolean;
  verified: boolean;
}

export interface List<T> {
  items: T[];
  next_cursor: string | null;
}

export interface ConversationList extends List<Conversation> {
  position: Position;
}

export interface MessagePage {
  items: Message[];
  has_more: boolean;
  position: Position;
}

export interface Posted {
  message: Message;
  position: Position;
}

export interface Unread {
  total: number;
  mine: number;
  unassigned: number;
}

/** What the host page's loader learns when its origin is accepted. */
export interface Bootstrapped {
  ticket: string;
  frame_url: string;
  config: WidgetConfig;
}

export interface WidgetConfig {
  widget: string;
  display: Display;
  settings: WidgetSettings;
  online: boolean;
}

export interface VisitorSession {
  access_token: string;
  expires_in: number;
  visitor: Visitor;
  conversation: VisitorConversation | null;
  position: Position;
}

export interface Renewed {
  access_token: string;
  expires_in: number;
}

export interface Opened extends Posted {
  conversation: VisitorConversation;
  handle: string;
}

// Live connection -----------------------------------------------------------------------

interface Positioned {
  position: Position;
  at: string;
}

export type LiveEvent = Positioned &
  (
    | { type: "message_posted"; conversation_id: string; seq: number; message: Message }
    | { type: "conversation_opened"; conversation: Conversation }
    | {
        type: "conversation_status_changed";
        conversation_id: string;
        status: ConversationStatus;
        by: Author;
      }
    | {
        type: "conversation_assigned";
        conversation_id: string;
        assignee: { id: string; name: string } | null;
        by: Author;
      }
    | {
        type: "receipt_moved";
        conversation_id: string;
        side: Side;
        state: "delivered" | "read";
        seq: number;
        unread: number;
      }
    | { type: "contact_changed"; contact: Contact }
    | { type: "conversation_context_changed"; conversation_id: string; context: Context | null }
    | { type: "agent_joined" | "agent_changed" | "agent_removed"; agent: Agent }
    | { type: "widget_changed"; widget: Widget }
    | { type: "domain_changed"; domain: Domain }
    | { type: "tenant_changed"; tenant: Tenant }
    | { type: "session_ended"; session_id: string }
    | { type: "tenant_suspended" | "tenant_resumed" }
    | { type: "origin_revoked"; widget_id: string; origin: string }
  );

/** Signals have no position: a lost one is never missed, the next one repairs it. */
export type LiveSignal =
  | { type: "typing"; conversation_id: string; author: Author; on: boolean }
  | { type: "viewing"; conversation_id: string; agents: { id: string; name: string }[] }
  | PresenceSignal;

export interface PresenceSignal {
  type: "presence";
  /** Agents get the full list of their team. */
  agents?: { id: string; state: "online" | "away" | "offline" }[];
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
  | { type: "seen"; conversation_id: string; seq: number; state: "delivered" | "read" }
  | { type: "token"; token: string }
  | { type: "pong" };

export interface Polled {
  events: LiveEvent[];
  position: Position;
  resumed: boolean;
}
