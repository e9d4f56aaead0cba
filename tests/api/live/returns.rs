//! Coming back, falling behind, falling silent.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures::future::join_all;
use futures::{SinkExt, StreamExt};
use harness::client_id;
use tokio_tungstenite::tungstenite::Message;

use super::*;

#[tokio::test]
async fn rel_09_one_to_two_thousand_missed_events_come_back_whole_and_in_order() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut anna = writer(&app, &widget).await;
    tenant.owner.opens_inbox().await;
    let posts = (1..=2_000).collect::<Vec<_>>();
    let mut positions = BTreeMap::new();
    for part in posts.chunks(50) {
        let answers = part.iter().map(|n| anna.posts(json!({ "client_id": format!("c{n}"), "body": n.to_string() })));
        for answer in join_all(answers).await {
            let answer = answer.is(201);
            positions.insert(answer["message"]["seq"].as_i64().expect("a seq"), answer["position"].clone());
        }
    }
    let last = *positions.keys().next_back().expect("messages");
    for missed in [1, 2, 100, 499, 500, 501, 1_000, 2_000 - 1] {
        let after = positions[&(last - missed)].as_str().expect("a position").to_owned();
        let began = Instant::now();
        let mut agent = app.signs_in(&tenant.owner.email).await;
        let welcome = agent.listens(Some(&after)).await;
        assert_eq!(welcome["resumed"], true);
        let mut expected = last - missed + 1;
        while expected <= last {
            let told = agent.live().sees("message_posted").await;
            assert_eq!(told["seq"], expected, "of {missed}");
            expected += 1;
        }
        let took = began.elapsed();
        assert!(missed > 1_000 || took < Duration::from_secs(2) * 3, "{missed} missed took {took:?}");
        anna.position = json!(after);
        assert_eq!(anna.listens().await["resumed"], true);
        for expected in last - missed + 1..=last {
            assert_eq!(anna.live().sees("message_posted").await["seq"], expected);
        }
    }
    let old = "0-0-1";
    assert_eq!(tenant.owner.listens(Some(old)).await["resumed"], false, "another life of the database");
}

#[tokio::test]
async fn a_long_poll_hears_the_same_as_a_socket() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut anna = writer(&app, &widget).await;
    let start = anna.position.as_str().expect("a position").to_owned();
    tenant.owner.answers(&anna, "public").await;
    tenant.owner.posts(json!({ "client_id": client_id(), "body": "secret", "visibility": "note" })).await.is(201);
    tenant.owner.answers(&anna, "last").await;
    everything_until(anna.live(), "last").await;
    let asked = format!("/widget/v1/live/poll?after={start}&wait=0");
    let polled = anna.http.get(&asked).await.ok();
    let words: Vec<_> = bodies(&polled);
    assert_eq!(words, ["hello", "public", "last"]);
    assert_eq!(polled["resumed"], true);
    let theirs = tenant.owner.http.get(&format!("/v1/live/poll?after={start}&wait=0")).await.ok();
    assert_eq!(bodies(&theirs), ["hello", "public", "secret", "last"]);

    // from its end, a poll waits until something happens
    let after = theirs["position"].as_str().expect("a position").to_owned();
    let http = tenant.owner.http.clone();
    let waiting = tokio::spawn(async move { http.get(&format!("/v1/live/poll?after={after}&wait=25")).await.ok() });
    anna.says("woken").await;
    assert_eq!(bodies(&waiting.await.expect("the poll ends")), ["woken"]);
    anna.http.get("/v1/live/poll").await.refused(401, "token_invalid");
    app.http().get("/v1/live/poll").await.refused(401, "token_missing");
    assert_eq!(anna.http.get("/widget/v1/live/poll?after=0-0-1").await.ok()["resumed"], false);
}

fn bodies(polled: &Value) -> Vec<String> {
    let events = polled["events"].as_array().expect("events").iter();
    events.filter_map(|event| event["message"]["body"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn rel_16_a_reader_that_stops_is_let_go_while_others_hear_everything() {
    const MESSAGES: usize = 400;
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut anna = writer(&app, &widget).await;
    tenant.owner.opens_inbox().await;
    let start = anna.position.as_str().expect("a position").to_owned();
    let (mut stalled, _) = connect_async(request(&app, AGENTS)).await.expect("the socket opens");
    let hello = json!({ "type": "hello", "token": token(&tenant.owner.http), "after": start }).to_string();
    stalled.send(Message::text(hello)).await.expect("the hello leaves");
    // three bytes each: what piles up is more than any buffer on the way holds
    let long = "漢".repeat(9_990);
    for n in 0..MESSAGES {
        anna.says(&format!("{n} {long}")).await;
        tenant.owner.sees(&format!("{n} {long}")).await;
        anna.sees(&format!("{n} {long}")).await;
    }
    let (mut heard, mut code) = (0, None);
    while let Ok(Some(Ok(message))) = tokio::time::timeout(PATIENCE, stalled.next()).await {
        match message {
            Message::Text(text) => heard += usize::from(text.contains("message_posted")),
            Message::Close(why) => code = why.map(|frame| u16::from(frame.code)),
            _ => {}
        }
    }
    assert!(heard < MESSAGES, "the stalled reader got all {heard}: its queue had no end");
    assert!(matches!(code, None | Some(4408)), "{code:?}");
    // it comes back and has everything
    let mut again = app.signs_in(&tenant.owner.email).await;
    assert_eq!(again.listens(Some(&start)).await["resumed"], true);
    for n in 0..MESSAGES {
        again.sees(&format!("{n} {long}")).await;
    }
}

/// Takes half a minute of silence, as the product does.
#[tokio::test]
async fn rel_18_a_peer_that_says_nothing_any_more_is_let_go() {
    let app = TestApp::start().await;
    let (tenant, _) = acme(&app).await;
    let (stream, _) = connect_async(request(&app, AGENTS)).await.expect("the socket opens");
    let (mut sink, mut stream) = stream.split();
    let hello = json!({ "type": "hello", "token": token(&tenant.owner.http), "after": null }).to_string();
    sink.send(Message::text(hello)).await.expect("the hello leaves");
    let began = Instant::now();
    let mut pings = 0;
    let code = loop {
        match tokio::time::timeout(Duration::from_secs(45), stream.next()).await.expect("let go within 40 s") {
            Some(Ok(Message::Text(text))) => pings += usize::from(text.contains("\"ping\"")),
            Some(Ok(Message::Close(why))) => break why.map(|frame| u16::from(frame.code)),
            Some(Ok(_)) => {}
            _ => break None,
        }
    };
    assert_eq!((code, pings), (Some(1001), 1));
    assert!(began.elapsed() < Duration::from_secs(40));
}
