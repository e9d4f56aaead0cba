//! REL-07: every message is sent one to five times, in any order, some of the connections reset; each is there once.

use std::collections::HashMap;
use std::time::Duration;

use harness::{Http, client_id};
use rand::seq::SliceRandom;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::acks::Ack;
use crate::check;
use crate::stage::Stage;

const VISITORS: usize = 12;
const MESSAGES: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_07_a_message_sent_many_times_is_there_once() {
    let stage = Stage::set().await;
    let mut people = JoinSet::new();
    let mut visitors = Vec::new();
    for _ in 0..VISITORS {
        let mut visitor = stage.visitor().await;
        visitor.says("the first words").await;
        let path = format!("/widget/v1/conversations/{}/messages", visitor.conversation());
        people.spawn(pester(visitor.http.clone(), path));
        visitors.push(visitor);
    }
    let acks: Vec<Ack> = people.join_all().await.into_iter().flatten().collect();
    assert!(acks.len() > VISITORS * MESSAGES, "nothing was sent twice");
    assert_one_answer_each(&acks);
    check::invariants(&stage, &acks).await;
    for visitor in &visitors {
        assert_eq!(visitor.reads().await.len(), MESSAGES + 1);
        check::same_for_visitor(&stage, visitor).await;
    }
    stage.strike().await;
}

/// First contacts repeated at once make one conversation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_07_first_words_sent_many_times_open_one_conversation() {
    let stage = Stage::set().await;
    for _ in 0..10 {
        let visitor = stage.visitor().await;
        let body = json!({ "client_id": client_id(), "body": "hello" });
        let mut sends = JoinSet::new();
        for _ in 0..5 {
            let (http, body) = (visitor.http.clone(), body.clone());
            sends.spawn(async move { http.post("/widget/v1/conversations", body).await.ok() });
        }
        let answers = sends.join_all().await;
        let ids: Vec<_> =
            answers.iter().map(|answer| (&answer["conversation"]["id"], &answer["message"]["id"])).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let own = visitor.http.get("/widget/v1/conversations").await.ok();
        assert_eq!(own["items"].as_array().map(Vec::len), Some(1), "{own}");
    }
    stage.strike().await;
}

async fn pester(http: Http, path: String) -> Vec<Ack> {
    let messages: Vec<_> =
        (0..MESSAGES).map(|n| json!({ "client_id": client_id(), "body": format!("words {n}") })).collect();
    let mut sends: Vec<Value> = messages.iter().flat_map(|m| vec![m.clone(); rand::random_range(1..=5)]).collect();
    sends.shuffle(&mut rand::rng());
    let mut running = JoinSet::new();
    let mut acks = Vec::new();
    for body in sends {
        running.spawn(send(http.clone(), path.clone(), body));
        if running.len() >= 4 {
            acks.extend(running.join_next().await.expect("one runs").expect("no panic"));
        }
    }
    acks.extend(running.join_all().await.into_iter().flatten());
    // whatever was reset every time is sent once more, as a client does
    for body in messages {
        acks.push(Ack::of(&http.post(&path, body).await.ok()));
    }
    acks
}

/// One in four gives up while the answer is on its way.
async fn send(http: Http, path: String, body: Value) -> Option<Ack> {
    let request = http.attempt(Method::POST, &path, Some(body));
    let patience = if rand::random_range(0..4) == 0 { rand::random_range(1..15) } else { 30_000 };
    let answer = timeout(Duration::from_millis(patience), request).await.ok()?.ok()?;
    Some(Ack::of(&answer.ok()))
}

fn assert_one_answer_each(acks: &[Ack]) {
    let mut first = HashMap::new();
    for ack in acks {
        let known = first.entry(&ack.client_id).or_insert(ack);
        assert_eq!(*known, ack, "the same message was answered differently");
    }
}
