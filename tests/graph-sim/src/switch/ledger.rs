//! The ledger of assumptions, printed when the program starts.

use serde_json::{Value, json};

use super::Switches;

/// One open question.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The switch.
    pub switch: &'static str,
    /// What it may be set to; empty: any number.
    pub readings: &'static [&'static str],
    /// What is disputed.
    pub topic: &'static str,
}

const fn row(switch: &'static str, readings: &'static [&'static str], topic: &'static str) -> Reading {
    Reading { switch, readings, topic }
}

const YES_NO: &[&str] = &["true", "false"];

/// All switches.
pub const LEDGER: [Reading; 32] = [
    row("wire", &["meta", "escaped", "utf8", "pretty"], "bytes of a push: escaped ASCII as captured, or another form"),
    row("key_order", &["shuffled", "stable"], "order of keys in a push: not promised"),
    row("retry_horizon", &["7d", "36h"], "how long a push is retried: WhatsApp page against the Graph page"),
    row("retry_rebatch", YES_NO, "whether a retry comes in other company"),
    row("retry_all_apps", YES_NO, "whether a retry goes to apps that had answered 200"),
    row("webhook_timeout_ms", &[], "how long an answer may take: unpublished"),
    row("parallel", &[], "pushes at the same time"),
    row("batch_ms", &[], "how long a batch waits for company"),
    row("batch_items", &[], "most updates in a push, at most 1000"),
    row("mix", YES_NO, "whether messages and statuses share one value"),
    row("hidden_phone", &["omitted", "empty", "bsuid"], "what stands where a hidden phone would stand"),
    row("reaction_removal", &["omitted", "empty"], "how a reaction is taken back"),
    row(
        "rotation_link",
        &["previous_user_id", "user_id_update"],
        "how an old business-scoped id is linked to its new one",
    ),
    row("bsuid_target", &["recipient", "to"], "where a business-scoped id may be sent to"),
    row("window_verdict", &["async", "sync"], "whether 131047 comes as an answer or as a failed status"),
    row("reaction_opens_window", YES_NO, "whether a reaction opens the 24 hours"),
    row("http_status", &["table", "random"], "HTTP status by error code: column removed from the documents"),
    row("template_language", &["dash", "underscore"], "en-US or en_US in template pushes"),
    row("webhook_sha256", &["base64", "hex"], "hash notation in pushes"),
    row("media_sha256", &["hex", "base64"], "hash notation in GET /{media}"),
    row("file_size", &["number", "string"], "type of file_size in GET /{media}"),
    row("media_url", YES_NO, "whether a push already carries the address of a file"),
    row("display_number", &["digits", "formatted"], "display_phone_number: digits or with + and dashes"),
    row("failed_after", &["nothing", "sent", "delivered"], "what precedes a failed status"),
    row(
        "failed_contacts",
        &["absent", "present"],
        "whether a failed status brings the card: the page says no, a client library insists on it",
    ),
    row("verification_code", &["2200", "100"], "code when a callback does not answer its challenge"),
    row("username_at", YES_NO, "whether a username comes with its @"),
    row("context_from", &["display", "phone_number_id"], "what context.from holds for our own messages"),
    row("link_fetch", YES_NO, "whether linked files are really fetched"),
    row("delivered_skip", &[], "chance that an open chat answers read without delivered"),
    row("calls_an_hour", &[], "API calls an hour for an app and account"),
    row("pair_limit", YES_NO, "whether the pair limiter works: 6 s, burst 45"),
];

/// The ledger with how it stands.
pub fn ledger(switches: &Switches) -> Vec<Value> {
    let now = serde_json::to_value(switches).unwrap_or_default();
    let usual = serde_json::to_value(Switches::default()).unwrap_or_default();
    let row = |r: &Reading| json!({"switch": r.switch, "now": now[r.switch], "usual": usual[r.switch], "readings": r.readings, "topic": r.topic});
    LEDGER.iter().map(row).collect()
}
