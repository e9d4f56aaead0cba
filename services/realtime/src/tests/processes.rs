//! Two hubs of one product, joined by a pipe: who is there on either is there.

use std::time::Duration;

use serde_json::json;

use super::moments::{agents_are, until};
use super::*;
use crate::Active;

/// Two processes.
fn two() -> (Stage, Stage, Pipe) {
    let base = Stage::new();
    let [one, other] = Pipe::ends();
    (base.beside(&one, quick()), base.beside(&other, quick()), one)
}

impl Stage {
    async fn somebody(&self, agent: AgentId) -> Live {
        self.join(self.agent_pass(agent, Role::Agent, id()), None).await
    }
}

/// Reads what comes until `is_true`; the hub is asked, nobody sleeps.
async fn when(live: &mut Live, is_true: impl Fn() -> bool) {
    while !is_true() {
        // something is told at every turn of presence; if nothing is, the beat of the hub goes on
        let _ = tokio::time::timeout(Duration::from_millis(10), live.next()).await;
    }
}

#[tokio::test]
async fn agents_on_two_processes_see_each_other_come_go_away_and_leave() {
    let (here, there, _pipe) = two();
    let (mia, tom) = (id(), id());
    let mut hers = here.somebody(mia).await;
    let mut his = there.somebody(tom).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "online")]).await;
    agents_are(&mut his, &[(mia, "online"), (tom, "online")]).await;
    his.presence(Active::Away, None).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "away")]).await;
    assert_eq!(here.hub.agents_there(here.tenant).len(), 2);
    // at the screen here and away there is at the screen
    let too = here.somebody(tom).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "online")]).await;
    drop((too, his));
    agents_are(&mut hers, &[(mia, "online")]).await;
}

#[tokio::test]
async fn visitors_are_told_of_somebody_on_another_process() {
    let (here, there, _pipe) = two();
    let mut anna = here.visitor(id()).await;
    until(&mut anna, &json!({"type": "presence", "online": false})).await;
    let mia = there.agent().await;
    until(&mut anna, &json!({"type": "presence", "online": true})).await;
    assert!(here.hub.is_online(here.tenant), "a process without agents of its own knows");
    let mut ben = here.visitor(id()).await;
    until(&mut ben, &json!({"type": "presence", "online": true})).await;
    drop(mia);
    until(&mut anna, &json!({"type": "presence", "online": false})).await;
}

#[tokio::test]
async fn agents_are_told_of_visitors_on_another_process_until_their_last_page_is_closed() {
    let (here, there, _pipe) = two();
    let anna = id();
    let conversation = here.script.conversation(here.tenant, anna);
    let state = |state: &str| json!({"type": "presence", "conversation_id": conversation, "visitor": state});
    let mut mia = here.agent().await;
    let far = there.visitor(anna).await;
    until(&mut mia, &state("online")).await;
    let mut tom = here.agent().await;
    until(&mut tom, &state("online")).await;
    let near = here.visitor(anna).await;
    until(&mut mia, &state("online")).await;
    drop(far);
    when(&mut mia, || !here.hub.others().has_visitor(here.tenant, conversation)).await;
    here.says(id(), "still there");
    drop(near);
    until(&mut mia, &state("offline")).await;
}

#[tokio::test]
async fn who_looks_at_a_conversation_is_seen_on_every_process_by_name() {
    let (here, there, _pipe) = two();
    let (mut mia, tom) = (here.agent().await, id());
    let mut his = there.somebody(tom).await;
    let conversation = here.script.conversation(here.tenant, id());
    his.presence(Active::Online, Some(conversation)).await;
    let viewed = |agents: Value| json!({"type": "viewing", "conversation_id": conversation, "agents": agents});
    until(&mut mia, &viewed(json!([{"id": tom, "name": format!("Agent {tom}")}]))).await;
    drop(his);
    until(&mut mia, &viewed(json!([]))).await;
}

#[tokio::test]
async fn a_process_that_dies_is_gone_with_its_people_and_one_that_comes_back_is_asked() {
    let (here, there, pipe) = two();
    let (mia, tom) = (id(), id());
    let mut hers = here.somebody(mia).await;
    let mut his = there.somebody(tom).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "online")]).await;
    pipe.cut(true);
    agents_are(&mut hers, &[(mia, "online")]).await;
    // what changes meanwhile is not heard, and made up for
    his.presence(Active::Away, None).await;
    agents_are(&mut his, &[(tom, "away")]).await;
    pipe.cut(false);
    agents_are(&mut hers, &[(mia, "online"), (tom, "away")]).await;
    agents_are(&mut his, &[(mia, "online"), (tom, "away")]).await;
}

#[tokio::test]
async fn a_process_that_starts_knows_who_is_there_and_one_that_stops_says_so() {
    let base = Stage::new();
    let [one, other] = Pipe::ends();
    let here = base.beside(&one, quick());
    let mia = id();
    let mut hers = here.somebody(mia).await;
    agents_are(&mut hers, &[(mia, "online")]).await;
    let quiet = HubConfig { beat: Duration::from_secs(600), drain: Duration::ZERO, ..quick() };
    let there = base.beside(&other, quiet);
    when(&mut hers, || there.hub.is_online(there.tenant)).await;
    let tom = id();
    let his = there.somebody(tom).await;
    agents_are(&mut hers, &[(mia, "online"), (tom, "online")]).await;
    let hub = there.hub.clone();
    let leaving = tokio::spawn(async move { hub.drain().await });
    drop(his);
    // it would be believed for half an hour otherwise
    agents_are(&mut hers, &[(mia, "online")]).await;
    leaving.await.expect("it stops");
}

#[tokio::test]
async fn a_calm_process_says_little() {
    let (here, _there, pipe) = two();
    let mut mia = here.agent().await;
    when(&mut mia, || pipe.notes() > 4).await;
    let before = pipe.notes();
    let until = tokio::time::Instant::now() + Duration::from_millis(500);
    while tokio::time::timeout_at(until, mia.next()).await.is_ok() {}
    // two processes, a beat of 100 ms
    assert!(pipe.notes() - before <= 14, "{} notes in five beats", pipe.notes() - before);
}
