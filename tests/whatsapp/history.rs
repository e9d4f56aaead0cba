//! What was written on a phone before its number was connected.

use std::time::{Duration, Instant};

use graph_sim::Setup;
use harness::Agent;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};
use crate::world::{Stage, count, id, items};

impl Talking {
    /// Somebody who has just signed in: the clock moves far here.
    async fn reader(&self) -> Agent {
        self.stage.app.signs_in(&self.stage.tenant.owner.email).await
    }

    async fn import(&self) -> Value {
        let reader = self.reader().await;
        let number = items(&reader, "/v1/whatsapp/numbers").await.remove(0);
        reader.http.get(&format!("/v1/whatsapp/numbers/{}/import", id(&number))).await.ok()
    }

    /// Conversations that are of the past.
    async fn pasts(&self) -> Vec<Value> {
        let all = items(&self.reader().await, "/v1/conversations?status=all").await;
        all.into_iter().filter(|one| one["id"] != self.conversation()).collect()
    }

    /// All messages of a conversation, however many.
    async fn all(&self, conversation: &Value) -> Vec<Value> {
        let reader = self.reader().await;
        let (mut all, mut before) = (Vec::new(), 1_000_000_i64);
        loop {
            let path = format!("/v1/conversations/{}/messages?limit=100&before_seq={before}", id(conversation));
            let page = reader.http.get(&path).await.ok()["items"].as_array().expect("messages").clone();
            let Some(first) = page.first() else { return all };
            before = first["seq"].as_i64().expect("a number");
            all.splice(0..0, page);
        }
    }
}

/// What was said since the beginning, by kind of event.
async fn told(stage: &Stage, kind: &str) -> i64 {
    let conn = stage.app.ctx().db.platform();
    let text = format!("select count(*) from outbox where body like '%\"type\":\"{kind}\"%'");
    let row = conn.query_one_raw(store::sql(conn.get_database_backend(), &text, [])).await.expect("read");
    row.expect("a row").try_get_by_index(0).expect("a number")
}

fn history(talk: &Talking, args: Value) {
    talk.stage.sim.number(Setup::NUMBER).act("history", &args);
}

#[tokio::test]
async fn the_past_comes_in_shuffled_pieces_and_is_one_sorted_conversation_per_person() {
    let talk = Talking::begin().await;
    let events = (told(&talk.stage, "message_posted").await, told(&talk.stage, "conversation_opened").await);
    history(&talk, json!({ "messages": 400, "chunk": 25, "media": false }));
    talk.passes().await;
    let import = talk.import().await;
    assert_eq!(
        (&import["state"], &import["progress"], &import["messages"]),
        (&json!("receiving"), &json!(100), &json!(400))
    );
    assert_eq!(talk.pasts().await.len(), 0, "pieces overtake each other: nothing is written before all are here");
    talk.jumps(31_000).await;
    let import = talk.import().await;
    assert_eq!((&import["state"], &import["people"]), (&json!("done"), &json!(3)), "{import}");
    let pasts = talk.pasts().await;
    assert_eq!(pasts.len(), 3, "{pasts:?}");
    let mut found = 0;
    for past in &pasts {
        assert_eq!(
            (&past["status"], &past["unread"], &past["assignee"]),
            (&json!("resolved"), &json!(0), &Value::Null)
        );
        assert_eq!(past["window"], Value::Null);
        let all = talk.all(past).await;
        found += all.len();
        let times: Vec<&str> = all.iter().map(|one| one["created_at"].as_str().expect("a time")).collect();
        assert!(times.is_sorted(), "{times:?}");
        assert!(all.iter().enumerate().all(|(n, one)| one["seq"] == json!(n + 1) && one["extra"]["history"] == true));
        assert_eq!(past["last_message_at"].as_str(), times.last().copied());
        let kinds = |kind: &str| all.iter().filter(|one| one["author"]["kind"] == kind).count();
        assert!(kinds("visitor") > 20 && kinds("agent") > 20, "both sides wrote");
        assert!(all.iter().filter(|one| one["author"]["kind"] == "agent").all(|one| one["extra"]["phone_app"] == true));
    }
    assert_eq!(found, 400);
    let since = (told(&talk.stage, "message_posted").await, told(&talk.stage, "conversation_opened").await);
    assert_eq!((since.0 - events.0, since.1 - events.1), (0, 3), "one event per conversation, none per message");
    let live = talk.shown().await;
    assert_eq!((&live["status"], &live["unread"], &live["last_seq"]), (&json!("open"), &json!(1), &json!(1)));
    assert_eq!((talk.stage.rows("outgoing").await, talk.stage.rows("wa_past").await), (0, 0));
    let lines = talk.stage.lines().await;
    assert_eq!((count(&lines, "history", "done"), count(&lines, "history", "waiting")), (16, 0));
}

#[tokio::test]
async fn whoever_writes_next_goes_on_where_the_past_ends() {
    let talk = Talking::begin().await;
    history(&talk, json!({ "messages": 30, "chunk": 10, "media": false }));
    talk.passes().await;
    talk.jumps(31_000).await;
    talk.stage.sim.user("491701234567").says("It is me again");
    talk.stage.sim.user(ADA).says("And me");
    talk.passes().await;
    let pasts = talk.pasts().await;
    assert_eq!(pasts.len(), 3);
    let again = pasts.iter().find(|past| past["preview"] == "It is me again").expect("taken up");
    assert_eq!((&again["status"], &again["unread"]), (&json!("open"), &json!(1)));
    assert!(again["last_seq"].as_i64() > Some(5), "what was said before is there: {again}");
    assert_eq!(talk.shown().await["preview"], "And me", "Ada's live conversation goes on");
}

#[tokio::test]
async fn pieces_that_come_twice_or_late_double_nothing() {
    let talk = Talking::begin().await;
    talk.stage.sim.fault("F1.serial", &json!({ "args": { "copies": 2 }, "times": 50 }));
    history(&talk, json!({ "messages": 60, "chunk": 10, "media": false }));
    talk.passes().await;
    talk.jumps(31_000).await;
    assert_eq!(talk.import().await["messages"], 60);
    // a piece the phone sends once more, a day later
    let last = talk.stage.sim.pushed().into_iter().rev().find(|push| push.to_string().contains("\"history\""));
    let body = last.expect("a piece").to_string();
    talk.stage.app.later(Duration::from_secs(86_400));
    assert_eq!(talk.stage.delivers(Setup::SECRET, body.as_bytes()).await, 200);
    talk.passes().await;
    talk.jumps(601_000).await;
    let import = talk.import().await;
    assert_eq!((&import["state"], &import["messages"]), (&json!("done"), &json!(60)));
    let owner = talk.stage.app.signs_in(&talk.stage.tenant.owner.email).await;
    let pasts = items(&owner, "/v1/conversations?status=resolved").await;
    assert_eq!(pasts.iter().map(|past| past["last_seq"].as_i64().expect("a number")).sum::<i64>(), 60);
}

#[tokio::test]
async fn without_a_hundred_the_past_is_written_ten_minutes_after_its_last_piece() {
    let talk = Talking::begin().await;
    let message = |id: &str, at: i64, words: &str| {
        json!({ "from": ADA, "id": id, "timestamp": at.to_string(),
        "type": "text", "text": { "body": words }, "history_context": { "status": "READ" } })
    };
    let piece = |order: i64, messages: Vec<Value>| {
        json!({ "history": [{ "metadata": { "phase": 0, "chunk_order": order, "progress": 40 },
        "threads": [{ "id": ADA, "messages": messages }] }] })
    };
    let number = talk.stage.sim.number(Setup::NUMBER);
    let second = message("wamid.b", 1_790_000_100, "Second");
    number.act("push", &json!({ "field": "history", "keys": piece(2, vec![second]) }));
    talk.passes().await;
    talk.jumps(590_000).await;
    let mut answer = message("wamid.c", 1_790_000_200, "Third");
    answer["context"] = json!({ "id": "wamid.a" });
    let sign = json!({ "from": ADA, "id": "wamid.d", "timestamp": "1790000300", "type": "reaction",
        "reaction": { "message_id": "wamid.b", "emoji": "👍" } });
    let first = message("wamid.a", 1_790_000_000, "First");
    number.act("push", &json!({ "field": "history", "keys": piece(1, vec![sign, answer, first]) }));
    talk.passes().await;
    talk.jumps(590_000).await;
    assert_eq!((talk.pasts().await.len(), &talk.import().await["state"]), (0, &json!("receiving")));
    talk.jumps(11_000).await;
    let pasts = talk.pasts().await;
    assert_eq!(pasts.len(), 1);
    let all = talk.all(&pasts[0]).await;
    let words: Vec<&str> = all.iter().map(|one| one["body"].as_str().expect("words")).collect();
    assert_eq!(words, ["First", "Second", "Third"]);
    assert_eq!(all[2]["reply_to"], all[0]["id"]);
    assert_eq!(all[1]["extra"]["reactions"][0]["emoji"], "👍");
}

#[tokio::test]
async fn files_that_were_only_announced_are_fetched_when_they_are_named() {
    let talk = Talking::begin().await;
    history(&talk, json!({ "messages": 2_000, "chunk": 200 }));
    talk.passes().await;
    talk.jumps(31_000).await;
    let (mut missing, mut there) = (0, 0);
    for past in talk.pasts().await {
        for one in talk.all(&past).await {
            let content = &one["extra"]["content"];
            missing += usize::from(content["state"] == "missing");
            there += one["files"].as_array().expect("files").len();
        }
    }
    let named = talk.stage.sim.pushed().iter().filter(|push| push.to_string().contains("\"image\":{")).count();
    assert!(named > 0, "the simulator named some");
    assert_eq!(there, named, "the last fourteen days have their files");
    assert!(missing > 0, "older ones say that they are missing");
}

#[tokio::test]
async fn a_file_named_after_the_past_was_written_comes_to_its_message() {
    let talk = Talking::begin().await;
    let item = |kind: &str| json!({ "from": ADA, "id": "wamid.file", "timestamp": "1790000000", "type": kind });
    let thread = json!({ "id": ADA, "messages": [item("media_placeholder")] });
    let piece =
        json!({ "history": [{ "metadata": { "phase": 0, "chunk_order": 1, "progress": 100 }, "threads": [thread] }] });
    let number = talk.stage.sim.number(Setup::NUMBER);
    number.act("push", &json!({ "field": "history", "keys": piece }));
    talk.passes().await;
    talk.jumps(31_000).await;
    let past = talk.pasts().await.remove(0);
    assert_eq!(talk.all(&past).await[0]["extra"]["content"]["reason"], "no_id");
    let mut file = item("image");
    file["image"] = json!({ "id": "no-such-file", "mime_type": "image/jpeg", "sha256": "x", "caption": "The porch" });
    number.act("push", &json!({ "field": "history", "keys": { "messages": [file] } }));
    talk.passes().await;
    let message = talk.all(&past).await.remove(0);
    assert_eq!(
        (&message["body"], &message["extra"]["content"]["kind"]),
        (&json!("The porch"), &json!("image")),
        "{message}"
    );
    assert_ne!(message["extra"]["content"]["reason"], "no_id", "it was looked for");
    assert_eq!(talk.pasts().await.len(), 1);
}

#[tokio::test]
async fn a_business_that_does_not_share_its_past_is_noted_as_such() {
    let talk = Talking::begin().await;
    talk.stage.sim.number(Setup::NUMBER).act("history_declined", &json!({}));
    talk.passes().await;
    let import = talk.import().await;
    assert_eq!(import["state"], "declined");
    assert!(import["problem"].as_str().is_some_and(|words| words.contains("does not share")), "{import}");
    assert_eq!(talk.pasts().await.len(), 0);
}

#[tokio::test]
async fn the_phone_is_asked_once_and_refusals_are_noted() {
    let stage = Stage::begin().await;
    let now = stage.app.clock().now().millis();
    stage.sim.world(|world| {
        world.clock.set(now);
        let number = world.numbers.get_mut(Setup::NUMBER).expect("the number");
        (number.coexistence, number.onboarded) = (true, now);
    });
    stage.connects().await.is(201);
    let path = format!("/v1/whatsapp/numbers/{}/import", id(&stage.number().await));
    let agent = stage.tenant.invites(&stage.app, "Amy", "agent").await;
    agent.http.post(&path, json!({})).await.refused(403, "role_required");
    let http = &stage.tenant.owner.http;
    let answer = http.post(&path, json!({})).await.is(202);
    assert_eq!(answer["problem"], Value::Null, "{answer}");
    stage.lines().await;
    assert_eq!(agent.http.get(&path).await.ok()["messages"], 40);
    // once only
    let again = http.post(&path, json!({})).await.is(202);
    assert!(again["problem"].as_str().is_some_and(|words| words.contains("asked for before")), "{again}");
    assert_eq!(again["state"], "receiving", "what comes goes on");
    assert_eq!(items(&stage.tenant.owner, "/v1/contacts").await.len(), 3, "the address book came as well");
    let names = items(&stage.tenant.owner, "/v1/contacts?q=Pablo").await;
    assert_eq!(names.len(), 1);
}

#[tokio::test]
async fn a_number_that_is_on_no_phone_has_no_past_to_ask_for() {
    let talk = Talking::begin().await;
    let path = format!("/v1/whatsapp/numbers/{}/import", id(&talk.number().await));
    assert_eq!(talk.import().await["state"], "none");
    talk.owner.http.post(&path, json!({})).await.refused(409, "number_not_shared");
}

#[tokio::test]
async fn an_address_book_names_the_nameless_and_takes_nobody_away() {
    let talk = Talking::begin().await;
    let number = talk.stage.sim.number(Setup::NUMBER);
    let contact = talk.shown().await["contact"]["id"].as_str().expect("an id").to_owned();
    talk.owner.http.patch(&format!("/v1/contacts/{contact}"), json!({ "name": "Our Ada" })).await.ok();
    let nameless = json!({ "from": "4930123456", "id": "wamid.n", "timestamp": "1796126400", "type": "text", "text": { "body": "Hi" } });
    number.act("push", &json!({ "field": "messages", "keys": { "messages": [nameless] } }));
    talk.passes().await;
    let entry = |phone: &str, name: &str| {
        json!({ "type": "contact", "action": "add",
        "contact": { "phone_number": phone, "full_name": name, "first_name": name } })
    };
    let book = json!([entry(ADA, "Pablo"), entry("4930123456", "Berlin"), entry("33123456789", "Paris")]);
    number.act("push", &json!({ "field": "smb_app_state_sync", "keys": { "state_sync": book } }));
    talk.passes().await;
    let people = items(&talk.owner, "/v1/contacts").await;
    let mut names: Vec<&str> = people.iter().filter_map(|one| one["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Berlin", "Our Ada", "Paris"], "a name the team gave stays");
    assert_eq!(talk.conversations().await.len(), 2, "an address book talks to nobody");
    let gone = json!([{ "type": "contact", "action": "remove", "contact": { "phone_number": "33123456789" } }]);
    number.act("push", &json!({ "field": "smb_app_state_sync", "keys": { "state_sync": gone } }));
    talk.passes().await;
    assert_eq!(items(&talk.owner, "/v1/contacts").await.len(), 3);
}

/// Live messages while a past of this many messages is read and written. `PAST_MESSAGES=50000` for the whole flood.
#[tokio::test]
async fn f18_live_messages_get_through_while_the_past_comes_in() {
    let talk = Talking::begin().await;
    let total = std::env::var("PAST_MESSAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000_u64);
    history(&talk, json!({ "messages": total, "chunk": 500, "media": false }));
    talk.stage.sim.settle().await;
    let (begun, ctx) = (Instant::now(), talk.stage.app.ctx());
    let jobs = [chat::jobs(), whatsapp::jobs()].concat();
    let (_stays, leaving) = store::Leave::new();
    let worker = tokio::spawn(store::Runner::new(ctx.db.clone(), ctx.clone(), jobs).run(leaving));
    let done = async {
        let mut is_later = false;
        loop {
            let import = talk.import().await;
            if import["state"] == "done" {
                return;
            }
            if !is_later && import["messages"] == total && import["progress"] == 100 {
                talk.stage.app.later(Duration::from_secs(31));
                is_later = true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let mut waited = Vec::new();
    let live = async {
        for turn in 1.. {
            let words = format!("Live {turn}");
            let asked = Instant::now();
            talk.stage.sim.user(ADA).says(&words);
            while talk.shown().await["preview"] != json!(words) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            waited.push(asked.elapsed());
        }
    };
    tokio::select! { () = done => (), () = live => () }
    worker.abort();
    waited.sort_unstable();
    let p95 = waited[waited.len() * 95 / 100];
    println!(
        "{total} old messages in {:?}; {} live ones, p95 {p95:?}, last {:?}",
        begun.elapsed(),
        waited.len(),
        waited.last()
    );
    assert!(waited.len() > 3, "live ones were written meanwhile");
    assert_eq!(
        talk.pasts().await.iter().map(|past| past["last_seq"].as_i64().expect("a number")).sum::<i64>(),
        total as i64
    );
    let live = talk.shown().await;
    assert_eq!(live["unread"], live["last_seq"], "only live messages are unread");
    assert!(p95 < Duration::from_secs(5), "a live message waited {p95:?}");
}

#[tokio::test]
async fn connecting_a_number_that_is_on_a_phone_asks_for_its_past_by_itself() {
    let stage = Stage::begin().await;
    let now = stage.app.clock().now().millis();
    stage.sim.world(|world| {
        world.clock.set(now);
        let number = world.numbers.get_mut(Setup::NUMBER).expect("the number");
        (number.coexistence, number.onboarded) = (true, now);
        world.codes.insert("the-code".to_owned(), (Setup::TOKEN.to_owned(), now + 60_000));
    });
    let body = json!({ "app_id": stage.meta["id"], "code": "the-code", "waba_id": Setup::WABA, "phone_number_id": Setup::NUMBER });
    stage.tenant.owner.http.post("/v1/whatsapp/signup", body).await.is(201);
    stage.lines().await;
    let path = format!("/v1/whatsapp/numbers/{}/import", id(&stage.number().await));
    let import = stage.tenant.owner.http.get(&path).await.ok();
    assert_eq!((&import["messages"], &import["problem"]), (&json!(40), &Value::Null), "{import}");
}
