//! What is typed on a phone that shares the number.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};
use crate::world::count;

/// Typed on the phone to somebody; gives Meta's id.
async fn types(talk: &Talking, to: &str, mut args: Value) -> String {
    args["user"] = json!(to);
    let said = talk.stage.sim.number(Setup::NUMBER).act("echo", &args);
    talk.passes().await;
    said["id"].as_str().expect("an id").to_owned()
}

async fn words(talk: &Talking) -> Vec<String> {
    let all = talk.owner.reads(talk.conversation()).await;
    all.iter().map(|message| message["body"].as_str().expect("words").to_owned()).collect()
}

#[tokio::test]
async fn what_is_typed_on_the_phone_is_in_the_conversation_as_the_phones_and_nothing_leaves() {
    let talk = Talking::begin().await;
    assert_eq!(talk.shown().await["unread"], 1);
    types(&talk, ADA, json!({ "text": "From my pocket" })).await;
    assert_eq!(words(&talk).await, ["Hello", "From my pocket"]);
    let message = talk.message(2).await;
    assert_eq!((&message["extra"]["phone_app"], &message["delivery"]), (&json!(true), &json!("sent")));
    assert_eq!((&message["author"]["kind"], &message["author"]["id"]), (&json!("agent"), &Value::Null));
    assert_eq!(talk.shown().await["unread"], 0, "whoever answers on the phone has read it there");
    assert_eq!((talk.asked().len(), talk.stage.rows("outgoing").await), (0, 0));
    assert_eq!(talk.conversations().await.len(), 1);
}

#[tokio::test]
async fn somebody_nobody_has_met_gets_a_conversation_by_an_echo() {
    let talk = Talking::begin().await;
    types(&talk, "491701234567", json!({ "text": "Guten Tag" })).await;
    let found = talk.conversations().await;
    assert_eq!(found.len(), 2, "{found:?}");
    let new = found.iter().find(|one| one["id"] != talk.conversation()).expect("another");
    assert_eq!((&new["preview"], &new["contact"]["name"]), (&json!("Guten Tag"), &json!("Zoë Krüger")));
    assert_eq!((&new["unread"], &new["window"]), (&json!(0), &Value::Null), "an echo opens no window");
    // what they answer goes on there
    talk.stage.sim.user("491701234567").says("Hallo");
    talk.passes().await;
    assert_eq!(talk.conversations().await.len(), 2);
}

#[tokio::test]
async fn an_echo_is_edited_taken_back_and_moved_by_states_like_any_other() {
    let talk = Talking::begin().await;
    let wamid = types(&talk, ADA, json!({ "text": "Ten past for" })).await;
    let number = talk.stage.sim.number(Setup::NUMBER);
    number.act("echo_edit", &json!({ "user": ADA, "message": wamid, "text": "Ten past four" }));
    talk.passes().await;
    let edited = talk.message(2).await;
    assert_eq!(edited["body"], "Ten past four");
    assert!(edited["extra"]["edited_at"].is_string());
    let status = json!({ "id": wamid, "status": "read", "timestamp": "1796126400", "recipient_id": ADA });
    number.act("push", &json!({ "field": "messages", "keys": { "statuses": [status] } }));
    talk.passes().await;
    assert_eq!(talk.delivery(2).await, "read");
    number.act("echo_revoke", &json!({ "user": ADA, "message": wamid }));
    talk.passes().await;
    let gone = talk.message(2).await;
    assert_eq!(gone["body"], "");
    assert!(gone["extra"]["revoked_at"].is_string());
    assert_eq!(talk.owner.reads(talk.conversation()).await.len(), 2);
}

#[tokio::test]
async fn what_is_said_of_an_echo_before_it_came_is_kept_for_it() {
    let talk = Talking::begin().await;
    let number = talk.stage.sim.number(Setup::NUMBER);
    let status = json!({ "id": "wamid.early", "status": "delivered", "timestamp": "1796126400" });
    number.act("push", &json!({ "field": "messages", "keys": { "statuses": [status] } }));
    number.act("echo_edit", &json!({ "user": ADA, "message": "wamid.lost", "text": "Only the edit came" }));
    talk.passes().await;
    let echo = |id: &str, words: &str| {
        let message = json!({ "from": "15550783881", "to": ADA, "id": id, "timestamp": "1796126400",
            "type": "text", "text": { "body": words } });
        number.act("push", &json!({ "field": "smb_message_echoes", "keys": { "message_echoes": [message] } }));
    };
    echo("wamid.early", "Here I am");
    echo("wamid.lost", "The original");
    talk.passes().await;
    assert_eq!(words(&talk).await, ["Hello", "Only the edit came", "Here I am"], "the original is the edited one");
    assert_eq!(talk.delivery(3).await, "delivered");
}

#[tokio::test]
async fn a_file_sent_from_the_phone_comes_like_any_other() {
    let talk = Talking::begin().await;
    types(&talk, ADA, json!({ "kind": "image", "caption": "The porch" })).await;
    let message = talk.message(2).await;
    assert_eq!((&message["body"], &message["extra"]["phone_app"]), (&json!("The porch"), &json!(true)), "{message}");
    assert_eq!(message["files"].as_array().expect("files").len(), 1, "{message}");
}

#[tokio::test]
async fn f17_an_echo_of_our_own_message_makes_no_ghost() {
    let talk = Talking::begin().await;
    talk.says("Once only").await;
    talk.passes().await;
    talk.stage.sim.fault("F17.echo", &json!({}));
    let lines = talk.stage.lines().await;
    assert_eq!(count(&lines, "echo", "ignored"), 1, "{lines:?}");
    assert_eq!(words(&talk).await, ["Hello", "Once only"]);
    // the same echo again and one of a message nobody here sent
    types(&talk, ADA, json!({ "text": "Once only" })).await;
    assert_eq!(words(&talk).await, ["Hello", "Once only", "Once only"], "equal words are no proof");
}

#[tokio::test]
async fn f17_an_echo_before_the_answer_to_our_call_makes_no_ghost() {
    let talk = Talking::begin().await;
    talk.fault("F17.echo_first", json!({}), 1);
    let seq = talk.says("Who is first?").await;
    talk.passes().await;
    talk.later(10_000).await;
    assert_eq!(words(&talk).await, ["Hello", "Who is first?"]);
    assert_ne!(talk.delivery(seq).await, "queued");
    assert_eq!(talk.stage.rows("wa_echo").await, 0);
}

#[tokio::test]
async fn f17_an_echo_waits_while_an_answer_is_lost_until_it_is_known_whose_it_is() {
    let talk = Talking::begin().await;
    // Meta takes it, and the answer is lost
    talk.fault("F4.lost_response", json!({}), 1);
    talk.says("Lost on the way back").await;
    talk.passes().await;
    talk.stage.sim.fault("F17.echo", &json!({}));
    types(&talk, ADA, json!({ "text": "Typed meanwhile" })).await;
    assert_eq!(talk.stage.rows("wa_echo").await, 2, "nobody knows yet which of them is ours");
    assert_eq!(words(&talk).await, ["Hello", "Lost on the way back"]);
    // a state says whose the first one is
    talk.later(10_000).await;
    assert_eq!(words(&talk).await, ["Hello", "Lost on the way back", "Typed meanwhile"]);
    assert_eq!(talk.stage.rows("wa_echo").await, 0);
}

#[tokio::test]
async fn an_echo_waits_for_two_minutes_at_most() {
    let talk = Talking::begin().await;
    talk.fault("F4.lost_response", json!({}), 1);
    talk.says("Nobody will ever say").await;
    talk.passes().await;
    types(&talk, ADA, json!({ "text": "Typed meanwhile" })).await;
    assert_eq!(talk.stage.rows("wa_echo").await, 1);
    // Meta's clock stands still: no state comes
    for _ in 0..25 {
        talk.stage.app.later(std::time::Duration::from_secs(5));
        talk.stage.app.run_due().await;
    }
    assert_eq!(words(&talk).await, ["Hello", "Nobody will ever say", "Typed meanwhile"]);
    assert_eq!(talk.stage.rows("wa_echo").await, 0);
}
