/**
 * A WhatsApp inbox as the server would answer it, recorded: every kind of content and every state in one conversation, a
 * second one whose window is shut, a group, and a talk from a web page. Answers come from here instead of the network, so
 * that screens can be looked at in states that are hard to bring about.
 */

import { picture } from "./samples.mjs";

const NOW = Date.now();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (ago) => new Date(NOW - ago).toISOString();

const CHANNEL = { id: "wan_shop", name: "Lumen & Oak", address: "+44 20 7946 0018" };
const MAYA = contact("con_maya", "Maya Fernandes", "+351 912 345 678");
const JONAS = contact("con_jonas", "Jonas Weber", "+49 170 1234567");
const KLUB = contact("con_klub", "Lamp lovers", null);
const WEI = contact("con_wei", "Wei Chen", null);

function contact(id, name, phone) {
  return { id, name, email: null, phone, verified: false, attributes: {}, page: null, locale: null, created_at: at(90 * 24 * HOUR), last_seen_at: at(9 * MINUTE) };
}

const NOTHING = { content: null, delivery: null, failure: null, reactions: [], edited_at: null, revoked_at: null, forwarded: null, referral: null, quotes_unknown: false, phone_app: false, sent_at: null, history: false };

function talk(id, person, more) {
  return {
    id, source: "whatsapp", status: "open", widget: null, channel: CHANNEL, group: null, contact: person, assignee: null, preview: "", last_author: "visitor",
    unread: 0, last_seq: 0, last_message_at: at(HOUR), context: null, receipts: { visitor_delivered_seq: 0, visitor_read_seq: 0, agent_delivered_seq: 0, agent_read_seq: 0 },
    window: { last_inbound_at: at(2.6 * HOUR), open_until: at(-21.4 * HOUR), free_until: null, refused_at: null }, created_at: at(48 * HOUR), updated_at: at(HOUR), ...more,
  };
}

function file(id, name, kind, media_type, more = {}) {
  return { id, name, kind, media_type, bytes: 184_320, width: null, height: null, state: "ready", reason: null, scan: "clean", findings: [], created_at: at(HOUR), ...more };
}

/** Numbers, authors and times are given to the messages in order. */
function thread(conversation, person, lines) {
  let ago = 47 * HOUR;
  return lines.map(({ from = "them", extra, body = "", files = [], gap = 7 * MINUTE, ...more }, index) => {
    ago -= gap;
    const seq = index + 1;
    const author = from === "them" ? { kind: "visitor", id: person.id, name: person.name } : from === "system" ? { kind: "system", id: null, name: "" } : { kind: "agent", id: "agt_other", name: "Priya Nair" };
    const whole = { ...NOTHING, ...(from === "us" && more.visibility !== "note" && { delivery: "read" }), ...extra };
    return { id: `msg_${conversation}_${seq}`, conversation_id: conversation, seq, client_id: `c-${conversation}-${seq}`, author, body, files, visibility: "public", delivery: whole.delivery ?? "sent", reply_to: null, extra: whole, created_at: at(ago), ...more };
  });
}

const failure = (code, text, next, unknown = false) => ({ delivery: "failed", failure: { code, text, next, unknown } });
const media = (kind, state, more = {}) => ({ content: { type: "media", kind, state, name: null, reason: null, ...more } });

const MESSAGES = thread("cnv_maya", MAYA, [
  { body: "Hi, do you still make the harbour lamp?", extra: { history: true, sent_at: at(60 * 24 * HOUR) } },
  { from: "us", body: "We do, from spring on.", extra: { history: true, phone_app: true, sent_at: at(60 * 24 * HOUR - HOUR) } },
  { body: "Hello! I saw this and would like two.", gap: 8 * HOUR, extra: { referral: { url: "https://social.example/ads/77", kind: "ad", headline: "Oak lamps, made to order", body: "Turned by hand in Leith. Delivered in three weeks." } } },
  { from: "us", body: "Welcome! How can we help?", extra: { content: { type: "buttons", buttons: [{ id: "1", title: "Order a lamp", description: null }, { id: "2", title: "Where is my order", description: null }, { id: "3", title: "Talk to somebody", description: null }] } } },
  { body: "Order a lamp", reply_to: "msg_cnv_maya_4", extra: { content: { type: "choice", title: "Order a lamp", description: null } } },
  { from: "us", body: "Which wood?", extra: { content: { type: "list", button: "See woods", rows: [{ id: "1", title: "Oak", description: "Light, oiled" }, { id: "2", title: "Walnut", description: "Dark, waxed" }] }, reactions: [{ side: "visitor", emoji: "👍" }] } },
  { extra: { content: { type: "choice", title: "Walnut", description: "Dark, waxed" } }, reply_to: "msg_cnv_maya_6" },
  { extra: media("image", "there"), body: "It should stand *here*, beside the _window_", files: [file("fil_room", "IMG-20261120-WA0003.jpg", "image", "image/jpeg", { width: 1200, height: 900 })] },
  { extra: { ...media("image", "coming") }, gap: 20_000 },
  { extra: media("document", "missing", { name: "floor plan.dwg", reason: "refused" }), gap: 30_000 },
  { extra: media("video", "missing", { reason: "unreachable" }), gap: 30_000 },
  { extra: { ...media("voice", "there"), reactions: [{ side: "agent", emoji: "🙏" }, { side: "visitor", emoji: "😂" }] }, files: [file("fil_voice", "voice.ogg", "audio", "audio/ogg", { bytes: 41_000 })] },
  { extra: media("sticker", "there"), files: [file("fil_sticker", "sticker.webp", "image", "image/webp", { width: 512, height: 512 })] },
  { extra: { content: { type: "location", latitude: 38.711_046, longitude: -9.139_126, name: "Café A Brasileira", address: "Rua Garrett 120, Lisboa" } } },
  { extra: { content: { type: "contacts", cards: [{ name: "Rui Duarte", phones: ["+351 21 346 9541"], emails: ["rui@carpenter.example"], organisation: "Duarte Carpenters" }] } } },
  { extra: { content: { type: "form", name: "Delivery", answers: [{ label: "Day", value: "Friday 27 November" }, { label: "Floor", value: "3, no lift" }, { label: "Assemble", value: "Yes" }] } } },
  { extra: { content: { type: "order", items: [{ product: "HARBOUR-WALNUT", quantity: 2, price: "189.00", currency: "EUR" }, { product: "CABLE-3M", quantity: 2, price: "12.50", currency: "EUR" }] } }, body: "As discussed" },
  { extra: { content: { type: "unsupported", what: "poll_creation" } } },
  { from: "system", extra: { content: { type: "system", what: "changed_number" } } },
  { extra: { revoked_at: at(5 * HOUR) } },
  { body: "Sorry, I meant the *taller* one", extra: { edited_at: at(4 * HOUR), forwarded: null } },
  { body: "Tips for cleaning oiled wood: https://wood.example/care", extra: { forwarded: "often" } },
  { body: "And what about this?", extra: { quotes_unknown: true, sent_at: at(42 * HOUR) } },
  { from: "us", visibility: "note", body: "She ordered in 2024 as well, ask Jonas." },
  { from: "us", body: "Your order *W-1042* has been packed. It leaves tomorrow.\n\nLumen & Oak", gap: HOUR, extra: { content: { type: "template", name: "order_packed", language: "en_GB", buttons: ["Track my order", "Stop"] }, delivery: "delivered" } },
  { from: "us", body: "All about caring for walnut is here.", extra: { content: { type: "link", label: "Care guide", url: "https://shop.example/care" }, delivery: "sent" } },
  { from: "us", body: "We are at the corner.", extra: { content: { type: "location", latitude: 55.977_2, longitude: -3.169_1, name: "Lumen & Oak", address: "12 Shore, Leith" }, delivery: "read" } },
  { from: "us", body: "Shall I call you this afternoon?", extra: failure(131026, "They cannot be reached on WhatsApp with this number.", "Ask for another number, or write by e-mail.") },
  { from: "us", body: "I have put the second one aside.", extra: failure(null, "The connection broke while WhatsApp was taking it.", "Look whether they answer before you send it again.", true) },
  { body: "Perfect, thank you! ~189~ 179 with the code `WELCOME10` then?", gap: HOUR },
  { from: "us", body: "Exactly.", reply_to: "msg_cnv_maya_30", extra: { delivery: "queued" }, gap: MINUTE },
]);

const GROUP = thread("cnv_klub", KLUB, [{ body: "Who has the walnut one?" }, { body: "Me, since May" }, { body: "Is it bright enough to read?", gap: 9 * MINUTE }]).map((message, index) => ({
  ...message,
  author: { kind: "visitor", id: `con_${index % 2}`, name: ["Ana Sousa", "Tom Ellis"][index % 2] },
}));

const SHUT = thread("cnv_jonas", JONAS, [{ body: "When do you open on Saturday?", gap: 10 * HOUR }, { from: "us", body: "At ten, as always.", extra: { delivery: "read" } }]);

const WEB = thread("cnv_wei", WEI, [{ body: "Is the shade removable?" }]).map((message) => ({ ...message, extra: null }));

export const TALKS = {
  cnv_maya: { conversation: ended(talk("cnv_maya", MAYA, { preview: "Exactly.", last_author: "agent", assignee: { id: "agt_other", name: "Priya Nair" }, last_message_at: at(10 * MINUTE) }), MESSAGES), messages: MESSAGES },
  cnv_klub: { conversation: ended(talk("cnv_klub", KLUB, { group: "Y2Fwa", preview: "Is it bright enough to read?", unread: 2, last_message_at: at(30 * MINUTE) }), GROUP), messages: GROUP },
  cnv_wei: { conversation: ended(talk("cnv_wei", WEI, { source: "website", channel: null, window: null, widget: { id: "wgt_1", name: "Shop pages" }, preview: "Is the shade removable?", last_message_at: at(50 * MINUTE) }), WEB), messages: WEB },
  cnv_jonas: {
    conversation: ended(talk("cnv_jonas", JONAS, { preview: "At ten, as always.", last_author: "agent", last_message_at: at(36 * HOUR), window: { last_inbound_at: at(37 * HOUR), open_until: at(13 * HOUR), free_until: null, refused_at: null } }), SHUT),
    messages: SHUT,
  },
};

function ended(conversation, messages) {
  const seq = messages.length;
  return { ...conversation, last_seq: seq, receipts: { visitor_delivered_seq: seq, visitor_read_seq: seq, agent_delivered_seq: seq, agent_read_seq: seq - conversation.unread } };
}

const template = (n, name, category, language, components, more = {}) => ({ id: `wtp_${n}`, account_id: "wac_1", name, language, category, status: "APPROVED", quality: "GREEN", reason: null, named: true, variables: [], components, updated_at: at(HOUR), ...more });

export const TEMPLATES = [
  template(1, "order_update", "UTILITY", "en_GB", [
    { type: "HEADER", format: "TEXT", text: "Your order {{order}}", example: { header_text_named_params: [{ param_name: "order", example: "W-1042" }] } },
    { type: "BODY", text: "Hello {{first_name}}, your order leaves *{{day}}*. You can follow it on its way.", example: { body_text_named_params: [{ param_name: "first_name", example: "Ann" }, { param_name: "day", example: "tomorrow" }] } },
    { type: "FOOTER", text: "Lumen & Oak, Leith" },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "Track my order", url: "https://shop.example/t/{{1}}" }, { type: "QUICK_REPLY", text: "Talk to somebody" }] },
  ]),
  template(2, "welcome_back", "MARKETING", "en_GB", [
    { type: "HEADER", format: "IMAGE", example: { header_handle: ["x"] } },
    { type: "BODY", text: "Good to see you again, {{1}}! Walnut lamps are back until {{2}}, and your ten per cent still wait.", example: { body_text: [["Ann", "Sunday"]] } },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "See the lamps", url: "https://shop.example/walnut" }, { type: "QUICK_REPLY", text: "Stop offers" }] },
  ], { named: false, quality: "YELLOW" }),
  template(3, "hello_world", "UTILITY", "en_US", [{ type: "BODY", text: "Hello! This is Lumen & Oak. Somebody of us will answer you here." }], { named: false, quality: null }),
  template(4, "bestellung_unterwegs", "UTILITY", "de", [{ type: "BODY", text: "Hallo {{1}}, Ihre Bestellung ist unterwegs und kommt am {{2}} an.", example: { body_text: [["Ann", "Freitag"]] } }], { named: false }),
  template(5, "appointment_reminder", "UTILITY", "en_GB", [{ type: "BODY", text: "Hello {{name}}, we look forward to your visit on {{day}} at {{time}}. Does that still suit you?" }, { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Yes" }, { type: "QUICK_REPLY", text: "Another time" }] }]),
];

const NUMBER = { id: CHANNEL.id, account_id: "wac_1", phone_number_id: "106540352242922", display: CHANNEL.address, verified_name: CHANNEL.name, quality: "GREEN", tier: "TIER_2K", per_second: 80, name_status: "APPROVED", state: "CONNECTED", coexistence: true, settings: { read_receipts: true, typing: true, nudge_minutes: null }, halted_at: null, halted_reason: null };

const bodyOf = (request) => (request.headers()["content-type"]?.includes("json") ? request.postDataJSON() : null);

/** A mono tone of a few seconds: what a voice note sounds like to a test. */
function tone(seconds = 7) {
  const rate = 8_000;
  const samples = Buffer.alloc(rate * seconds, 128);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  for (const [offset, value] of [[16, 16], [24, rate], [28, rate], [40, samples.length]]) head.writeUInt32LE(value, offset);
  for (const [offset, value] of [[20, 1], [22, 1], [32, 1], [34, 8]]) head.writeUInt16LE(value, offset);
  head.write("data", 36);
  return Buffer.concat([head, samples]);
}

const BYTES = {
  fil_room: ["image/png", () => picture("room.png", 600, 450, [120, 92, 70]).buffer],
  fil_sticker: ["image/png", () => picture("sticker.png", 256, 256, [245, 181, 69]).buffer],
  fil_voice: ["audio/wav", () => tone()],
};

const ME = { id: "agt_me", name: "Ada Owner", email: "ada@lumen.example", role: "owner", second_factor: false, created_at: at(HOUR), last_seen_at: null };

/**
 * Answers this page's requests from the recording. `asked` fills with what it sent; `refuse` maps "METHOD /path" to a
 * problem; `hear(event)` says something on the live connection. With `signedIn` there is no server at all.
 */
export async function plays(page, { signedIn = false, talks = structuredClone(TALKS) } = {}) {
  const asked = [];
  const refuse = new Map();
  const sockets = [];
  let count = 0;
  const json = (route, body, status = 200) => route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) });

  function posted(id, { client_id, body = "", content = null, reply_to = null, visibility = "public" }) {
    const { messages } = talks[id];
    const seq = messages.length + 1;
    const extra = visibility === "note" ? NOTHING : { ...NOTHING, delivery: "queued", content };
    const message = { id: `msg_new_${++count}`, conversation_id: id, seq, client_id, author: { kind: "agent", id: ME.id, name: ME.name }, body, files: [], visibility, delivery: extra.delivery ?? "sent", reply_to, extra, created_at: new Date().toISOString() };
    messages.push(message);
    return { message, position: `p${count}` };
  }

  function answer(method, path, query, body) {
    const [, id, rest = ""] = /^\/v1\/conversations\/(cnv_\w+)(\/.*)?$/.exec(path) ?? [];
    if (path === "/v1/sessions/refresh") return { access_token: "t", expires_in: 3600, agent: ME, tenant: { id: "ten_1", name: "Lumen & Oak", status: "active", created_at: at(HOUR) } };
    if (path === "/v1/conversations") {
      const source = query.get("source");
      return { items: Object.values(talks).map((one) => one.conversation).filter((one) => !source || one.source === source), next_cursor: null, position: "p0" };
    }
    if (path === "/v1/whatsapp/conversations") return { conversation: talks.cnv_jonas.conversation, message: talks.cnv_jonas.messages[0] };
    if (id && rest === "") return { conversation: talks[id].conversation, position: "p0" };
    if (id && rest === "/messages" && method === "GET") return { items: talks[id].messages, has_more: false, position: "p0" };
    if (id && rest === "/messages") return posted(id, body);
    if (id && rest === "/template") {
      const found = TEMPLATES.find((one) => one.id === body.template_id);
      return posted(id, { ...body, body: found.name, content: { type: "template", name: found.name, language: found.language, buttons: [] } });
    }
    if (id && rest === "/hold") return { hold: null };
    if (id && rest === "/files") return { items: [], next_cursor: null };
    if (path === "/v1/whatsapp/templates") return { items: TEMPLATES.filter((one) => one.name.includes(query.get("q") ?? "") && (!query.get("language") || one.language === query.get("language"))), next_cursor: null };
    if (path === "/v1/whatsapp/numbers") return { items: [NUMBER], next_cursor: null };
    if (path === "/v1/unread") return { total: 2, mine: 0, unassigned: 2 };
    if (path === "/v1/agents/assignable") return { items: [{ id: ME.id, name: ME.name, presence: "online", open_conversations: 1 }], next_cursor: null };
    if (path === "/v1/file-rules") return { enabled: true, most: 10, max_bytes: 25 << 20, types: ["jpg", "jpeg", "png", "gif", "pdf", "docx", "mp4", "mp3", "ogg"] };
    if (path === "/v1/retention") return { website: null, whatsapp: null };
    if (path.endsWith("/merges") && method === "GET") return { items: path.includes("con_maya") ? [{ id: "mrg_1", kept_id: MAYA.id, gone_id: "con_old", gone_name: "maya f.", conversations: 1, by: { kind: "agent", id: ME.id, name: ME.name }, at: at(26 * HOUR), undone_at: null }] : [], next_cursor: null };
    if (path === "/v1/contacts") return { items: [JONAS, WEI], next_cursor: null };
    if (path.endsWith("/conversations")) return { items: [], next_cursor: null };
    if (path === "/v1/files") return { file: file("fil_new", "cat.gif", "image", "image/gif", { width: 9, height: 9 }) };
    if (path === "/v1/files/links") return { items: body.items.map(({ id, variant }) => ({ id, variant, url: `/f/${id}`, expires_at: at(-5 * MINUTE) })) };
    return {};
  }

  await page.route(/\/f\/fil_/, (route) => {
    const [type, bytes] = BYTES[/fil_\w+/.exec(route.request().url())[0]];
    return route.fulfill({ contentType: type, body: bytes() });
  });
  await page.route(/\/v1\//, async (route) => {
    const request = route.request();
    const { pathname, searchParams } = new URL(request.url());
    if (!signedIn && /^\/v1\/(sessions|me|tenant)/.test(pathname)) return route.continue();
    const method = request.method();
    const body = bodyOf(request);
    if (method !== "GET") asked.push({ method, path: pathname, body });
    const problem = refuse.get(`${method} ${pathname}`);
    if (problem) return json(route, problem, problem.status);
    return json(route, answer(method, pathname, searchParams, body));
  });
  await page.routeWebSocket(/\/v1\/live/, (socket) => {
    sockets.push(socket);
    socket.onMessage((text) => {
      if (JSON.parse(text).type === "hello") socket.send(JSON.stringify({ type: "welcome", position: "p0", resumed: true }));
    });
  });
  return {
    asked,
    refuse,
    talks,
    hear: (event) => sockets.forEach((socket) => socket.send(JSON.stringify({ position: `e${++count}`, at: new Date().toISOString(), ...event }))),
  };
}
