//! Typing, presence, viewing, receipts.

use kernel::wire::Reach;
use serde_json::json;

use super::*;
use crate::Active;

#[tokio::test]
async fn ws_10_typing_reaches_the_conversation_and_nobody_else() {
    let stage = Stage::new();
    let (anna, ben) = (id(), id());
    let (mut mia, mut her, mut his) = (stage.agent().await, stage.visitor(anna).await, stage.visitor(ben).await);
    let conversation = stage.script.conversation(stage.tenant, anna);
    his.typing(conversation, true).await;
    her.typing(conversation, true).await;
    let told = frame_of(&mut mia, "typing").await;
    assert_eq!(told["author"]["id"], anna.to_string(), "ben's guess at anna's conversation was told");
    mia.typing(conversation, true).await;
    assert_eq!(frame_of(&mut her, "typing").await["author"]["kind"], "agent");
    stage.says(ben, "mine");
    loop {
        let frame = frame(&mut his).await;
        assert_ne!(frame["type"], "typing");
        if frame["type"] == "message_posted" {
            break;
        }
    }
}

#[tokio::test]
async fn receipts_are_moved_in_conversations_of_ones_own_only() {
    let stage = Stage::new();
    let (anna, ben) = (id(), id());
    let (her, his) = (stage.visitor(anna).await, stage.visitor(ben).await);
    let conversation = stage.script.conversation(stage.tenant, anna);
    his.mark(conversation, 9, Reach::Read).await;
    her.mark(conversation, 3, Reach::Delivered).await;
    assert_eq!(stage.script.marks(), [(conversation, 3, Reach::Delivered)]);
}

#[tokio::test]
async fn agents_see_each_other_come_go_away_and_leave() {
    let stage = Stage::new();
    let (mia, tom) = (id(), id());
    let mut hers = stage.join(stage.agent_pass(mia, Role::Agent, id()), None).await;
    let mut his = stage.join(stage.agent_pass(tom, Role::Agent, id()), None).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "online")]).await;
    his.presence(Active::Away, None).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "away")]).await;
    assert!(stage.hub.is_online(stage.tenant));
    // wait until his side is settled, then leave for good
    agents_are(&mut his, &[(mia, "online"), (tom, "away")]).await;
    drop(his);
    agents_are(&mut hers, &[(mia, "online")]).await;
    drop(hers);
    let mut anna = stage.visitor(id()).await;
    until(&mut anna, &json!({"type": "presence", "online": false})).await;
    assert!(!stage.hub.is_online(stage.tenant));
}

#[tokio::test]
async fn a_page_that_is_loaded_again_does_not_flicker() {
    let stage = Stage::with(HubConfig { grace: std::time::Duration::from_secs(60), ..quick() });
    let (mia, tom) = (id(), id());
    let mut hers = stage.join(stage.agent_pass(mia, Role::Agent, id()), None).await;
    let his = stage.join(stage.agent_pass(tom, Role::Agent, id()), None).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "online")]).await;
    drop(his);
    let mut back = stage.join(stage.agent_pass(tom, Role::Agent, id()), None).await;
    agents_are(&mut back, &[(mia, "online"), (tom, "online")]).await;
    stage.says(id(), "after");
    let next = loop {
        let frame = frame(&mut hers).await;
        if frame["agents"].as_array().is_none_or(|agents| agents.len() != 2) {
            break frame;
        }
    };
    assert_eq!(next["type"], "message_posted", "no list without tom was told");
}

#[tokio::test]
async fn agents_are_told_which_visitors_are_there() {
    let stage = Stage::new();
    let anna = id();
    let conversation = stage.script.conversation(stage.tenant, anna);
    let mut mia = stage.agent().await;
    let her = stage.visitor(anna).await;
    let there = |state: &str| json!({"type": "presence", "conversation_id": conversation, "visitor": state});
    until(&mut mia, &there("online")).await;
    let mut tom = stage.agent().await;
    until(&mut tom, &there("online")).await;
    drop(her);
    until(&mut mia, &there("offline")).await;

    // somebody who writes for the first time is there as well
    let ben = id();
    let mut his = stage.visitor(ben).await;
    stage.says(ben, "hello");
    assert_eq!(heard(&mut his).await, "hello");
    let new = stage.script.conversation(stage.tenant, ben);
    until(&mut mia, &json!({"type": "presence", "conversation_id": new, "visitor": "online"})).await;
}

#[tokio::test]
async fn visitors_are_told_whether_somebody_is_there() {
    let stage = Stage::new();
    let mut anna = stage.visitor(id()).await;
    until(&mut anna, &json!({"type": "presence", "online": false})).await;
    let mut mia = stage.agent().await;
    until(&mut anna, &json!({"type": "presence", "online": true})).await;
    mia.presence(Active::Away, None).await;
    until(&mut anna, &json!({"type": "presence", "online": false})).await;
    frame(&mut mia).await;
}

#[tokio::test]
async fn agents_see_who_looks_at_a_conversation_and_when_they_stop() {
    let stage = Stage::new();
    let (mut mia, tom) = (stage.agent().await, id());
    let mut his = stage.join(stage.agent_pass(tom, Role::Viewer, id()), None).await;
    let conversation = stage.script.conversation(stage.tenant, id());
    his.presence(Active::Online, Some(conversation)).await;
    let agents = json!([{"id": tom, "name": format!("Agent {tom}")}]);
    let viewed = |agents: Value| json!({"type": "viewing", "conversation_id": conversation, "agents": agents});
    until(&mut mia, &viewed(agents)).await;
    drop(his);
    until(&mut mia, &viewed(json!([]))).await;
}

/// Reads until agents' presence is exactly this.
pub(super) async fn agents_are(live: &mut Live, want: &[(AgentId, &str)]) {
    let mut agents: Vec<_> = want.iter().map(|(id, state)| json!({"id": id, "state": state})).collect();
    agents.sort_by_key(|agent| agent["id"].as_str().map(str::to_owned));
    until(live, &json!({"type": "presence", "agents": agents})).await;
}

/// Reads until exactly this frame comes.
pub(super) async fn until(live: &mut Live, want: &Value) {
    while frame(live).await != *want {}
}
