//! What goes wrong between us and Meta, and what people are told.

use std::time::Duration;

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};

/// A minute and more passes after a fault; the message's end and how often Meta was asked.
async fn after(kind: &str, args: Value, times: u32) -> (Value, usize, usize) {
    let talk = Talking::begin().await;
    talk.fault(kind, args, times);
    let seq = talk.says("Once").await;
    talk.passes().await;
    for _ in 0..30 {
        talk.jumps(10_000).await;
    }
    (talk.message(seq).await, talk.asked().len(), talk.taken().len())
}

#[tokio::test]
async fn f6_what_passes_is_tried_again_and_arrives_once() {
    let passing = [
        ("F6.code", json!({ "code": 131_016 }), 3),
        ("F6.code", json!({ "code": 130_429 }), 2),
        ("F6.code", json!({ "code": 131_056 }), 2),
        ("F6.code", json!({ "code": 4 }), 1),
        ("F6.code", json!({ "code": 80_007 }), 1),
        ("F6.code", json!({ "code": 131_000, "status": 500 }), 2),
        ("F6.empty_429", json!({}), 2),
        ("F6.ok_with_error", json!({ "code": 131_016 }), 1),
        ("F6.text_data", json!({ "code": 131_016 }), 1),
    ];
    for (kind, args, times) in passing {
        let (message, asked, taken) = after(kind, args.clone(), times).await;
        assert_eq!(message["delivery"], "delivered", "{kind} {args}: {message}");
        assert_eq!((asked, taken), (usize::try_from(times).expect("few") + 1, 1), "{kind} {args}");
    }
}

#[tokio::test]
async fn f6_what_cannot_be_helped_is_said_and_not_tried_again() {
    for (kind, code) in
        [("F6.code", 131_026), ("F6.code", 132_001), ("F6.ok_with_error", 131_051), ("F6.text_data", 100)]
    {
        let (message, asked, _) = after(kind, json!({ "code": code }), 1).await;
        assert_eq!((&message["delivery"], asked), (&json!("failed"), 1), "{kind} {code}: {message}");
        let failure = &message["extra"]["failure"];
        assert_eq!((&failure["code"], &failure["unknown"]), (&json!(code), &json!(false)), "{failure}");
        assert!(failure["text"].as_str().is_some_and(|words| words.ends_with('.')));
    }
}

#[tokio::test]
async fn f6_who_refuses_for_ever_is_asked_a_few_times_only() {
    let (message, asked, _) = after("F6.code", json!({ "code": 131_000 }), 100).await;
    assert_eq!((&message["delivery"], asked), (&json!("failed"), 4));
}

#[tokio::test]
async fn f6_what_may_have_been_taken_is_never_sent_again_by_itself() {
    for (kind, args) in [
        ("F6.html", json!({ "status": 503 })),
        ("F6.html", json!({ "status": 500 })),
        ("F6.reset", json!({})),
        ("F6.truncated", json!({})),
    ] {
        let talk = Talking::begin().await;
        talk.fault(kind, args.clone(), 1);
        let seq = talk.says("Perhaps").await;
        let next = talk.says("And on").await;
        talk.passes().await;
        assert_eq!(talk.delivery(seq).await, "queued", "{kind}: nobody knows yet");
        for _ in 0..11 {
            talk.jumps(10_000).await;
        }
        assert_eq!(talk.delivery(seq).await, "queued", "{kind}: two minutes are not over");
        assert_eq!(talk.delivery(next).await, "delivered", "{kind}: what follows does not wait");
        talk.jumps(10_000).await;
        talk.jumps(1_000).await;
        let message = talk.message(seq).await;
        assert_eq!((&message["delivery"], &message["extra"]["failure"]["unknown"]), (&json!("failed"), &json!(true)));
        assert_eq!(talk.asked().len(), 2, "{kind}: not sent again by itself");
        // somebody decides
        talk.again(seq).await.ok();
        talk.again(seq).await.ok();
        talk.later(2_000).await;
        assert_eq!(talk.delivery(seq).await, "delivered", "{kind}");
        assert_eq!(talk.asked().len(), 3, "{kind}: once more, once");
        let marks: Vec<_> = talk.asked().iter().map(|body| body["biz_opaque_callback_data"].clone()).collect();
        assert_ne!(marks[0], marks[2], "under a new mark");
        talk.again(next).await.refused(409, "not_failed");
    }
}

#[tokio::test]
async fn f6_an_answer_that_comes_too_late_is_no_reason_to_send_twice() {
    let talk = Talking::with(&[("whatsapp.total_ms", "400")]).await;
    talk.fault("F6.slow", json!({ "ms": 1_500 }), 1);
    let seq = talk.says("Slowly").await;
    talk.stage.app.run_due().await;
    assert_eq!(talk.delivery(seq).await, "queued");
    talk.later(3_000).await;
    assert_eq!((talk.delivery(seq).await.as_str(), talk.taken().len()), ("delivered", 1), "its mark came back");
}

#[tokio::test]
async fn f4_a_lost_answer_is_made_up_for_by_the_mark_and_there_is_one_message() {
    let talk = Talking::begin().await;
    talk.fault("F4.lost_response", json!({}), 1);
    let seq = talk.says("Once and no more").await;
    talk.passes().await;
    assert_eq!((talk.taken().len(), talk.delivery(seq).await.as_str()), (1, "queued"));
    talk.later(2_000).await;
    assert_eq!(talk.delivery(seq).await, "delivered");
    for _ in 0..15 {
        talk.jumps(10_000).await;
    }
    assert_eq!((talk.delivery(seq).await.as_str(), talk.asked().len()), ("delivered", 1));
    // it can be quoted, so its name is known
    let said = talk.message(seq).await["id"].clone();
    talk.posts(json!({ "body": "About that", "reply_to": said })).await;
    talk.later(1_000).await;
    assert!(talk.asked()[1]["context"]["message_id"].is_string());
}

#[tokio::test]
async fn what_was_given_up_moves_on_when_its_state_comes_after_all() {
    let talk = Talking::begin().await;
    talk.fault("F4.lost_response", json!({}), 1);
    talk.stage.sim.fault("F3.order", &json!({ "args": { "order": [] } }));
    let seq = talk.says("Late").await;
    for _ in 0..13 {
        talk.jumps(10_000).await;
    }
    let message = talk.message(seq).await;
    assert_eq!(message["extra"]["failure"]["unknown"], true, "{message}");
    let mark = talk.asked()[0]["biz_opaque_callback_data"].clone();
    let status = json!({ "id": "wamid.LATE", "status": "delivered", "timestamp": "1795600999", "biz_opaque_callback_data": mark });
    talk.pushes(json!([status])).await;
    let message = talk.message(seq).await;
    assert_eq!((&message["delivery"], &message["extra"]["failure"]), (&json!("delivered"), &Value::Null));
}

#[tokio::test]
async fn f7_a_token_that_ended_halts_the_number_and_connecting_anew_goes_on() {
    let talk = Talking::begin().await;
    talk.says("Before").await;
    talk.passes().await;
    talk.stage.sim.fault("F7.token_expired", &json!({ "token": Setup::TOKEN }));
    let halted = talk.says("While it is halted").await;
    talk.passes().await;
    let number = talk.number().await;
    assert_eq!((number["halted_at"].is_string(), &number["halted_reason"]), (true, &json!("token_invalid")));
    let later = talk.says("And another").await;
    talk.stage.sim.user(ADA).says("I can still write");
    talk.passes().await;
    assert_eq!(talk.owner.reads(talk.conversation()).await.last().expect("words")["body"], "I can still write");
    for seq in [halted, later] {
        assert_eq!(talk.delivery(seq).await, "queued");
    }
    assert_eq!(talk.asked().len(), 2, "nobody asks Meta again and again");
    talk.stage.sim.world(|world| {
        let mut token = world.tokens[Setup::TOKEN].clone();
        (token.token, token.expires) = ("EAAGfresh".to_owned(), 0);
        world.tokens.insert(token.token.clone(), token);
    });
    let body = json!({ "app_id": talk.stage.meta["id"], "waba_id": Setup::WABA, "token": "EAAGfresh" });
    talk.owner.http.post("/v1/whatsapp/accounts", body).await.is(201);
    talk.later(2_000).await;
    assert!(talk.number().await["halted_at"].is_null());
    assert_eq!(talk.on_phone(), ["Before", "While it is halted", "And another"]);
}

#[tokio::test]
async fn what_stops_one_number_stops_no_other_and_says_why() {
    for (code, why) in [(133_010, "not_registered"), (131_042, "payment"), (368, "blocked"), (10, "permission")] {
        let talk = Talking::begin().await;
        talk.fault("F6.code", json!({ "code": code }), 1);
        let seq = talk.says("Stays").await;
        talk.passes().await;
        assert_eq!(
            (talk.number().await["halted_reason"].as_str(), talk.delivery(seq).await.as_str()),
            (Some(why), "queued")
        );
        let path = format!("/v1/whatsapp/numbers/{}/resume", talk.number().await["id"].as_str().expect("an id"));
        talk.owner.http.post(&path, json!({})).await.ok();
        talk.later(3_000).await;
        assert_eq!(talk.delivery(seq).await, "delivered", "{code}");
    }
}

#[tokio::test]
async fn a_call_whose_process_is_gone_is_unknown_and_not_made_again() {
    let talk = Talking::begin().await;
    let seq = talk.says("Cut off").await;
    // as a process leaves it that was killed between its commit and Meta's answer
    talk.leaves_called(seq).await;
    talk.stage.app.later(Duration::from_secs(29));
    talk.passes().await;
    assert_eq!((talk.asked().len(), talk.delivery(seq).await.as_str()), (0, "queued"));
    talk.stage.app.later(Duration::from_secs(100));
    talk.passes().await;
    talk.stage.app.later(Duration::from_secs(61));
    talk.passes().await;
    let message = talk.message(seq).await;
    assert_eq!((talk.asked().len(), &message["extra"]["failure"]["unknown"]), (0, &json!(true)), "{message}");
}

#[tokio::test]
async fn two_workers_at_once_send_each_message_once() {
    let talk = Talking::begin().await;
    for n in 0..20 {
        talk.says(&format!("Word {n}")).await;
    }
    let (one, two) = tokio::join!(talk.stage.app.run_due(), talk.stage.app.run_due());
    assert!(one + two > 0);
    talk.later(3_000).await;
    let words: Vec<_> = (0..20).map(|n| format!("Word {n}")).collect();
    assert_eq!(talk.on_phone(), words);
    assert_eq!(talk.asked().len(), 20);
}
