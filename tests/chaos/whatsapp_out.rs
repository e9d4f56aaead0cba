//! REL-12 and REL-13: the server is killed again and again while agents write to WhatsApp. At Meta no message arrives
//! twice; each is there, or shown as one of which nobody knows, or as failed; and in each chat they stand in order.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use graph_sim::{Setup, Sim};
use harness::{Agent, Http, client_id};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::load::{FEWEST, number};
use crate::stage::Stage;

/// People who are written to.
const PEOPLE: usize = 24;
/// How long it may take until nothing waits any more: two minutes for what was never answered, and then some.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_12_no_message_is_sent_twice_and_none_is_lost_in_silence_whatever_is_killed() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    let setup = Setup { seed: 12, now: i64::try_from(now).expect("a time"), rate: 1.0, ..Setup::default() };
    let sim = Sim::with(&setup, "127.0.0.1:0").await.expect("the simulator starts");
    let net = ("PORCHLIGHT__NET__ALLOW", r#"["127.0.0.1/32"]"#.to_owned());
    let mut stage = Stage::with(&[("PORCHLIGHT__WHATSAPP__GRAPH_URL", sim.base().to_owned()), net]).await;
    connects(&stage, &sim).await;
    let talks = talks(&stage, &sim).await;
    // some answers are lost on the way, some are no answer, some are refusals that pass
    for (kind, probability) in [("F4.lost_response", 0.02), ("F6.html", 0.02), ("F6.reset", 0.02), ("F6.code", 0.05)] {
        let more = json!({ "on": { "route": "messages" }, "probability": probability, "times": 100_000,
            "args": { "code": 131_016 } });
        sim.fault(kind, &more);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut agents = JoinSet::new();
    for talk in &talks {
        agents.spawn(writes(stage.owner.http.clone(), talk.clone(), stop.clone()));
    }
    let (mut kills, deadline) = (0, Instant::now() + Duration::from_secs(number("CHAOS_SECONDS", 30)));
    while Instant::now() < deadline || kills < FEWEST {
        sleep(Duration::from_millis(rand::random_range(1500..5000))).await;
        stage.server.kill();
        kills += 1;
        stage.server.start_again().await;
    }
    stop.store(true, Ordering::Release);
    let said: Vec<String> = agents.join_all().await.concat();
    assert!(kills > 3 && said.len() > 20 * kills, "too little happened: {kills} kills, {} messages", said.len());
    let owner = stage.another_tab().await;
    let shown = settled(&owner, &talks).await;
    let taken = taken(&sim);
    let mut tally: HashMap<&str, usize> = HashMap::new();
    for words in &said {
        let (message, times) = (&shown[words], taken.get(words).copied().unwrap_or_default());
        let (delivery, unknown) = (&message["delivery"], &message["extra"]["failure"]["unknown"]);
        assert!(times <= 1, "{words} was sent {times} times: {message}");
        match delivery.as_str() {
            Some("failed") if unknown == true => *tally.entry("unknown").or_default() += 1,
            Some("failed") => *tally.entry("failed").or_default() += 1,
            Some(word) => {
                assert_eq!(times, 1, "{words} is shown as {word} and is nowhere");
                *tally.entry("arrived").or_default() += 1;
            }
            None => panic!("{message}"),
        }
        assert!(times == 0 || delivery != "failed" || unknown == true, "{words} arrived and is shown as failed");
    }
    println!("{} messages, {kills} kills: {tally:?}", said.len());
    in_order(&sim);
    stage.strike().await;
}

/// The tenant gets the simulator's account, and the simulator calls back.
async fn connects(stage: &Stage, sim: &Sim) {
    let body = json!({ "meta_app_id": Setup::APP, "name": "Our app", "secret": Setup::SECRET });
    let app = stage.owner.http.post("/v1/whatsapp/apps", body).await.is(201)["id"].clone();
    sim.calls_back(&format!("{}/inbound/whatsapp/{}", stage.server.doors.public, app.as_str().expect("an id")));
    let body = json!({ "app_id": app, "waba_id": Setup::WABA, "token": Setup::TOKEN });
    stage.owner.http.post("/v1/whatsapp/accounts", body).await.is(201);
}

/// Everybody says hello; gives the conversations.
async fn talks(stage: &Stage, sim: &Sim) -> Vec<String> {
    for n in 0..PEOPLE {
        let phone = format!("1650556{n:04}");
        let user = json!({ "phone": phone, "wa_id": phone, "name": phone });
        sim.world(|world| world.add_user(serde_json::from_value(user).expect("a user")));
        sim.user(&phone).says("Hello");
    }
    let began = Instant::now();
    loop {
        let page = stage.owner.http.get("/v1/conversations?source=whatsapp&limit=100").await.ok();
        let ids = page["items"].as_array().expect("a list").iter().filter_map(|one| one["id"].as_str());
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        if ids.len() == PEOPLE {
            return ids;
        }
        assert!(began.elapsed() < PATIENCE, "{} of {PEOPLE} conversations", ids.len());
        sleep(Duration::from_millis(100)).await;
    }
}

/// One agent writes to one person until told to stop, and does not give up; gives what was acknowledged.
async fn writes(http: Http, talk: String, stop: Arc<AtomicBool>) -> Vec<String> {
    let (mut said, path) = (Vec::new(), format!("/v1/conversations/{talk}/messages"));
    while !stop.load(Ordering::Acquire) {
        let words = format!("{} of {talk}", said.len());
        let body = json!({ "client_id": client_id(), "body": words });
        while !http.attempt(Method::POST, &path, Some(body.clone())).await.is_ok_and(|answer| answer.status < 300) {
            sleep(Duration::from_millis(rand::random_range(20..200))).await;
        }
        said.push(words);
        sleep(Duration::from_millis(rand::random_range(600..1_400))).await;
    }
    said
}

/// All messages by their words, once none of them waits any more.
async fn settled(owner: &Agent, talks: &[String]) -> HashMap<String, Value> {
    let began = Instant::now();
    loop {
        let mut all = HashMap::new();
        for talk in talks {
            let mine = owner.reads(talk).await.into_iter().filter(|message| message["author"]["kind"] == "agent");
            all.extend(mine.map(|message| (message["body"].as_str().unwrap_or_default().to_owned(), message)));
        }
        let waiting = all.values().filter(|message| message["delivery"] == "queued").count();
        if waiting == 0 {
            return all;
        }
        assert!(began.elapsed() < PATIENCE, "{waiting} messages still wait");
        sleep(Duration::from_secs(1)).await;
    }
}

/// How often Meta took each message.
fn taken(sim: &Sim) -> HashMap<String, usize> {
    let mut times = HashMap::new();
    for (_, words) in accepted(sim) {
        *times.entry(words).or_default() += 1;
    }
    times
}

/// What Meta took, in order: to whom, and the words.
fn accepted(sim: &Sim) -> Vec<(String, String)> {
    let took = |call: &Value| call["answer"]["messages"][0]["id"].is_string();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let calls = sim.noted("api").into_iter().filter(took);
    calls.map(|call| (text(&call["body"]["to"]), text(&call["body"]["text"]["body"]))).collect()
}

/// In each chat the numbers of the messages only grow.
fn in_order(sim: &Sim) {
    let mut last: HashMap<String, u64> = HashMap::new();
    for (to, words) in accepted(sim) {
        let n: u64 = words.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
        let before = last.insert(to, n);
        assert!(before.is_none_or(|before| before < n), "{words} came after {before:?}");
    }
}
