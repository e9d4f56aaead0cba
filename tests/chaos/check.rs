//! The invariants, checked through the API after every run.

use std::collections::{BTreeMap, HashMap};

use harness::{Agent, Visitor};
use serde_json::Value;

use crate::acks::Ack;
use crate::stage::Stage;

/// Every acknowledged message is there once, where it was said to be; sequences have no hole; counts are right.
pub async fn invariants(stage: &Stage, acks: &[Ack]) {
    let agent = stage.another_tab().await;
    let mut by_conversation: BTreeMap<&str, Vec<&Ack>> = BTreeMap::new();
    acks.iter().for_each(|ack| by_conversation.entry(&ack.conversation).or_default().push(ack));
    for (conversation, acks) in by_conversation {
        let messages = agent.reads(conversation).await;
        dense(conversation, &messages);
        each_once(conversation, &messages, &acks);
        counts(&agent, conversation, &messages).await;
    }
}

/// What the visitor reads is what the team reads, notes aside.
pub async fn same_for_visitor(stage: &Stage, visitor: &Visitor) {
    let agent = stage.another_tab().await;
    let all = agent.reads(visitor.conversation()).await;
    let public: Vec<_> = all.iter().filter(|message| message["visibility"] == "public").map(|m| &m["id"]).collect();
    let seen = visitor.reads().await;
    assert_eq!(seen.iter().map(|message| &message["id"]).collect::<Vec<_>>(), public);
}

/// 1, 2, 3 … without a hole and without a double.
pub fn dense(about: &str, messages: &[Value]) {
    let numbers: Vec<_> = messages.iter().filter_map(|message| message["seq"].as_i64()).collect();
    let wanted: Vec<_> = (1..).take(messages.len()).collect();
    assert_eq!(numbers, wanted, "{about}: the sequence is not dense");
}

fn each_once(conversation: &str, messages: &[Value], acks: &[&Ack]) {
    let mut places: HashMap<&str, Vec<(&str, i64)>> = HashMap::new();
    for message in messages {
        let place = (message["id"].as_str().unwrap_or_default(), message["seq"].as_i64().unwrap_or_default());
        places.entry(message["client_id"].as_str().unwrap_or_default()).or_default().push(place);
    }
    for (client_id, places) in &places {
        assert_eq!(places.len(), 1, "{conversation}: {client_id} is there more than once: {places:?}");
    }
    for ack in acks {
        let place = places.get(ack.client_id.as_str()).and_then(|places| places.first());
        assert_eq!(
            place,
            Some(&(ack.id.as_str(), ack.seq)),
            "{conversation}: an acknowledged message is lost or moved"
        );
    }
}

async fn counts(agent: &Agent, conversation: &str, messages: &[Value]) {
    let shown = agent.http.get(&format!("/v1/conversations/{conversation}")).await.ok()["conversation"].clone();
    assert_eq!(shown["last_seq"].as_i64(), i64::try_from(messages.len()).ok(), "{conversation}: last_seq");
    let read = shown["receipts"]["agent_read_seq"].as_i64().expect("a receipt");
    let is_unread = |m: &&Value| m["author"]["kind"] == "visitor" && m["seq"].as_i64().is_some_and(|seq| seq > read);
    let unread = messages.iter().filter(is_unread).count();
    assert_eq!(shown["unread"].as_u64(), u64::try_from(unread).ok(), "{conversation}: unread");
}
