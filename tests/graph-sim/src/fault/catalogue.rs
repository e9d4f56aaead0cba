//! All kinds of faults, by family.

use serde::Serialize;

/// Where a kind bites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// The API's answer.
    Api,
    /// Looking up a file's address.
    Lookup,
    /// Fetching a file.
    File,
    /// The states of a message.
    States,
    /// An update before it is put into an envelope.
    Update,
    /// Copies of a whole push.
    Copies,
    /// Bytes and signature of a push.
    Forge,
    /// Played at once.
    Scene,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Kind {
    /// `F6.code`
    pub name: &'static str,
    /// Where it bites.
    pub point: Point,
    /// What it does, with its arguments.
    pub what: &'static str,
}

const fn row(name: &'static str, point: Point, what: &'static str) -> Kind {
    Kind { name, point, what }
}

use Point::{Api, Copies, File, Forge, Lookup, Scene, States, Update};

/// The catalogue.
pub const KINDS: [Kind; 88] = [
    row("F1.serial", Copies, "the same POST n times, a second apart {n}"),
    row("F1.concurrent", Copies, "the same POST n times at once {n}"),
    row("F1.later", Copies, "the same POST again after {days: 3 | 6.9}"),
    row("F2.batch", Copies, "the same things again in a batch with another one"),
    row("F2.key_order", Copies, "the same document again with keys in another order"),
    row("F2.escaping", Copies, "the same document again in another escaping"),
    row("F3.order", States, "states in this order {order: [read, sent, delivered]}"),
    row("F3.repeat", States, "every state n times {n}"),
    row("F3.no_delivered", States, "read without delivered"),
    row("F3.read_first", States, "read before delivered and sent"),
    row("F3.no_sent", States, "sent never comes"),
    row("F3.no_read", States, "read never comes"),
    row("F4.status_first", Api, "statuses are pushed and answered before the send is"),
    row("F4.unknown_wamid", States, "besides, a status for a message nobody sent"),
    row("F4.lost_response", Api, "accepted, and the connection breaks before the answer"),
    row("F5.failed_after_sent", States, "failed after sent {code}"),
    row("F5.sent_after_failed", States, "a late sent after failed {code}"),
    row("F5.failed_after_delivered", States, "failed after delivered {code}"),
    row("F6.code", Api, "an error {code, details?, subcode?, status?}"),
    row("F6.empty_429", Api, "429 without a body"),
    row("F6.html", Api, "an HTML page {status: 500 | 502 | 503}"),
    row("F6.slow", Api, "the answer takes {ms: 30000} of real time"),
    row("F6.reset", Api, "the connection breaks, nothing was accepted"),
    row("F6.truncated", Api, "half of the answer's JSON, nothing was accepted"),
    row("F6.ok_with_error", Api, "200 with an error in it {code}"),
    row("F6.text_data", Api, "error_data as a string {code}"),
    row("F7.token_expired", Scene, "the tokens of {app} or {token} end now"),
    row("F7.permission_lost", Scene, "the tokens lose {scope} or reach no account"),
    row("F7.secret_rotated", Scene, "the secret of {app} becomes {secret}"),
    row("F8.gone", File, "404 although its time is not over"),
    row("F8.unauthorised", File, "401 although there is a bearer"),
    row("F8.forbidden", File, "403"),
    row("F8.slow", File, "the bytes take {ms} of real time"),
    row("F8.short", File, "the body breaks off half-way"),
    row("F8.other_bytes", File, "other bytes than the hash says"),
    row("F8.wrong_type", File, "another Content-Type {type}"),
    row("F8.empty", File, "no bytes"),
    row("F8.huge", File, "more than 100 MB are announced and begun {bytes}"),
    row("F8.redirect", File, "a redirect {to}"),
    row("F8.lookup_503", Lookup, "GET /{media} answers 503"),
    row("F8.id_expired", Lookup, "the id has expired"),
    row("F8.wrong_hash", Update, "the push names another hash"),
    row("F9.missing", Forge, "no signature"),
    row("F9.wrong_secret", Forge, "signed with another secret"),
    row("F9.sha1_only", Forge, "only the legacy header"),
    row("F9.uppercase", Forge, "hexadecimal in capitals"),
    row("F9.non_hex", Forge, "64 letters that are no hexadecimal"),
    row("F9.short", Forge, "a digit less"),
    row("F9.bytes", Forge, "bytes outside ASCII in the header"),
    row("F9.prefix", Forge, "without sha256="),
    row("F9.signed_escaped", Forge, "signed in escaped form, sent as UTF-8"),
    row("F9.altered", Forge, "one byte of the body changed after signing"),
    row("F9.garbage", Forge, "a right signature over what is no JSON"),
    row("F10.large", Scene, "one POST of {bytes: 2900000} or {items: 1000} messages"),
    row("F10.too_large", Scene, "one POST of 3.1 MB"),
    row("F11.poisoned", Scene, "a batch of {items: 100} with one that is no message"),
    row("F12.mixed", Scene, "one POST with a message for each of {numbers}"),
    row("F12.unknown_number", Scene, "a push for a number nobody knows"),
    row("F12.moved", Scene, "{number} moves to the account {waba}"),
    row("F13.no_contacts", Update, "without contacts"),
    row("F13.contacts_turned", Scene, "two messages in one value, their contacts the other way round"),
    row("F13.no_wa_id", Update, "wa_id and from left out"),
    row("F13.empty_wa_id", Update, "wa_id and from empty"),
    row("F13.bsuid_wa_id", Update, "the business-scoped id in wa_id and from"),
    row("F13.milliseconds", Update, "timestamps in milliseconds"),
    row("F13.integers", Update, "timestamps as numbers"),
    row("F13.unknown_type", Update, "a type nobody has heard of"),
    row("F13.unknown_field", Scene, "a field nobody has heard of"),
    row("F13.unknown_status", States, "besides, a state nobody has heard of"),
    row("F13.nulls", Scene, "null where lists are"),
    row("F13.id_missing", Update, "a message without an id"),
    row("F14.number_change", Scene, "{user} changes to {phone}, then writes from old and new ids"),
    row("F15.window_closed", States, "failed with 131047 although the window is open"),
    row("F15.window_sync", Api, "131047 at once although the window is open"),
    row("F15.skew", Update, "timestamps {seconds: 90} off"),
    row("F16.template", Scene, "{name} becomes {status: PAUSED}"),
    row("F16.category", Scene, "{name} changes its category to {category}"),
    row("F17.echo", Scene, "an echo of the last message sent through the API"),
    row("F17.echo_first", Api, "the echo of a message comes before its answer"),
    row("F18.flood", Scene, "history of {messages: 50000} in shuffled chunks"),
    row("F19.down", Scene, "{url} is down for {hours: 2}, retries as planned"),
    row("F19.storm", Scene, "the same, and then everything at once, newest first"),
    row("F20.restriction", Scene, "account_update ACCOUNT_RESTRICTION"),
    row("F20.ban", Scene, "account_update DISABLED_UPDATE"),
    row("F20.violation", Scene, "account_update ACCOUNT_VIOLATION"),
    row("F20.partner_removed", Scene, "account_update PARTNER_REMOVED"),
    row("F20.deleted", Scene, "account_update ACCOUNT_DELETED"),
    row("F20.reconnected", Scene, "account_update ACCOUNT_RECONNECTED"),
];

/// A kind by its name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
