//! REL-01 and REL-09: the server is killed with -9 under load; nothing acknowledged is lost, nothing is heard twice.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use harness::{Agent, Live};
use rand::RngExt;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::check;
use crate::load::{FEWEST, Load, number};
use crate::seed::dice;
use crate::stage::{Stage, position};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_01_nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let mut stage = Stage::set().await;
    let ear = stage.another_tab().await;
    let start = position(&ear).await;
    let (enough, until) = watch::channel(None);
    let listening = tokio::spawn(listen(ear, start, until));
    let visitors = usize::try_from(number("CHAOS_CLIENTS", 40)).expect("a number of clients");
    let mut load = Load::start(&stage, visitors).await;
    let deadline = Instant::now() + Duration::from_secs(number("CHAOS_SECONDS", 30));
    let (mut kills, mut dice) = (0, dice("kills"));
    while Instant::now() < deadline || kills < FEWEST {
        sleep(Duration::from_millis(dice.random_range(1000..4000))).await;
        stage.server.kill();
        kills += 1;
        stage.server.start_again().await;
    }
    load.end().await;
    let acks = load.acks.all();
    println!("{} acknowledged, {kills} kills, {} retries", acks.len(), load.retries.load(Ordering::Relaxed));
    assert!(kills > 3 && acks.len() > visitors * kills, "too little happened to prove anything");
    check::invariants(&stage, &acks).await;
    let head = position(&stage.another_tab().await).await;
    enough.send(Some(head)).expect("somebody listens");
    heard_all(&stage, listening.await.expect("heard to the end")).await;
    stage.strike().await;
}

/// What one who listened all along was told, by conversation.
type Heard = BTreeMap<String, Vec<Value>>;

/// Listens through every kill: comes back at the last position it heard, until it has heard the head.
async fn listen(mut agent: Agent, mut after: String, mut until: watch::Receiver<Option<String>>) -> Heard {
    let mut heard = Heard::new();
    loop {
        let Some(mut live) = connect(&mut agent, &after).await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        loop {
            let head = until.borrow_and_update().clone();
            if head.is_some_and(|head| head == after) {
                return heard;
            }
            let Some(frame) = live.frame(Instant::now() + Duration::from_secs(1)).await else {
                if live.closed.is_some() { break } else { continue }
            };
            if let Some(position) =
                frame["position"].as_str().filter(|_| frame["type"] != "ping" && frame["type"] != "welcome")
            {
                after = position.to_owned();
            }
            if frame["type"] == "message_posted" {
                let conversation = frame["conversation_id"].as_str().expect("a conversation").to_owned();
                heard.entry(conversation).or_default().push(frame["message"].clone());
            }
        }
    }
}

async fn connect(agent: &mut Agent, after: &str) -> Option<Live> {
    let base = agent.http.base().to_owned();
    let mut live = Live::open(&base, "/v1/live", &base).await.ok()?;
    live.send(json!({ "type": "hello", "token": agent.http.token(), "after": after })).await;
    let welcome = live.frame(Instant::now() + Duration::from_secs(5)).await?;
    assert_eq!((&welcome["type"], &welcome["resumed"]), (&json!("welcome"), &json!(true)), "{welcome}");
    Some(live)
}

async fn heard_all(stage: &Stage, heard: Heard) {
    let agent = stage.another_tab().await;
    assert!(!heard.is_empty(), "nothing was heard");
    for (conversation, messages) in heard {
        let there: Vec<_> = agent.reads(&conversation).await.iter().map(|message| message["id"].clone()).collect();
        let told: Vec<_> = messages.iter().map(|message| message["id"].clone()).collect();
        assert_eq!(told, there, "{conversation}: told something else than is there");
    }
}
