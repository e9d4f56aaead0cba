//! REL-09: who was away comes back, after few missed events or many, and is told all of them, once and in order.

use std::time::Duration;

use harness::{Agent, client_id};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::load::number;
use crate::stage::{Stage, position};

/// For those who missed at most a hundred.
const SOON: Duration = Duration::from_millis(300);
/// For every thousand, however many it were.
const PER_THOUSAND: Duration = Duration::from_secs(2);
/// How often somebody comes back.
const TIMES: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_09_who_comes_back_is_told_everything_they_missed() {
    let stage = Stage::set().await;
    let mut visitor = stage.visitor().await;
    visitor.says("the first words").await;
    let path = format!("/v1/conversations/{}/messages", visitor.conversation());
    let mut reader = stage.another_tab().await;

    let (mut times, mut after) = (Vec::new(), position(&stage.owner).await);
    writes(&stage, &path, 100).await;
    for n in 0..TIMES {
        // away for a second now and then: who is gone that long is gone for the server too
        if n % 20 == 0 {
            sleep(Duration::from_secs(1)).await;
        }
        times.push(comes_back(&mut reader, &after, 100).await);
    }
    times.sort_unstable();
    println!("100 missed, {TIMES} times: p50 {:.1?}, p99 {:.1?}", times[TIMES / 2], times[TIMES * 99 / 100]);
    assert!(times[TIMES * 99 / 100] <= SOON, "coming back takes {:?}", times[TIMES - 1]);

    for missed in sizes() {
        after = position(&stage.owner).await;
        writes(&stage, &path, missed).await;
        let took = comes_back(&mut reader, &after, missed).await;
        println!("{missed} missed: all told after {took:.1?}");
        let most = PER_THOUSAND * u32::try_from(missed.div_ceil(1_000)).expect("few");
        assert!(took <= most, "{missed} missed take {took:?}");
    }
    stage.strike().await;
}

/// A thousand, and more where there is time.
fn sizes() -> Vec<usize> {
    match number("CHAOS_SECONDS", 30) {
        0..300 => vec![1_000, 4_000],
        _ => vec![1_000, 10_000, 49_000],
    }
}

/// So many messages, several at once.
async fn writes(stage: &Stage, path: &str, count: usize) {
    let mut writers = JoinSet::new();
    for n in 0..count {
        let (http, path) = (stage.owner.http.clone(), path.to_owned());
        writers.spawn(async move {
            let body = json!({ "client_id": client_id(), "body": format!("number {n}") });
            http.post(&path, body).await.is(201);
        });
        if writers.len() >= 32 {
            writers.join_next().await.expect("one runs").expect("no panic");
        }
    }
    writers.join_all().await;
}

/// From knocking to the last of what was missed.
async fn comes_back(reader: &mut Agent, after: &str, missed: usize) -> Duration {
    let began = Instant::now();
    let welcome = reader.listens(Some(after)).await;
    assert_eq!(welcome["resumed"], true, "{welcome}");
    let (mut seqs, deadline) = (Vec::<i64>::new(), began + Duration::from_secs(300));
    while seqs.len() < missed {
        let frame = reader.live().frame(deadline).await;
        let frame = frame.unwrap_or_else(|| panic!("told {} of {missed}", seqs.len()));
        if frame["type"] == "message_posted" {
            seqs.push(frame["seq"].as_i64().expect("a number"));
        }
    }
    let took = began.elapsed();
    assert_eq!(seqs, (seqs[0]..).take(missed).collect::<Vec<_>>(), "told with a hole, or twice");
    took
}
