//! REL-14 on a cluster: every process is restarted under load, one after the other, round after round.
//! `CLUSTER_ROUNDS` makes it long.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use harness::{Agent, Doors, Live, Visitor, client_id};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep, timeout};

use crate::node::Node;
use crate::stage::{Cluster, PUBLIC_URL};

const WRITERS: usize = 8;
const LISTENERS: usize = 6;
/// Longer than this nobody waits for an acknowledgement.
const PATIENCE: Duration = Duration::from_secs(5);

/// What writers were promised, and how long it took in milliseconds.
#[derive(Default)]
struct Promised {
    acks: HashMap<String, (String, i64)>,
    longest: u128,
    retries: u32,
}

/// What a listener went through.
#[derive(Default)]
struct Heard {
    ids: Vec<Value>,
    reconnects: u32,
    pauses: Vec<u128>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_14_a_rolling_restart_fails_no_acknowledgement() {
    let Some(cluster) = Cluster::set().await else { return };
    let mut apis = [cluster.node("api").await, cluster.node("api").await];
    let mut ears = [cluster.node("realtime").await, cluster.node("realtime").await];
    let worker = cluster.node("worker").await;
    let owner = cluster.owner_at(&apis[0]).await;
    let widget = cluster.widget(&owner).await;
    let api_doors = apis.each_ref().map(|node| node.doors.clone());
    let live_doors = ears.each_ref().map(|node| node.doors.clone());
    let (stop, rolled) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let (mut writers, mut listeners) = (JoinSet::new(), JoinSet::new());
    let mut conversations = Vec::new();
    // before anybody writes: listeners are to hear all of it
    let start = owner.http.get("/v1/conversations").await.ok()["position"].as_str().expect("a position").to_owned();
    for number in 0..WRITERS {
        let mut visitor = Visitor::arrives(&api_doors[number % 2], &widget, None).await;
        visitor.says("the first words").await;
        conversations.push(visitor.conversation().to_owned());
        writers.spawn(write(visitor, api_doors.clone(), number % 2, stop.clone()));
    }
    for number in 0..LISTENERS {
        listeners.spawn(listen(
            owner.http.token().expect("a token").to_owned(),
            live_doors.clone(),
            number % 2,
            start.clone(),
            stop.clone(),
        ));
    }
    let rounds = std::env::var("CLUSTER_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_u32);
    for _ in 0..rounds {
        for node in apis.iter_mut().chain(&mut ears) {
            roll(node).await;
            rolled.fetch_add(1, Ordering::Relaxed);
        }
    }
    stop.store(true, Ordering::Release);
    let mut promised = Promised::default();
    while let Some(done) = writers.join_next().await {
        let one = done.expect("every message was acknowledged in time");
        promised.acks.extend(one.acks);
        promised.longest = promised.longest.max(one.longest);
        promised.retries += one.retries;
    }
    let owner = cluster.owner_at(&apis[0]).await;
    let there = everything(&owner, &conversations).await;
    for (client_id, place) in &promised.acks {
        assert_eq!(there.get(client_id), Some(place), "an acknowledged message is lost or moved");
    }
    let last = promised.acks.len();
    let mut pauses = Vec::new();
    while let Some(done) = listeners.join_next().await {
        let heard = done.expect("a listener listened to the end");
        // each process that held a socket is restarted once a round, and a socket may be moved to the one that is next
        assert!(heard.reconnects <= 2 * rounds, "{} reconnects in {rounds} rounds of two processes", heard.reconnects);
        let mut once = heard.ids.iter().map(|id| id.as_str()).collect::<Vec<_>>();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), heard.ids.len(), "told twice");
        let missing: Vec<_> =
            promised.acks.values().filter(|(id, _)| once.binary_search(&Some(id.as_str())).is_err()).collect();
        assert!(missing.is_empty(), "told {} of {last}; not of {missing:?}", heard.ids.len());
        pauses.extend(heard.pauses);
    }
    pauses.sort_unstable();
    println!(
        "{} processes restarted under load: {last} acknowledged, 0 failed, {} sent again, longest {} ms; {} sockets moved, pauses {pauses:?} ms",
        rolled.load(Ordering::Relaxed),
        promised.retries,
        promised.longest,
        pauses.len(),
    );
    assert!(last > WRITERS * rounds as usize, "too little happened to prove anything");
    drop((apis, ears, worker));
    cluster.strike().await;
}

async fn roll(node: &mut Node) {
    let (took, status) = node.ask_to_end().await;
    assert!(status.success(), "{} ended with {status}\n{}", node.roles, node.last_words());
    assert!(took < Duration::from_secs(25), "{} took {took:?}", node.roles);
    node.start_again().await;
}

/// Sends each message until it is acknowledged, going to the other process when one says no.
async fn write(visitor: Visitor, doors: [Doors; 2], mut at: usize, stop: Arc<AtomicBool>) -> Promised {
    let path = format!("/widget/v1/conversations/{}/messages", visitor.conversation());
    let token = visitor.http.token().expect("a session").to_owned();
    let ways = doors.map(|doors| doors.http().bearing(&token));
    let mut promised = Promised::default();
    let mut number = 0;
    while !stop.load(Ordering::Acquire) {
        number += 1;
        let (id, began) = (client_id(), Instant::now());
        let body = json!({ "client_id": id, "body": format!("words number {number}") });
        let message = timeout(PATIENCE, async {
            loop {
                match ways[at].attempt(Method::POST, &path, Some(body.clone())).await {
                    Ok(answer) if answer.status < 300 => return answer.body["message"].clone(),
                    Ok(answer) if answer.status != 503 => panic!("{}: {} {}", answer.asked, answer.status, answer.text),
                    _ => {}
                }
                (at, promised.retries) = (1 - at, promised.retries + 1);
                sleep(Duration::from_millis(20)).await;
            }
        });
        let message = message.await.expect("an acknowledgement in time");
        promised.longest = promised.longest.max(began.elapsed().as_millis());
        let place = (message["id"].as_str().expect("an id").to_owned(), message["seq"].as_i64().expect("a seq"));
        promised.acks.insert(id, place);
        // people pause between two messages
        sleep(Duration::from_millis(rand::random_range(50..150))).await;
    }
    promised
}

/// Does what our clients do: goes when it is told to, at the moment it is told, and comes back where it stood.
async fn listen(token: String, doors: [Doors; 2], mut at: usize, mut after: String, stop: Arc<AtomicBool>) -> Heard {
    let mut heard = Heard::default();
    let mut silent_since = None;
    let mut quiet = 0;
    loop {
        let Some(mut live) = connect(&doors[at], &token, &after).await else {
            at = 1 - at;
            continue;
        };
        if let Some(since) = silent_since.take() {
            heard.reconnects += 1;
            heard.pauses.push(Instant::elapsed(&since).as_millis());
        }
        let mut leave_at = None;
        while leave_at.is_none_or(|moment| Instant::now() < moment) {
            let until = leave_at.unwrap_or(Instant::now() + Duration::from_millis(500));
            let Some(frame) = live.frame(until).await else {
                if live.closed.is_some() {
                    break;
                }
                // two looks without news after everybody has stopped: there is no more
                quiet = if stop.load(Ordering::Acquire) { quiet + 1 } else { 0 };
                if quiet >= 4 {
                    return heard;
                }
                continue;
            };
            quiet = 0;
            match frame["type"].as_str().unwrap_or_default() {
                "reconnect" => {
                    leave_at = Some(Instant::now() + Duration::from_millis(frame["after_ms"].as_u64().expect("when")));
                }
                "ping" | "welcome" => {}
                kind => {
                    if let Some(position) = frame["position"].as_str() {
                        after = position.to_owned();
                    }
                    if kind == "message_posted" {
                        heard.ids.push(frame["message"]["id"].clone());
                    }
                }
            }
        }
        silent_since = Some(Instant::now());
        at = 1 - at;
    }
}

async fn connect(doors: &Doors, token: &str, after: &str) -> Option<Live> {
    let mut live = Live::open(&doors.public, "/v1/live", PUBLIC_URL).await.ok()?;
    live.send(json!({ "type": "hello", "token": token, "after": after })).await;
    let welcome = live.frame(Instant::now() + PATIENCE).await?;
    assert_eq!((&welcome["type"], &welcome["resumed"]), (&json!("welcome"), &json!(true)), "{welcome}");
    Some(live)
}

async fn everything(owner: &Agent, conversations: &[String]) -> HashMap<String, (String, i64)> {
    let mut there = HashMap::new();
    for conversation in conversations {
        let messages = owner.reads(conversation).await;
        let dense: Vec<_> = (1..).take(messages.len()).collect();
        assert_eq!(messages.iter().filter_map(|message| message["seq"].as_i64()).collect::<Vec<_>>(), dense);
        for message in messages {
            let place = (message["id"].as_str().expect("an id").to_owned(), message["seq"].as_i64().expect("a seq"));
            let before = there.insert(message["client_id"].as_str().expect("a client id").to_owned(), place);
            assert!(before.is_none(), "{message} is there twice");
        }
    }
    there
}
