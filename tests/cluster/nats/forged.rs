//! NATS-03: whoever has a log-in may shout whatever they like. Nobody is shown it, and shouting wears nobody out.

use std::time::Duration;

use async_nats::Client;
use rand::RngExt;
use serde_json::json;
use tokio::time::Instant;

use super::guarded::Guarded;
use super::talk::{LATEST, Talk, print};
use crate::stage::Cluster;

/// How long the forger shouts, and how often.
const SHOUTS: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(1);
/// The part of a core one process may spend on it, in a build without optimisation on a busy machine.
const MOST: f64 = 0.6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_03_forged_words_are_shown_to_nobody_and_cost_little() {
    let Some(cluster) = Cluster::set().await else { return };
    let guarded = Guarded::start().await;
    let mut spy = guarded.spy().await;
    let mut talk = Talk::begins(&cluster, &guarded.url("all"), &guarded.url("all")).await;
    talk.types().await;
    talk.page.expect(|frame| frame["type"] == "typing").await;
    let (subject, sealed) = spy.hears("porchlight.signal.").await;
    let tenant = talk.owner.http.get("/v1/me").await.ok()["tenant"]["id"].clone();
    let plain = json!({ "tenant": tenant, "to": "visitors", "except": null, "text": "{\"type\":\"forged\"}" });

    let forger = guarded.peer("all").await;
    let (near, far) = (cpu(talk.near.pid()), cpu(talk.far.pid()));
    let began = Instant::now();
    let shouting = tokio::spawn(shout(forger.client.clone(), (subject, sealed), plain.to_string()));
    let mut times = Vec::new();
    while began.elapsed() < SHOUTS {
        times.extend(talk.times(1).await);
    }
    let shouted = shouting.await.expect("the forger is done");
    times.sort();
    print(&format!("NATS-03 while {shouted} forged messages came"), &times);
    let spent =
        [cpu(talk.near.pid()) - near, cpu(talk.far.pid()) - far].map(|spent| spent / began.elapsed().as_secs_f64());
    println!("NATS-03 part of a core spent: {spent:.2?}");

    assert!(shouted > 500, "the test could not fail otherwise");
    assert!(times[times.len() - 1] <= LATEST, "{times:?}");
    assert!(spent.iter().all(|part| *part < MOST), "{spent:?} of a core");
    talk.is_whole().await;
    for live in [&mut talk.inbox, &mut talk.page] {
        let strange = |frame: &serde_json::Value| frame["type"] == "forged" || frame["type"] == "typing";
        let shown: Vec<_> = live.settled().await.into_iter().filter(strange).collect();
        assert!(shown.is_empty(), "forged or played back: {shown:?}");
    }
    assert!(talk.near.ended().is_none() && talk.far.ended().is_none(), "nobody fell over");
    drop(talk);
    cluster.strike().await;
}

/// Says everything somebody with a log-in could think of; gives how often.
async fn shout(client: Client, (subject, sealed): (String, Vec<u8>), plain: String) -> u32 {
    let began = Instant::now();
    let mut said = 0;
    while began.elapsed() < SHOUTS {
        let (to, payload) = lie(said, &subject, &sealed, &plain);
        client.publish(to, payload.into()).await.expect("said");
        said += 1;
        // not a wait for anything: how fast the forger talks
        tokio::time::sleep(PAUSE).await;
    }
    client.flush().await.expect("all said");
    said
}

fn lie(number: u32, subject: &str, sealed: &[u8], plain: &str) -> (String, Vec<u8>) {
    let mut dice = rand::rng();
    let noise: Vec<u8> = (0..dice.random_range(0..300)).map(|_| dice.random()).collect();
    let shard = dice.random_range(0..20);
    match number % 9 {
        0 => (format!("porchlight.hint.{shard}"), i64::MAX.to_string().into_bytes()),
        1 => (format!("porchlight.hint.{shard}"), dice.random_range(0..9_999_999).to_string().into_bytes()),
        2 => (format!("porchlight.hint.{shard}"), noise),
        3 => ("porchlight.hint.-7".to_owned(), b"-9223372036854775808".to_vec()),
        4 => ("porchlight.jobs".to_owned(), noise),
        // as it was said, and for others
        5 => (subject.to_owned(), sealed.to_vec()),
        6 => (format!("porchlight.signal.{}", dice.random_range(0..64)), sealed.to_vec()),
        7 => (subject.to_owned(), plain.as_bytes().to_vec()),
        _ => ("porchlight.note.limits".to_owned(), [sealed, &noise].concat()),
    }
}

/// Seconds of processor time a process has used.
fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs");
    let fields: Vec<_> = stat.rsplit_once(") ").map(|(_, rest)| rest.split(' ').collect()).unwrap_or_default();
    let ticks: f64 = fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap_or(0.0)).sum();
    ticks / 100.0
}
