//! What an agent writes is sent as what it is.

use std::collections::HashMap;

use graph_sim::Setup;
use harness::client_id;
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};
use crate::world::id;

#[tokio::test]
async fn what_an_agent_writes_is_on_the_phone_and_its_state_is_shown() {
    let talk = Talking::begin().await;
    talk.stage.sim.user(ADA).act("open", json!({}));
    let seq = talk.says("Good morning, https://porch.example").await;
    talk.passes().await;
    let asked = talk.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!((&asked[0]["to"], &asked[0]["text"]["preview_url"]), (&json!("+16505551234"), &json!(true)));
    assert!(asked[0]["biz_opaque_callback_data"].as_str().is_some_and(|mark| mark.starts_with("wsn_")));
    assert_eq!(talk.delivery(seq).await, "sent");
    talk.later(2_000).await;
    assert_eq!(talk.delivery(seq).await, "read");
    assert_eq!(talk.on_phone(), ["Good morning, https://porch.example"]);
}

#[tokio::test]
async fn an_answer_quotes_what_it_answers_and_what_is_not_there_is_not_quoted() {
    let talk = Talking::begin().await;
    let hello = talk.message(1).await;
    talk.posts(json!({ "body": "To this", "reply_to": hello["id"] })).await;
    let note = talk.owner.posts(json!({ "client_id": client_id(), "body": "n", "visibility": "note" })).await.is(201);
    talk.posts(json!({ "body": "To a note", "reply_to": note["message"]["id"] })).await;
    talk.passes().await;
    let asked = talk.asked();
    assert_eq!(asked[0]["context"]["message_id"], json!(talk.hers()[0]));
    assert_eq!((asked.len(), asked[1].get("context")), (2, None));
}

#[tokio::test]
async fn buttons_lists_links_places_and_cards_go_as_such_and_what_meta_would_refuse_is_refused_before() {
    let talk = Talking::begin().await;
    let choice = |id: &str| json!({ "id": id, "title": id });
    let contents = [
        (json!({ "type": "buttons", "buttons": [choice("Yes"), choice("No")] }), "interactive"),
        (json!({ "type": "list", "button": "Choose", "rows": [choice("One")] }), "interactive"),
        (json!({ "type": "link", "label": "Open", "url": "https://porch.example" }), "interactive"),
        (
            json!({ "type": "location", "latitude": 52.5, "longitude": 13.4, "name": "Shop", "address": null }),
            "location",
        ),
        (json!({ "type": "contacts", "cards": [{ "name": "Bob Baker", "phones": ["+4930123"] }] }), "contacts"),
    ];
    for (content, _) in &contents {
        let words = if content["type"] == "location" { "" } else { "Please" };
        talk.posts(json!({ "body": words, "content": content })).await;
    }
    talk.later(3_000).await;
    let kinds: Vec<_> = talk.taken().iter().map(|body| body["type"].as_str().unwrap_or_default().to_owned()).collect();
    // the words before the cards are a call of their own
    assert_eq!(kinds, ["interactive", "interactive", "interactive", "location", "text", "contacts"]);
    for seq in 2..=6 {
        assert_eq!(talk.delivery(seq).await, "delivered", "{seq}");
    }
    let refused = [
        json!({ "type": "buttons", "buttons": [] }),
        json!({ "type": "link", "label": "Open", "url": "javascript:1" }),
        json!({ "type": "location", "latitude": 91.0, "longitude": 0.0, "name": null, "address": null }),
        json!({ "type": "template", "name": "x", "language": "en", "buttons": [] }),
    ];
    for content in refused {
        let body = json!({ "client_id": client_id(), "body": "x", "content": content });
        talk.owner.posts(body).await.refused(422, "validation");
    }
    let page = json!({ "client_id": client_id(), "body": "x", "visibility": "note", "content": contents[0].0 });
    talk.owner.posts(page).await.refused(422, "validation");
}

#[tokio::test]
async fn a_sign_is_put_changed_and_taken_away_and_the_same_one_again_is_nothing() {
    let talk = Talking::begin().await;
    let path = format!("/v1/conversations/{}/messages/1/reaction", talk.conversation());
    let http = &talk.owner.http;
    for emoji in ["👍", "👍", "🎉"] {
        let said = http.post(&path, json!({ "emoji": emoji })).await.ok();
        assert_eq!(said["message"]["extra"]["reactions"], json!([{ "side": "agent", "emoji": emoji }]));
    }
    talk.passes().await;
    let on_hers = || talk.stage.sim.user(ADA).sees()[0].reactions.clone();
    assert_eq!(on_hers(), [("business".to_owned(), "🎉".to_owned())]);
    http.delete(&path).await.ok();
    http.delete(&path).await.ok();
    talk.later(1_000).await;
    assert_eq!(on_hers(), []);
    assert_eq!(talk.asked().len(), 3, "{:?}", talk.asked());
    assert!(talk.message(1).await["extra"]["reactions"].as_array().is_none_or(Vec::is_empty));
    http.post(&path, json!({ "emoji": "thanks" })).await.refused(422, "validation");
    let note = talk.owner.posts(json!({ "client_id": client_id(), "body": "n", "visibility": "note" })).await.is(201);
    let of_note = path.replace("/1/", &format!("/{}/", note["message"]["seq"]));
    http.post(&of_note, json!({ "emoji": "👍" })).await.refused(409, "not_on_whatsapp");
    http.post(&path.replace("/1/", "/99/"), json!({ "emoji": "👍" })).await.refused(404, "not_found");
    let rival = talk.stage.app.tenant("Rival").await;
    rival.owner.http.post(&path, json!({ "emoji": "👍" })).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_sign_that_is_refused_is_taken_off_again() {
    let talk = Talking::begin().await;
    let path = format!("/v1/conversations/{}/messages/1/reaction", talk.conversation());
    talk.fault("F6.code", json!({ "code": 131_009 }), 1);
    talk.owner.http.post(&path, json!({ "emoji": "👍" })).await.ok();
    talk.passes().await;
    assert!(talk.message(1).await["extra"]["reactions"].as_array().is_none_or(Vec::is_empty));
}

#[tokio::test]
async fn somebody_without_a_phone_number_is_written_to_by_the_id_and_never_in_to() {
    let mut talk = Talking::begin().await;
    talk.stage.sim.fault("F13.no_wa_id", &json!({}));
    talk.stage.sim.user("491701234567").says("Who am I?");
    talk.passes().await;
    let theirs: Vec<Value> =
        talk.conversations().await.into_iter().filter(|one| id(one) != talk.conversation()).collect();
    talk.owner.opens(id(&theirs[0]));
    let seq = talk.says("Karl").await;
    talk.passes().await;
    talk.later(2_000).await;
    let asked = talk.asked();
    assert_eq!((asked.len(), asked[0].get("to")), (1, None), "{asked:?}");
    assert!(asked[0]["recipient"].as_str().is_some_and(|id| id.starts_with("DE.")), "{asked:?}");
    assert_eq!(talk.delivery(seq).await, "delivered");
}

#[tokio::test]
async fn fifty_messages_keep_their_order_and_the_limit_of_the_pair() {
    let talk = Talking::begin().await;
    let words: Vec<String> = (1..=50).map(|n| format!("Word {n}")).collect();
    for word in &words {
        talk.says(word).await;
    }
    for _ in 0..20 {
        talk.jumps(100).await;
    }
    let early = talk.taken().len();
    assert!((45..50).contains(&early), "{early} at once to one person");
    talk.later(40_000).await;
    assert_eq!(talk.on_phone(), words);
    assert_eq!(talk.asked().len(), 50, "Meta refused none of them");
}

#[tokio::test]
async fn the_number_keeps_its_own_limit_and_people_do_not_wait_for_each_other() {
    let mut talk = Talking::begin().await;
    talk.stage.sim.world(|world| {
        for n in 0..60 {
            let phone = format!("1650555{:04}", 2_000 + n);
            world.add_user(
                serde_json::from_value(json!({ "phone": phone, "wa_id": phone, "name": phone })).expect("a user"),
            );
        }
    });
    for n in 0..60 {
        talk.stage.sim.user(&format!("1650555{:04}", 2_000 + n)).says("Me too");
    }
    talk.passes().await;
    for one in crate::world::items(&talk.owner, "/v1/conversations?limit=100").await {
        talk.owner.opens(id(&one));
        talk.says("Yes").await;
    }
    let mut seconds: HashMap<i64, usize> = HashMap::new();
    for _ in 0..40 {
        talk.jumps(100).await;
    }
    let sends = talk
        .stage
        .sim
        .journal()
        .into_iter()
        .filter(|entry| entry.kind == "api" && entry.what["body"]["type"] == "text" && entry.what["status"] == 200);
    sends.for_each(|entry| *seconds.entry(entry.at / 1_000).or_default() += 1);
    assert_eq!(seconds.values().sum::<usize>(), 61, "{seconds:?}");
    assert!(seconds.values().all(|count| *count <= 80), "{seconds:?}");
    assert_eq!(talk.asked().len(), 61);
    assert_eq!(Setup::NUMBER, talk.number().await["phone_number_id"]);
}
