//! Catching up while the world goes on.

use std::time::Duration;

use kernel::wire::{AuthorKind, Visibility};

use super::script::message;
use super::*;

fn at(n: i64) -> Option<Position> {
    Some(Position { epoch: 1, shard: 0, n })
}

#[tokio::test]
async fn rel_09_every_missed_event_comes_once_and_in_order() {
    for missed in [0, 1, 2, 49, 50, 51, 100, 1_234] {
        let stage = Stage::new();
        let contact = id();
        stage.says(contact, "0");
        for n in 1..=missed {
            stage.says(contact, &n.to_string());
        }
        let mut mia = stage.join(stage.agent_pass(id(), Role::Agent, id()), at(1)).await;
        for n in 1..=missed {
            assert_eq!(heard(&mut mia).await, n.to_string(), "of {missed}");
        }
        stage.says(contact, "live");
        assert_eq!(heard(&mut mia).await, "live", "after {missed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_09_nothing_slips_between_reading_back_and_going_live() {
    const ALL: i64 = 6_000;
    let stage = Stage::new();
    let contact: ContactId = id();
    for n in 1..=1_000 {
        stage.says(contact, &n.to_string());
    }
    let (script, tenant) = (stage.script.clone(), stage.tenant);
    let writer = tokio::spawn(async move {
        for n in 1_001..=ALL {
            script.say(tenant, contact, AuthorKind::Visitor, Visibility::Public, &n.to_string());
            // the reader must be slower than nobody: let it run
            tokio::task::yield_now().await;
            if n % 50 == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    });
    let mut readers = Vec::new();
    for start in [0, 1, 500, 999, 1_000] {
        for is_agent in [true, false] {
            let pass = if is_agent { stage.agent_pass(id(), Role::Agent, id()) } else { stage.visitor_pass(contact) };
            let live = stage.join(pass, at(start)).await;
            readers.push(tokio::spawn(read_all(live, start, ALL)));
        }
    }
    writer.await.expect("the writer ends");
    for reader in readers {
        reader.await.expect("every number came once and in order");
    }
}

async fn read_all(mut live: Live, start: i64, last: i64) {
    let mut next = start + 1;
    while next <= last {
        assert_eq!(heard(&mut live).await, next.to_string());
        next += 1;
    }
}

#[tokio::test]
async fn what_is_forgotten_or_foreign_starts_over() {
    let stage = Stage::new();
    for n in 0..10 {
        stage.says(id(), &n.to_string());
    }
    stage.script.forget_up_to(5);
    let foreign = Position { epoch: 2, shard: 0, n: 7 };
    for after in [at(4), at(999), Some(foreign)] {
        let mut live = stage.hub.join(stage.agent_pass(id(), Role::Agent, id()), Kind::Socket).expect("room");
        let welcome = live.begin(after).await.expect("the script answers");
        assert_eq!(&*welcome, r#"{"type":"welcome","position":"1-0-10","resumed":false}"#, "{after:?}");
        stage.says(id(), "live");
        assert_eq!(heard(&mut live).await, "live", "it stands at the head, whatever the client claimed");
        // the next round expects the same head again
        stage.script.take_back();
    }
}

#[tokio::test]
async fn a_visitor_is_looked_for_among_so_many_events_and_no_more() {
    let stage = Stage::with(HubConfig { most_scanned: 200, ..quick() });
    let anna = id();
    stage.says(anna, "first");
    for n in 0..120 {
        stage.says(id(), &n.to_string());
    }
    stage.says(anna, "second");
    let mut near = stage.join(stage.visitor_pass(anna), at(1)).await;
    assert_eq!(heard(&mut near).await, "second", "120 strangers were looked through");
    for n in 0..200 {
        stage.says(id(), &n.to_string());
    }
    let mut far = stage.hub.join(stage.visitor_pass(anna), Kind::Socket).expect("room");
    let welcome = far.begin(at(1)).await.expect("the script answers");
    assert!(welcome.contains("\"resumed\":false"), "{welcome}");
    stage.says(anna, "third");
    assert_eq!(heard(&mut far).await, "third");
}

#[tokio::test]
async fn an_agent_who_missed_too_much_is_told_to_load_again() {
    let stage = Stage::with(HubConfig { most_missed: 100, ..quick() });
    let contact = id();
    for n in 0..300 {
        stage.says(contact, &n.to_string());
    }
    let mut mia = stage.join(stage.agent_pass(id(), Role::Agent, id()), at(0)).await;
    let told = frame_of(&mut mia, "welcome").await;
    assert_eq!(told["resumed"], false);
    assert_eq!(told["position"], "1-0-300");
    stage.says(contact, "live");
    assert_eq!(heard(&mut mia).await, "live");
}

#[tokio::test]
async fn who_is_at_the_head_costs_no_read() {
    let stage = Stage::new();
    stage.says(id(), "before");
    let before = stage.script.reads();
    let mut mia = stage.join(stage.agent_pass(id(), Role::Agent, id()), at(1)).await;
    stage.says(id(), "live");
    assert_eq!(heard(&mut mia).await, "live");
    assert_eq!(stage.script.reads(), before);
}

#[tokio::test]
async fn a_ping_names_the_last_event_that_was_handed_over() {
    let stage = Stage::with(HubConfig { ping: Duration::from_millis(10), ..quick() });
    let mut mia = stage.agent().await;
    assert_eq!(frame_of(&mut mia, "ping").await["position"], "1-0-0");
    stage.says(id(), "one");
    assert_eq!(heard(&mut mia).await, "one");
    assert_eq!(frame_of(&mut mia, "ping").await["position"], "1-0-1");
}

#[tokio::test]
async fn a_long_poll_gives_what_was_missed_at_once_and_else_waits() {
    let stage = Stage::new();
    let contact = id();
    stage.says(contact, "one");
    stage.says(contact, "two");
    let mut poll = stage.hub.join_poll(stage.agent_pass(id(), Role::Agent, id())).expect("room");
    let polled = poll.poll(at(1), Duration::from_secs(30)).await.expect("the script answers");
    assert_eq!((polled.events.len(), polled.position, polled.resumed), (1, at(2).expect("set"), true));
    drop(poll);

    let mut poll = stage.hub.join_poll(stage.visitor_pass(contact)).expect("room");
    let waiting = tokio::spawn(async move { poll.poll(at(2), Duration::from_secs(30)).await });
    while stage.hub.connections() == 0 {
        tokio::task::yield_now().await;
    }
    stage.says(id(), "not for this visitor");
    stage.says(contact, "three");
    let polled = waiting.await.expect("the poll ends").expect("the script answers");
    assert!(polled.events[0].contains("three"));
    assert_eq!((polled.events.len(), polled.position), (1, at(4).expect("set")));

    let mut poll = stage.hub.join_poll(stage.agent_pass(id(), Role::Agent, id())).expect("room");
    let polled = poll.poll(at(4), Duration::from_millis(5)).await.expect("the script answers");
    assert_eq!((polled.events.len(), polled.position, polled.resumed), (0, at(4).expect("set"), true));
}

#[tokio::test]
async fn an_event_the_bus_lost_is_not_skipped_when_a_client_resumes() {
    let stage = Stage::new();
    let contact = id();
    let conversation = stage.script.conversation(stage.tenant, contact);
    let (audience, event) = message(conversation, contact, AuthorKind::Visitor, Visibility::Public, "lost");
    stage.script.commit(stage.tenant, audience, &event);
    let mut mia = stage.join(stage.agent_pass(id(), Role::Agent, id()), at(0)).await;
    assert_eq!(heard(&mut mia).await, "lost");
}
