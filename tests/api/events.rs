//! Events carry everything: a screen that applies them shows what loading it anew would show.
//!
//! A story is played on the real server. What a screen loaded before it, the events it heard and what it would load
//! after it are recorded in `fixtures/replay`; the reducers of both languages are held to the same files. Ids are
//! numbered by appearance and the clock stands still, so a recording changes only when the product does.
//! `REPLAY_UPDATE=1` writes the files anew. Their shape is `{name, kind, state, events, looks, fresh}`; a look is what
//! loading anew showed after so many events, `fresh` is the last one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use harness::{Agent, Live, PATIENCE, TestApp, Visitor, reduce};
use serde_json::{Value, json};

const SHOP: &str = "http://localhost:3000";

/// One screen's story.
struct Story {
    kind: &'static str,
    reduce: fn(&Value, &Value) -> Value,
    state: Value,
    events: Vec<Value>,
    /// What loading it anew showed after each act, and at which place in the stream.
    fresh: Vec<(i64, Value)>,
}

#[tokio::test]
async fn what_events_make_of_a_screen_is_what_loading_it_anew_shows() {
    for story in play().await {
        let mut shown = story.state.clone();
        let mut events = story.events.iter().peekable();
        for (n, fresh) in &story.fresh {
            let mut last = Value::Null;
            while let Some(event) = events.next_if(|event| place(&event["position"]) <= *n) {
                shown = (story.reduce)(&shown, event);
                last = event["type"].clone();
            }
            assert_eq!(pretty(&shown), pretty(fresh), "{}: reduced and fresh differ after {last}", story.kind);
        }
        assert_eq!(events.next(), None, "events after the last look");
        story.compare();
    }
}

/// The number in a position; only tests take one apart.
fn place(position: &Value) -> i64 {
    let text = position.as_str().expect("a position");
    text.rsplit('-').next().and_then(|n| n.parse().ok()).expect("a number")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("values print")
}

/// Everything that changes a screen, in one conversation and beside it.
async fn play() -> Vec<Story> {
    let mut stage = Stage::new().await;
    stage.anna_writes("first", "hello").await;
    let conversation = stage.anna.conversation().to_owned();
    stage.looks = Default::default();
    let (list, position) = stage.list().await;
    let thread = stage.thread().await;
    let own = stage.visitor_thread().await;
    stage.mia.listens(Some(&position)).await;
    stage.owner.listens(Some(&position)).await;
    stage.anna.position = json!(position);
    stage.anna.listens().await;

    stage.anna_writes("second", "Do you have these\nin red?").await;
    stage.does("POST", &format!("/v1/conversations/{conversation}/read"), json!({ "seq": 2 })).await;
    stage.mia_writes(json!({ "client_id": "m1", "body": "We do!" })).await;
    stage.anna_has("delivered", 3).await;
    stage.anna_has("read", 3).await;
    stage.mia_notes(json!({ "client_id": "m2", "body": "a good customer", "visibility": "note" })).await;
    stage.mia_writes(json!({ "client_id": "m2b", "body": "Shall I put them aside?" })).await;
    stage.does("POST", &format!("/v1/conversations/{conversation}/assign"), json!({ "agent_id": stage.mia.id })).await;
    stage.ben_writes("ben", "Is anybody there?").await;
    stage.does("PATCH", &format!("/v1/conversations/{conversation}"), json!({ "status": "resolved" })).await;
    stage.anna_writes("third", "One more thing").await;
    stage.anna_is(json!({ "name": "Anna", "email": "anna@mail.example" })).await;
    stage.anna_is(json!({ "context": { "title": "Red shoes", "image": null, "price": "49 €", "url": null } })).await;
    stage.does("PATCH", &format!("/v1/conversations/{conversation}"), json!({ "status": "pending" })).await;
    stage.does("POST", &format!("/v1/conversations/{conversation}/assign"), json!({ "agent_id": null })).await;
    stage.mia_has("delivered", 6).await;
    stage.mia_writes(json!({ "client_id": "m3", "body": "x".repeat(200) })).await;
    let sizes = stage.anna_sends_a_file("sizes.txt", "36 to 42").await;
    stage.jobs_run().await;
    stage.does("DELETE", &format!("/v1/files/{sizes}"), json!({})).await;
    let bens = stage.ben.conversation().to_owned();
    stage.does("DELETE", &format!("/v1/conversations/{bens}"), json!({})).await;
    stage.anna_writes("fourth", "Thanks").await;
    let end = stage.mia_writes(json!({ "client_id": "m4", "body": "Goodbye" })).await;

    let told = events_until(stage.mia.live(), &end).await;
    let hers = events_until(stage.anna.live(), &end).await;
    let [lists, threads, own_threads] = stage.looks;
    let story = |kind, reduce, state, events, fresh| Story { kind, reduce, state, events, fresh };
    vec![
        story("agent_list", reduce::agent_list, list, told.clone(), lists),
        story("thread", reduce::thread, thread, told, threads),
        story("visitor_thread", reduce::visitor_thread, own, hers, own_threads),
    ]
}

/// The people of the story. Every act is a second after the last one.
struct Stage {
    app: TestApp,
    owner: Agent,
    mia: Agent,
    anna: Visitor,
    ben: Visitor,
    /// List, thread and the visitor's thread after each act.
    looks: [Vec<(i64, Value)>; 3],
}

impl Stage {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let tenant = app.tenant("Acme").await;
        let widget = tenant.has_widget(SHOP).await;
        let mia = tenant.invites(&app, "Mia", "agent").await;
        let (anna, ben) = (app.visitor(&widget).await, app.visitor(&widget).await);
        Self { owner: tenant.owner, mia, anna, ben, app, looks: Default::default() }
    }

    fn tick(&self) {
        self.app.later(Duration::from_secs(1));
    }

    /// Notes what loading everything anew shows now.
    async fn look(&mut self) {
        let (list, position) = self.list().await;
        let n = place(&json!(position));
        let fresh = [list, self.thread().await, self.visitor_thread().await];
        self.looks.iter_mut().zip(fresh).for_each(|(looks, fresh)| looks.push((n, fresh)));
    }

    async fn does(&mut self, method: &str, path: &str, body: Value) {
        self.tick();
        let method = method.parse().expect("a method");
        let answer = self.owner.http.send(method, path, Some(body)).await;
        assert!(answer.status < 300, "{path}: {}", answer.text);
        self.look().await;
    }

    async fn anna_writes(&mut self, client_id: &str, words: &str) {
        self.tick();
        let answer = self.anna.posts(json!({ "client_id": client_id, "body": words })).await.ok();
        self.anna.keeps(&answer);
        self.mia.opens(self.anna.conversation());
        self.look().await;
    }

    async fn ben_writes(&mut self, client_id: &str, words: &str) {
        self.tick();
        let answer = self.ben.posts(json!({ "client_id": client_id, "body": words })).await.ok();
        self.ben.keeps(&answer);
        self.look().await;
    }

    /// A message without words, whose file has not been looked at yet. Gives the file's id.
    async fn anna_sends_a_file(&mut self, name: &str, words: &str) -> String {
        self.tick();
        let sent = self.anna.http.upload("/widget/v1/files", (name, "text/plain"), words.as_bytes()).await.is(201);
        let id = sent["file"]["id"].as_str().expect("an id").to_owned();
        self.anna.posts(json!({ "client_id": "file", "body": "", "file_ids": [id] })).await.ok();
        self.look().await;
        id
    }

    async fn jobs_run(&mut self) {
        self.tick();
        self.app.run_due().await;
        self.look().await;
    }

    /// Gives the position.
    async fn mia_writes(&mut self, body: Value) -> String {
        self.tick();
        let answer = self.mia.posts(body).await.ok();
        self.look().await;
        answer["position"].as_str().expect("a position").to_owned()
    }

    /// A note counts in the visitor's `last_seq` and `updated_at` although no event tells the visitor: their screen is
    /// looked at again after the next public message only. Due to go when those two no longer count notes.
    async fn mia_notes(&mut self, body: Value) {
        self.mia_writes(body).await;
        self.looks[2].pop();
    }

    async fn anna_is(&mut self, profile: Value) {
        self.tick();
        self.anna.http.patch("/widget/v1/visitor", profile).await.ok();
        self.look().await;
    }

    async fn anna_has(&mut self, state: &str, seq: i64) {
        let frame = self.seen(state, seq);
        self.anna.live().send(frame).await;
        self.owner.live().expect(|frame| frame["type"] == "receipt_moved" && frame["side"] == "visitor").await;
        self.look().await;
    }

    async fn mia_has(&mut self, state: &str, seq: i64) {
        let frame = self.seen(state, seq);
        self.mia.live().send(frame).await;
        let moved = |frame: &Value| frame["type"] == "receipt_moved" && frame["side"] == "agent" && frame["seq"] == seq;
        self.owner.live().expect(moved).await;
        self.look().await;
    }

    fn seen(&self, state: &str, seq: i64) -> Value {
        self.tick();
        json!({ "type": "seen", "conversation_id": self.anna.conversation(), "seq": seq, "state": state })
    }

    async fn list(&self) -> (Value, String) {
        let list = self.mia.http.get("/v1/conversations?status=all").await.ok();
        (list["items"].clone(), list["position"].as_str().expect("a position").to_owned())
    }

    async fn thread(&self) -> Value {
        let id = self.anna.conversation();
        let messages = self.mia.reads(id).await;
        let shown = self.mia.http.get(&format!("/v1/conversations/{id}")).await.ok();
        json!({ "conversation_id": id, "messages": messages, "receipts": shown["conversation"]["receipts"] })
    }

    async fn visitor_thread(&self) -> Value {
        let list = self.anna.http.get("/widget/v1/conversations").await.ok();
        json!({ "conversation": list["items"][0], "messages": self.anna.reads().await })
    }
}

/// Every event up to this position; typing and presence are not events.
async fn events_until(live: &mut Live, end: &str) -> Vec<Value> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut events = Vec::new();
    while let Some(frame) = live.frame(deadline).await {
        if frame["at"].is_string() {
            events.push(frame);
        }
        if events.last().is_some_and(|event| event["position"] == end) {
            return events;
        }
    }
    panic!("the last event never came; heard {events:#?}")
}

impl Story {
    /// The recording: ids and positions numbered in the order in which they appear.
    fn recording(&self) -> Value {
        let Self { kind, state, events, fresh, .. } = self;
        let heard = |n: i64| events.iter().filter(|event| place(&event["position"]) <= n).count();
        let looks: Vec<_> = fresh.iter().map(|(n, fresh)| json!({ "events": heard(*n), "fresh": fresh })).collect();
        let last = fresh.last().map(|(_, fresh)| fresh);
        let mut recording =
            json!({ "name": kind, "kind": kind, "state": state, "events": events, "looks": looks, "fresh": last });
        Numbers::default().number(&mut recording);
        recording
    }

    fn compare(&self) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/replay/{}.json", self.kind));
        let recording = pretty(&self.recording()) + "\n";
        if std::env::var_os("REPLAY_UPDATE").is_some() {
            std::fs::write(&path, &recording).expect("the recording is written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, recording, "{}: the product changed; record again with REPLAY_UPDATE=1", path.display());
    }
}

/// Replaces what differs from run to run by numbers in the order of appearance.
#[derive(Default)]
struct Numbers {
    known: HashMap<String, String>,
    next: HashMap<String, usize>,
}

impl Numbers {
    fn number(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.number(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(text) if name == "position" => *text = self.named("position", text),
                        member => self.number(member),
                    }
                }
            }
            Value::String(text) => {
                let id = text
                    .split_once('_')
                    .filter(|(_, hex)| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
                if let Some((prefix, _)) = id {
                    let prefix = prefix.to_owned();
                    *text = self.named(&prefix, text);
                }
            }
            _ => {}
        }
    }

    fn named(&mut self, kind: &str, text: &str) -> String {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let next = self.next.entry(kind.to_owned()).or_insert(0);
        *next += 1;
        let name = if kind == "position" { format!("1-0-{next}") } else { format!("{kind}_{next:032x}") };
        self.known.insert(text.to_owned(), name.clone());
        name
    }
}
