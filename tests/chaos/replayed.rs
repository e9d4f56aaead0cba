//! State and the events after it are fresh state: asked of a sample after every run.
//!
//! Whoever stood at the beginning of the run, when the tenant had no conversation, is told everything that happened
//! since; reduced conversation by conversation it must be what loading anew shows. What was not told, told twice or
//! told in another order would show.

use std::collections::BTreeMap;

use harness::{PATIENCE, reduce};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::stage::Stage;

/// Conversations that are compared.
const SAMPLE: usize = 6;
/// Beyond this many events the server tells clients to load anew, so nothing can be replayed.
const MOST: i64 = 45_000;

/// Replays the run for a sample of these conversations.
pub async fn same_as_fresh(stage: &Stage, conversations: &[&str]) {
    let mut tab = stage.another_tab().await;
    let head = tab.http.get("/v1/conversations?status=all&limit=1").await.ok()["position"].clone();
    let head = head.as_str().expect("a position").to_owned();
    if number(&head) - number(&stage.beginning) > MOST {
        return println!("replay: skipped, {} events are more than a client may have missed", number(&head));
    }
    let sample: Vec<&str> = spread(conversations);
    let welcome = tab.listens(Some(&stage.beginning)).await;
    assert_eq!(welcome["resumed"], true, "{welcome}");
    let mut told: BTreeMap<&str, (Value, Value)> = sample.iter().map(|id| (*id, unknown(id))).collect();
    let (mut last, deadline) = (number(&stage.beginning), Instant::now() + PATIENCE * 6);
    while last < number(&head) {
        let frame = tab.live().frame(deadline).await;
        let frame = frame.unwrap_or_else(|| panic!("told up to {last} of {head}; closed: {:?}", tab.live().closed));
        let Some(n) = frame["position"].as_str().map(number) else { continue };
        assert!(n > last || !frame["at"].is_string(), "told of {n} after {last}");
        last = last.max(n);
        let whose = frame["conversation_id"].as_str().or(frame["conversation"]["id"].as_str());
        if let Some((thread, rows)) = whose.and_then(|id| told.get_mut(id)) {
            (*thread, *rows) = (reduce::thread(thread, &frame), reduce::agent_list(rows, &frame));
        }
    }
    for (id, (thread, rows)) in told {
        let shown = tab.http.get(&format!("/v1/conversations/{id}")).await.ok()["conversation"].clone();
        assert_eq!(thread["messages"], json!(tab.reads(id).await), "{id}: told something else than is there");
        assert_eq!(thread["receipts"], shown["receipts"], "{id}: receipts");
        for member in ["last_seq", "unread", "preview", "status", "last_message_at", "last_author"] {
            assert_eq!(rows[0][member], shown[member], "{id}: {member}");
        }
    }
}

/// A conversation of which nothing has been told yet.
fn unknown(id: &str) -> (Value, Value) {
    let none = json!({ "agent_delivered_seq": 0, "agent_read_seq": 0, "visitor_delivered_seq": 0,
        "visitor_read_seq": 0 });
    (json!({ "conversation_id": id, "messages": [], "receipts": none }), json!([]))
}

/// Some of them, from first to last.
fn spread<'a>(all: &[&'a str]) -> Vec<&'a str> {
    all.iter().copied().step_by(all.len().div_ceil(SAMPLE).max(1)).collect()
}

/// The number in a position; only tests take one apart.
fn number(position: &str) -> i64 {
    position.rsplit('-').next().and_then(|n| n.parse().ok()).expect("a number")
}
