//! The invariants, checked through the API and in the tables after every run.

use std::collections::{BTreeMap, HashMap};

use harness::{Agent, Visitor, history};
use serde_json::Value;

use crate::acks::Ack;
use crate::load::Load;
use crate::stage::Stage;

/// Conversations a stranger knocks at.
const SAMPLE: usize = 12;

/// Ends the load, holds everything it was told against what is kept, and takes the stage down.
pub async fn at_the_end(stage: Stage, mut load: Load) {
    load.end().await;
    let acks = load.acks.all();
    println!("{} acknowledged", acks.len());
    invariants(&stage, &acks).await;
    stage.strike().await;
}

/// Every acknowledged message is there once, where it was said to be; sequences have no hole; counts are right; nobody
/// sees what is not theirs; and whoever followed the events from the beginning sees what is there.
pub async fn invariants(stage: &Stage, acks: &[Ack]) {
    let agent = stage.another_tab().await;
    let mut by_conversation: BTreeMap<&str, Vec<&Ack>> = BTreeMap::new();
    acks.iter().for_each(|ack| by_conversation.entry(&ack.conversation).or_default().push(ack));
    for (conversation, acks) in &by_conversation {
        let messages = agent.reads(conversation).await;
        dense(conversation, &messages);
        each_once(conversation, &messages, acks);
        counts(&agent, conversation, &messages).await;
    }
    let conversations: Vec<&str> = by_conversation.keys().copied().collect();
    private(stage, &conversations).await;
    crate::replayed::same_as_fresh(stage, &conversations).await;
    tables(stage).await;
}

/// What holds of the whole history, whatever was acknowledged: asked of the tables.
pub async fn tables(stage: &Stage) {
    let problems = history::problems(stage.store_url()).await;
    let few: Vec<_> = problems.iter().take(20).map(String::as_str).collect();
    assert!(problems.is_empty(), "{} things do not hold:\n{}", problems.len(), few.join("\n"));
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

/// The owner of another business and another visitor of the same shop are told that there is nothing.
async fn private(stage: &Stage, conversations: &[&str]) {
    let (foreigner, passer_by) = (stage.stranger().await, stage.visitor().await);
    for conversation in conversations.iter().take(SAMPLE) {
        foreigner.http.get(&format!("/v1/conversations/{conversation}/messages")).await.refused(404, "not_found");
        let path = format!("/widget/v1/conversations/{conversation}/messages");
        passer_by.http.get(&path).await.refused(404, "not_found");
    }
    let list = foreigner.http.get("/v1/conversations?status=all").await.ok();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "another business sees conversations: {list}");
}

fn each_once(conversation: &str, messages: &[Value], acks: &[&Ack]) {
    let mut places: HashMap<&str, Vec<&Value>> = HashMap::new();
    for message in messages {
        places.entry(message["client_id"].as_str().unwrap_or_default()).or_default().push(message);
    }
    for (client_id, places) in &places {
        assert_eq!(places.len(), 1, "{conversation}: {client_id} is there more than once: {places:?}");
    }
    for ack in acks {
        let there = places.get(ack.client_id.as_str()).and_then(|places| places.first());
        let there = there.map(|m| (m["id"].as_str(), m["seq"].as_i64(), m["body"].as_str()));
        let wanted = Some((Some(ack.id.as_str()), Some(ack.seq), Some(ack.body.as_str())));
        assert_eq!(there, wanted, "{conversation}: an acknowledged message is lost, moved or changed");
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
