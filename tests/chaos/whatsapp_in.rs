//! REL-11: what was answered with 200 at WhatsApp's door is in the inbox once, however often it was delivered and
//! whenever the server was killed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use graph_sim::webhook::sha256_hex;
use graph_sim::{Setup, Sim};
use harness::Agent;
use rand::seq::SliceRandom;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::check;
use crate::load::{FEWEST, number};
use crate::stage::Stage;

/// Phones that write at once.
const PHONES: usize = 8;
/// How long what was acknowledged may be on its way, once nobody kills any more.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_11_deliveries_that_were_acknowledged_are_in_the_inbox_once_whatever_is_killed() {
    let sim = Sim::start(11).await.expect("the simulator starts");
    let net = ("PORCHLIGHT__NET__ALLOW", r#"["127.0.0.1/32"]"#.to_owned());
    let mut stage = Stage::with(&[("PORCHLIGHT__WHATSAPP__GRAPH_URL", sim.base().to_owned()), net]).await;
    let meta = Meta { door: connects(&stage).await, ..Meta::default() };
    let mut phones = JoinSet::new();
    (0..PHONES).for_each(|phone| drop(phones.spawn(writes(meta.clone(), phone))));
    let deadline = Instant::now() + Duration::from_secs(number("CHAOS_SECONDS", 30));
    let mut kills = 0;
    while Instant::now() < deadline || kills < FEWEST {
        sleep(Duration::from_millis(rand::random_range(1500..5000))).await;
        stage.server.kill();
        kills += 1;
        stage.server.start_again().await;
    }
    meta.stop.store(true, Ordering::Release);
    // whoever ends first comes first
    let mut sent = phones.join_all().await;
    sent.sort_unstable();
    let sent: Vec<usize> = sent.into_iter().map(|(_, count)| count).collect();
    let (all, again) = (sent.iter().sum::<usize>(), meta.again.load(Ordering::Relaxed));
    println!("{all} messages, {again} deliveries more than needed, {kills} kills");
    assert!(kills > 3 && all > 20 * kills && again > 50, "too little happened to prove anything");
    let owner = stage.another_tab().await;
    in_the_inbox_once(&owner, &sent).await;
    nothing_failed(&owner).await;
    stage.strike().await;
}

/// The tenant gets the simulator's account; gives the door.
async fn connects(stage: &Stage) -> String {
    let body = json!({ "meta_app_id": Setup::APP, "name": "Our app", "secret": Setup::SECRET });
    let app = stage.owner.http.post("/v1/whatsapp/apps", body).await.is(201)["id"].clone();
    let body = json!({ "app_id": app, "waba_id": Setup::WABA, "token": Setup::TOKEN });
    stage.owner.http.post("/v1/whatsapp/accounts", body).await.is(201);
    format!("{}/inbound/whatsapp/{}", stage.server.doors.public, app.as_str().expect("an id"))
}

/// Who delivers: at least once, as long as it takes, in no order between people.
#[derive(Clone, Default)]
struct Meta {
    door: String,
    client: reqwest::Client,
    /// Deliveries beyond the first that was acknowledged, and those that had to be repeated.
    again: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
}

impl Meta {
    /// Delivers until it is acknowledged.
    async fn delivers(&self, messages: &[Value]) {
        let body = delivery(messages);
        let signature = format!("sha256={}", sha256_hex(Setup::SECRET, &body));
        loop {
            let request = self.client.post(&self.door).header("x-hub-signature-256", &signature);
            match request.body(body.clone()).send().await.map(|answer| answer.status().as_u16()) {
                Ok(200) => return,
                Ok(401 | 403 | 404) => panic!("the door does not know the app any more"),
                _ => drop(self.again.fetch_add(1, Ordering::Relaxed)),
            }
            sleep(Duration::from_millis(rand::random_range(20..150))).await;
        }
    }
}

/// One person writes, now and then several words in one delivery; a third of it is delivered again, mixed with others.
/// Gives whose phone it was and how many messages there were.
async fn writes(meta: Meta, phone: usize) -> (usize, usize) {
    let mut said: Vec<Value> = Vec::new();
    while !meta.stop.load(Ordering::Acquire) {
        let from = said.len();
        let count = if rand::random_range(0..5) == 0 { 3 } else { 1 };
        said.extend((from..from + count).map(|n| message(phone, n)));
        meta.delivers(&said[from..]).await;
        if rand::random_range(0..3) == 0 {
            let mut once_more: Vec<Value> = said.iter().rev().take(6).cloned().collect();
            once_more.shuffle(&mut rand::rng());
            once_more.truncate(rand::random_range(1..=4));
            meta.again.fetch_add(1, Ordering::Relaxed);
            meta.delivers(&once_more).await;
        }
        // a fast writer, eight times
        sleep(Duration::from_millis(rand::random_range(50..150))).await;
    }
    (phone, said.len())
}

fn words(phone: usize, n: usize) -> String {
    format!("phone {phone} says {n}")
}

fn message(phone: usize, n: usize) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    json!({ "from": digits(phone), "id": format!("wamid.chaos{phone}x{n}"), "timestamp": now.to_string(), "type": "text",
        "text": { "body": words(phone, n) } })
}

fn digits(phone: usize) -> String {
    format!("1650555{phone:04}")
}

/// All of one person, as Meta packs them.
fn delivery(messages: &[Value]) -> Vec<u8> {
    let from = &messages[0]["from"];
    let value = json!({ "messaging_product": "whatsapp", "messages": messages,
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": Setup::NUMBER },
        "contacts": [{ "profile": { "name": format!("Phone {from}") }, "wa_id": from }] });
    let entry = json!([{ "id": Setup::WABA, "changes": [{ "field": "messages", "value": value }] }]);
    json!({ "object": "whatsapp_business_account", "entry": entry }).to_string().into_bytes()
}

/// Each message of each person once, in one conversation per person, numbered without a hole.
async fn in_the_inbox_once(owner: &Agent, sent: &[usize]) {
    let began = Instant::now();
    loop {
        let shown = conversations(owner).await;
        let there: i64 = shown.iter().filter_map(|one| one["last_seq"].as_i64()).sum();
        if there >= i64::try_from(sent.iter().sum::<usize>()).expect("a count") {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "acknowledged messages are missing: {there} of {sent:?} are there");
        // nothing tells that work which a dead process left has been done, so it is asked for
        sleep(Duration::from_millis(200)).await;
    }
    let shown = conversations(owner).await;
    assert_eq!(shown.len(), sent.len(), "one conversation per person: {shown:#?}");
    for conversation in shown {
        let id = conversation["id"].as_str().expect("an id");
        let messages = owner.reads(id).await;
        check::dense(id, &messages);
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        messages.iter().for_each(|one| *times.entry(one["body"].as_str().expect("words")).or_default() += 1);
        let phone = (0..sent.len()).find(|phone| times.contains_key(words(*phone, 0).as_str())).expect("somebody's");
        let expected = (0..sent[phone]).map(|n| words(phone, n)).collect::<Vec<_>>();
        let count = |text: &String| times.get(text.as_str()).copied().unwrap_or_default();
        let wrong: Vec<_> = expected.iter().map(|text| (text, count(text))).filter(|(_, count)| *count != 1).collect();
        assert!(wrong.is_empty(), "phone {phone}: lost or doubled: {wrong:?}");
        assert_eq!(times.len(), expected.len(), "phone {phone}: something nobody sent is there");
    }
}

async fn conversations(owner: &Agent) -> Vec<Value> {
    let page = owner.http.get("/v1/conversations?source=whatsapp&limit=100").await.ok();
    page["items"].as_array().expect("a list").clone()
}

/// What a killed process had in hand was taken up again, and nothing was written down as failed.
async fn nothing_failed(owner: &Agent) {
    let lines = owner.http.get("/v1/whatsapp/deliveries?limit=100").await.ok();
    let failed: Vec<_> =
        lines["items"].as_array().expect("lines").iter().filter(|line| line["state"] == "failed").collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
