//! What must hold once it is quiet: asked through the API, in the folder of letters and in the tables.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use harness::{Agent, PASSWORD, found};
use reqwest::Method;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::There;
use super::people::Ack;
use crate::node::Node;
use crate::stage::Cluster;

/// How long work may take that a killed worker held: its lease, and the work.
const TAKEN_OVER: Duration = Duration::from_secs(60);

/// How soon people must be able to sign in everywhere after the last fault.
const WELL: Duration = Duration::from_secs(20);

/// Waits until every process lets the owner in; gives them, signed in.
pub async fn well_again(apis: &[&Node], email: &str) -> Agent {
    let began = Instant::now();
    let body = json!({ "email": email, "password": PASSWORD });
    for api in apis {
        let http = api.doors.http();
        while !http.attempt(Method::POST, "/v1/sessions", Some(body.clone())).await.is_ok_and(|a| a.status == 201) {
            assert!(began.elapsed() < WELL, "{} is not well {WELL:?} after the last fault", api.doors.public);
            sleep(Duration::from_millis(50)).await;
        }
    }
    println!("all well {:.1?} after the last message", began.elapsed());
    Agent::signs_in(&apis[0].doors, email).await
}

/// Each acknowledged message is there once, in its place, and numbers are dense.
pub async fn messages(owner: &Agent, conversations: &[String], acks: &[Ack]) -> There {
    let mut messages = BTreeMap::new();
    for conversation in conversations {
        let all = owner.reads(conversation).await;
        let numbers: Vec<_> = all.iter().filter_map(|message| message["seq"].as_i64()).collect();
        assert_eq!(numbers, (1..).take(all.len()).collect::<Vec<_>>(), "{conversation}: the sequence is not dense");
        let mut places = HashMap::new();
        for message in &all {
            let text = |member: &str| message[member].as_str().unwrap_or_default();
            let place = (text("id"), message["seq"].as_i64().expect("a number"), text("body"));
            assert_eq!(places.insert(text("client_id"), place), None, "{conversation}: {message} is there twice");
        }
        for ack in acks.iter().filter(|ack| ack.conversation == *conversation) {
            let there = places.get(ack.client_id.as_str()).copied();
            assert_eq!(there, Some(ack.place()), "an acknowledged message is lost, moved or changed: {ack:?}");
        }
        let ids = all.iter().filter_map(|message| message["id"].as_str()).map(str::to_owned);
        messages.insert(conversation.clone(), ids.collect());
    }
    There { messages }
}

/// Every file that was taken comes to be ready by itself.
pub async fn files(owner: &Agent, files: &[String]) {
    let began = Instant::now();
    for file in files {
        loop {
            let shown = owner.http.get(&format!("/v1/files/{file}/state")).await.ok();
            match shown["file"]["state"].as_str() {
                Some("ready") => break,
                Some("checking") if began.elapsed() < TAKEN_OVER => (),
                _ => panic!("after {:.0?}: {shown}", began.elapsed()),
            }
            // the verdict of a file in no message is told to nobody, only asked for
            sleep(Duration::from_millis(100)).await;
        }
    }
    assert!(!files.is_empty(), "no file was taken");
}

/// Everybody who was invited got a letter. A worker killed between sending and noting sends it once more.
pub async fn letters(cluster: &Cluster, invited: &[String]) {
    let began = Instant::now();
    loop {
        let letters = addresses(cluster);
        let missing: Vec<_> = invited.iter().filter(|email| !letters.contains_key(*email)).collect();
        if missing.is_empty() {
            let twice = letters.values().filter(|count| **count > 1).count();
            return println!("{} letters went, {twice} of them more than once", letters.len());
        }
        assert!(began.elapsed() < TAKEN_OVER, "no letter went to {missing:?}");
        // workers tell nobody when a letter went, so it is looked for
        sleep(Duration::from_millis(100)).await;
    }
}

fn addresses(cluster: &Cluster) -> BTreeMap<String, u32> {
    let mut all = BTreeMap::new();
    for letter in std::fs::read_dir(cluster.folder().join("mail")).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(letter.path()).unwrap_or_default();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap_or_default();
        *all.entry(to.trim_matches(['<', '>', ' ']).to_owned()).or_default() += 1;
    }
    all
}

/// Nothing in the tables contradicts anything else, and nobody holds work they have forgotten.
pub async fn history(cluster: &Cluster) {
    let problems = harness::history::problems(&cluster.store_url).await;
    let few: Vec<_> = problems.iter().take(20).map(String::as_str).collect();
    assert!(problems.is_empty(), "{} things do not hold:\n{}", problems.len(), few.join("\n"));
}

/// Another business sees none of it.
pub async fn strangers(cluster: &Cluster, api: &Node, conversations: &[String]) {
    let running = cluster.behind().await;
    let email = found(&running.ctx, "Somebody Else").await;
    running.stop().await;
    let stranger = Agent::signs_in(&api.doors, &email).await;
    for conversation in conversations {
        stranger.http.get(&format!("/v1/conversations/{conversation}/messages")).await.refused(404, "not_found");
    }
}
