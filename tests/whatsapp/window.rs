//! The 24 hours, and what people see of the team without a word.

use std::time::Duration;

use harness::client_id;
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};

#[tokio::test]
async fn f15_metas_verdict_shuts_the_window_and_their_next_word_opens_it() {
    for (kind, at_once) in [("F15.window_sync", true), ("F15.window_closed", false)] {
        let talk = Talking::begin().await;
        match at_once {
            true => talk.fault(kind, json!({}), 1),
            false => drop(talk.stage.sim.fault(kind, &json!({}))),
        }
        let seq = talk.says("Are you there?").await;
        talk.later(2_000).await;
        let message = talk.message(seq).await;
        assert_eq!((&message["delivery"], &message["extra"]["failure"]["code"]), (&json!("failed"), &json!(131_047)));
        let window = talk.shown().await["window"].clone();
        assert!(window["refused_at"].is_string(), "{kind}: {window}");
        let body = json!({ "client_id": client_id(), "body": "More" });
        talk.owner.posts(body).await.refused(409, "window_closed");
        talk.again(seq).await.refused(409, "window_closed");
        talk.later(2_000).await;
        talk.stage.sim.user(ADA).says("Yes");
        talk.passes().await;
        assert!(talk.shown().await["window"]["refused_at"].is_null());
        talk.again(seq).await.ok();
        talk.later(2_000).await;
        assert_eq!(talk.delivery(seq).await, "delivered", "{kind}");
    }
}

#[tokio::test]
async fn f15_a_clock_that_is_ninety_seconds_off_opens_the_window_all_the_same() {
    let talk = Talking::begin().await;
    talk.fault("F15.window_sync", json!({}), 1);
    talk.says("Refused").await;
    talk.passes().await;
    talk.later(30_000).await;
    // Meta's clock is behind ours: what they write now seems to be older than the refusal
    talk.stage.sim.fault("F15.skew", &json!({ "args": { "seconds": -90 } }));
    talk.stage.sim.user(ADA).says("Here I am");
    talk.passes().await;
    let window = talk.shown().await["window"].clone();
    assert!(window["open_until"].is_string());
}

#[tokio::test]
async fn f15_the_window_is_open_for_a_day_and_not_a_second_longer() {
    let mut talk = Talking::begin().await;
    let day = Duration::from_secs(86_400);
    talk.stage.app.later(day - Duration::from_secs(1));
    talk.signs_in_again().await;
    talk.says("Just in time").await;
    talk.stage.app.later(Duration::from_secs(1));
    let body = || json!({ "client_id": client_id(), "body": "Too late" });
    talk.owner.posts(body()).await.refused(409, "window_closed");
    talk.stage.app.later(Duration::from_secs(1));
    talk.owner.posts(body()).await.refused(409, "window_closed");
    let path = format!("/v1/conversations/{}/messages/1/reaction", talk.conversation());
    talk.owner.http.post(&path, json!({ "emoji": "👍" })).await.refused(409, "window_closed");
}

#[tokio::test]
async fn an_answer_to_an_advertisement_within_a_day_is_free_for_three() {
    let talk = Talking::begin().await;
    assert!(talk.shown().await["window"]["free_until"].is_null());
    talk.says("No advertisement yet").await;
    talk.passes().await;
    assert!(talk.shown().await["window"]["free_until"].is_null());
    talk.stage.sim.user(ADA).act("ctwa", json!({ "kind": "text", "text": "I saw your ad" }));
    talk.passes().await;
    talk.says("Welcome").await;
    talk.passes().await;
    let free = talk.shown().await["window"]["free_until"].clone();
    let until = talk.stage.app.clock().now().plus(Duration::from_secs(72 * 3_600)).to_string();
    assert_eq!(free, json!(until));
}

#[tokio::test]
async fn the_team_is_reminded_once_before_the_window_closes_on_somebody_who_waits() {
    let mut talk = Talking::begin().await;
    talk.decides(json!({ "nudge_minutes": 60 })).await;
    talk.stage.sim.user(ADA).says("Hello again");
    talk.passes().await;
    let notes = async |talk: &Talking| -> Vec<Value> {
        let all = talk.owner.reads(talk.conversation()).await;
        all.into_iter().filter(|message| message["visibility"] == "note").collect()
    };
    talk.stage.app.later(Duration::from_secs(22 * 3_600));
    talk.signs_in_again().await;
    talk.stage.app.run_due().await;
    assert_eq!(notes(&talk).await.len(), 0, "an hour early");
    talk.stage.app.later(Duration::from_secs(3_601));
    talk.signs_in_again().await;
    talk.stage.app.run_due().await;
    talk.stage.app.run_due().await;
    let said = notes(&talk).await;
    assert_eq!((said.len(), &said[0]["author"]["kind"]), (1, &json!("system")), "{said:?}");
    assert_eq!(talk.asked().len(), 0, "a note goes nowhere");
}

#[tokio::test]
async fn nobody_is_reminded_of_somebody_who_was_answered() {
    let mut talk = Talking::begin().await;
    talk.decides(json!({ "nudge_minutes": 60 })).await;
    talk.stage.sim.user(ADA).says("Hello again");
    talk.passes().await;
    talk.says("Answered").await;
    talk.passes().await;
    talk.stage.app.later(Duration::from_secs(23 * 3_600 + 60));
    talk.signs_in_again().await;
    talk.stage.app.run_due().await;
    let all = talk.owner.reads(talk.conversation()).await;
    assert!(all.iter().all(|message| message["visibility"] == "public"), "{all:?}");
}

#[tokio::test]
async fn they_see_that_they_were_read_once_and_only_if_the_number_shows_it() {
    let talk = Talking::begin().await;
    let path = format!("/v1/conversations/{}/read", talk.conversation());
    for _ in 0..2 {
        talk.owner.http.post(&path, json!({ "seq": 1 })).await.is(204);
        talk.passes().await;
    }
    let told = talk.told();
    assert_eq!((told.len(), &told[0]["message_id"]), (1, &json!(talk.hers()[0])), "{told:?}");
    talk.decides(json!({ "read_receipts": false })).await;
    talk.stage.sim.user(ADA).says("And this?");
    talk.passes().await;
    talk.owner.http.post(&path, json!({ "seq": 2 })).await.is(204);
    talk.passes().await;
    assert_eq!(talk.told().len(), 1);
}

#[tokio::test]
async fn they_see_somebody_typing_every_twenty_seconds_at_most() {
    let mut talk = Talking::begin().await;
    talk.owner.opens_inbox().await;
    let frame = json!({ "type": "typing", "conversation_id": talk.conversation(), "on": true });
    for _ in 0..3 {
        talk.owner.live().send(frame.clone()).await;
    }
    let told = talk
        .stage
        .sim
        .wait(|journal| journal.iter().find(|entry| entry.what["body"]["typing_indicator"]["type"] == "text").cloned());
    let told = told.await;
    assert_eq!(told.what["body"]["message_id"], json!(talk.hers()[0]));
    talk.passes().await;
    assert_eq!(talk.told().len(), 1);
}
