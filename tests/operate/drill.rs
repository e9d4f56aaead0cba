//! REL-23: backed up under load, destroyed, restored elsewhere; and what is damaged is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::{Agent, Doors, Live, Visitor, Widget, client_id, found};
use serde_json::{Value, json};

use crate::place::Place;

const ORIGIN: &str = "http://localhost:3000";

/// Where a server of this process is.
pub fn doors(running: &server::Running) -> Doors {
    let address = |text: String| format!("http://{text}");
    let public = address(running.public.expect("it serves people").to_string());
    let operator = address(running.operator.to_string());
    Doors { public_url: public.clone(), operator_url: operator.clone(), public, operator }
}

/// A widget for a page on this machine.
pub async fn widget(owner: &Agent) -> Widget {
    let body = json!({ "name": "Shop", "display": "floating" });
    let id = owner.http.post("/v1/widgets", body).await.is(201)["id"].as_str().expect("an id").to_owned();
    let claim = json!({ "host": "localhost:3000", "scope": "test", "method": "http" });
    owner.http.post(&format!("/v1/widgets/{id}/domains"), claim).await.is(201);
    Widget { id, origin: ORIGIN.to_owned() }
}

/// Writes one message after the other; gives every acknowledged one with how long it took.
pub async fn writes(doors: Doors, widget: Widget, stop: Arc<AtomicBool>) -> Vec<(Value, Instant, Duration)> {
    let mut visitor = Visitor::arrives(&doors, &widget, None).await;
    let opened = visitor.posts(json!({ "client_id": client_id(), "body": "first words" })).await.is(201);
    visitor.keeps(&opened);
    let path = format!("/widget/v1/conversations/{}/messages", visitor.conversation());
    let mut acknowledged = Vec::new();
    while !stop.load(Ordering::Acquire) {
        let began = Instant::now();
        let body = json!({ "client_id": client_id(), "body": format!("words {}", acknowledged.len()) });
        let answer = visitor.http.post(&path, body).await.is(201);
        acknowledged.push((answer["message"].clone(), Instant::now(), began.elapsed()));
    }
    acknowledged
}

/// Waits until that many people have written so many messages each.
pub async fn write(owner: &Agent, people: usize, messages: i64) {
    let busy = |one: &&Value| one["last_seq"].as_i64() >= Some(messages);
    tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let page = owner.http.get("/v1/conversations").await.ok();
            if page["items"].as_array().is_some_and(|all| all.iter().filter(busy).count() >= people) {
                break;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("everybody writes");
}

/// Every one of these messages is in its conversation, which has no gap.
pub async fn are_there(owner: &Agent, acknowledged: &[Value]) {
    let mut by_conversation = BTreeMap::<_, Vec<&Value>>::new();
    for message in acknowledged {
        let conversation = message["conversation_id"].as_str().expect("a conversation");
        by_conversation.entry(conversation).or_default().push(message);
    }
    for (conversation, messages) in by_conversation {
        let there = owner.reads(conversation).await;
        for message in messages {
            let same = there.iter().find(|one| one["id"] == message["id"]).expect("an acknowledged message is there");
            assert_eq!((&same["seq"], &same["body"]), (&message["seq"], &message["body"]));
        }
        let numbers: Vec<_> = there.iter().filter_map(|one| one["seq"].as_i64()).collect();
        assert_eq!(numbers, (1..).take(there.len()).collect::<Vec<_>>(), "the sequence is dense");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_23_a_backup_under_load_brings_back_every_message_acknowledged_before_it() {
    let (lost, shelf) = (Place::new().await, tempfile::tempdir().expect("a folder"));
    let running = lost.start().await;
    let doors_then = doors(&running);
    let email = found(&running.ctx, "Acme").await;
    let owner = Agent::signs_in(&doors_then, &email).await;
    let widget = widget(&owner).await;
    let stop = Arc::new(AtomicBool::new(false));
    let people: Vec<_> =
        (0..4).map(|_| tokio::spawn(writes(doors_then.clone(), widget.clone(), stop.clone()))).collect();
    write(&owner, 4, 20).await;
    let position = owner.http.get("/v1/conversations").await.ok()["position"].as_str().expect("a position").to_owned();
    let began = Instant::now();
    println!("{}", lost.backs_up(shelf.path()).await);
    let took = began.elapsed();
    stop.store(true, Ordering::Release);
    let mut before = Vec::new();
    let mut slowest = Duration::ZERO;
    for person in people {
        for (message, at, waited) in person.await.expect("nobody panicked") {
            slowest = slowest.max(waited);
            before.extend((at < began).then_some(message));
        }
    }
    println!("{} acknowledged before it; it took {took:?}, the slowest answer beside it {slowest:?}", before.len());
    assert!(!before.is_empty(), "the premise: somebody had written");
    running.stop().await;

    let place = Place::bare().await;
    let restored = place.run(&["restore", &shelf.path().display().to_string()], &[]).await.well();
    assert!(restored.contains("Epochs of") && restored.contains("sessions of people"), "{restored}");
    let again = place.run(&["restore", &shelf.path().display().to_string()], &[]).await.refused();
    assert!(again.contains("not empty"), "{again}");
    let running = place.start().await;
    let doors_now = doors(&running);
    let owner = Agent::signs_in(&doors_now, &email).await;
    are_there(&owner, &before).await;
    harness::files_check::assert_agree(&running.ctx).await;
    let base = owner.http.base().to_owned();
    let mut live = Live::open(&base, "/v1/live", &base).await.expect("a socket");
    live.send(json!({ "type": "hello", "token": owner.http.token(), "after": position })).await;
    let welcome = live.frame(tokio::time::Instant::now() + Duration::from_secs(10)).await.expect("a welcome");
    assert_eq!(
        (&welcome["type"], &welcome["resumed"]),
        (&json!("welcome"), &json!(false)),
        "an old position is of another life"
    );
    running.stop().await;
    place.remove().await;
    lost.remove().await;
}

/// The only backup on a shelf.
fn only(shelf: &Path) -> PathBuf {
    let names = fs::read_dir(shelf).expect("a shelf").map(|entry| entry.expect("an entry").path());
    names.into_iter().find(|path| path.join("manifest.json").exists()).expect("a backup")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_23_what_is_damaged_missing_or_half_is_refused_before_anything_is_touched() {
    let (place, shelf) = (Place::new().await, tempfile::tempdir().expect("a folder"));
    let running = place.start().await;
    found(&running.ctx, "Acme").await;
    place.backs_up(shelf.path()).await;
    running.stop().await;
    let (backup, dir) = (only(shelf.path()), shelf.path().display().to_string());
    let sqlite = backup.join("database.sqlite");
    let piece = if sqlite.exists() { sqlite } else { backup.join("database.dump") };
    let (whole, target) = (fs::read(&piece).expect("a piece"), Place::bare().await);
    let restore = || async { target.run(&["restore", &dir], &[]).await };

    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    fs::write(&piece, flipped).expect("damaged");
    let said = restore().await.refused();
    assert!(said.contains("is damaged") && said.lines().count() == 1, "{said}");
    fs::remove_file(&piece).expect("gone");
    let said = restore().await.refused();
    assert!(said.contains("is missing"), "{said}");
    fs::write(&piece, &whole).expect("put back");

    let manifest = backup.join("manifest.json");
    let good = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, good.replacen("\"engine\"", "\"engine\" ", 1).replacen("0.1.0", "0.1.1", 1)).expect("changed");
    let said = restore().await.refused();
    assert!(said.contains("is damaged: its hash"), "{said}");
    fs::remove_file(&manifest).expect("gone");
    let said = restore().await.refused();
    assert!(said.contains("never finished") && said.contains("no finished backup"), "{said}");
    fs::write(&manifest, good).expect("put back");

    let other = [("PORCHLIGHT__AUTH__SECRET", "another secret, which sealed nothing of that time")];
    let said = target.run(&["restore", &dir], &other).await.refused();
    assert!(said.contains("no key of auth.vault"), "{said}");
    restore().await.well();
    target.remove().await;
    place.remove().await;
}
