//! REL-08: ten people write to one conversation at once; all who listen hear one and the same dense sequence.

use harness::{Agent, client_id};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::check;
use crate::stage::Stage;

const EACH: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_08_ten_writers_give_every_reader_one_dense_sequence() {
    let stage = Stage::set().await;
    let mut visitor = stage.visitor().await;
    visitor.says("the first words").await;
    let conversation = visitor.conversation().to_owned();
    visitor.position = Value::Null;
    visitor.listens().await;
    let mut readers = Vec::new();
    for _ in 0..4 {
        let mut agent = stage.another_tab().await;
        agent.listens(None).await;
        readers.push(agent);
    }
    let mut writers = JoinSet::new();
    for number in 0..10 {
        let (http, path) = match number {
            0 => (visitor.http.clone(), format!("/widget/v1/conversations/{conversation}/messages")),
            _ => (stage.another_tab().await.http.clone(), format!("/v1/conversations/{conversation}/messages")),
        };
        writers.spawn(async move {
            for n in 0..EACH {
                http.post(&path, json!({ "client_id": client_id(), "body": format!("{number} says {n}") }))
                    .await
                    .is(201);
            }
        });
    }
    let mut heard = vec![];
    for reader in &mut readers {
        heard.push(messages(reader.live(), 10 * EACH).await);
    }
    heard.push(messages(visitor.live(), 10 * EACH).await);
    writers.join_all().await;
    let there = stage.owner.reads(&conversation).await;
    check::dense(&conversation, &there);
    assert_eq!(there.len(), 10 * EACH + 1);
    let ids = |messages: &[Value]| messages.iter().map(|message| message["id"].clone()).collect::<Vec<_>>();
    for told in &heard {
        assert_eq!(ids(told), ids(&there)[1..], "a reader was told another sequence");
    }
    each_writer_in_order(&there);
    late_reader(&stage, &there).await;
    stage.strike().await;
}

/// Who sends one message after the other finds them in that order.
fn each_writer_in_order(messages: &[Value]) {
    for number in 0..10 {
        let start = format!("{number} says ");
        let bodies = messages.iter().filter_map(|message| message["body"].as_str()?.strip_prefix(&start));
        assert_eq!(bodies.map(|n| n.parse().expect("a number")).collect::<Vec<usize>>(), (0..EACH).collect::<Vec<_>>());
    }
}

/// REL-09: who comes back after everything is told everything, in order, once.
async fn late_reader(stage: &Stage, there: &[Value]) {
    let mut late: Agent = stage.another_tab().await;
    let list = late.http.get("/v1/conversations").await.ok();
    let head = list["position"].as_str().expect("a position");
    let before = rewind(head, there.len() / 2);
    let welcome = late.listens(Some(&before)).await;
    assert_eq!(welcome["resumed"], true, "{welcome}");
    let told = messages(late.live(), 1).await;
    let last = there.last().expect("messages")["seq"].clone();
    let first = told[0]["seq"].as_i64().expect("a seq");
    let rest = usize::try_from(last.as_i64().expect("a seq") - first).expect("a count");
    let all = [told, messages(late.live(), rest).await].concat();
    let numbers: Vec<_> = all.iter().filter_map(|message| message["seq"].as_i64()).collect();
    assert_eq!(numbers, (first..).take(rest + 1).collect::<Vec<_>>());
}

/// A position some events back. Clients never do arithmetic on positions; a test of resumption must.
fn rewind(position: &str, by: usize) -> String {
    let (front, n) = position.rsplit_once(['-', '.', ':', '_']).expect("a position with a number at its end");
    let separator = &position[front.len()..=front.len()];
    let n: usize = n.parse().expect("a number");
    format!("{front}{separator}{}", n.saturating_sub(by))
}

async fn messages(live: &mut harness::Live, count: usize) -> Vec<Value> {
    let mut messages = Vec::new();
    let deadline = Instant::now() + harness::PATIENCE * 6;
    while messages.len() < count {
        let frame =
            live.frame(deadline).await.unwrap_or_else(|| panic!("only {} of {count} messages came", messages.len()));
        if frame["type"] == "message_posted" {
            messages.push(frame["message"].clone());
        }
    }
    messages
}
