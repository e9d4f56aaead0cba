//! Moments reach other processes, and nobody twice.

use harness::Live;
use serde_json::json;

use super::guarded::Guarded;
use super::talk::Talk;
use crate::stage::{Cluster, agent_listens};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_is_shown_in_other_processes_and_once() {
    let Some(cluster) = Cluster::set().await else { return };
    let guarded = Guarded::start().await;
    let mut talk = Talk::begins(&cluster, &guarded.url("all"), &guarded.url("all")).await;
    let (mut inbox_there, _) = agent_listens(&talk.owner, &talk.far, None).await;
    let conversation = talk.visitor.conversation().to_owned();

    for on in [true, false] {
        talk.page.send(json!({ "type": "typing", "conversation_id": conversation, "on": on })).await;
        types(&mut inbox_there, on).await;
        types(&mut talk.inbox, on).await;
    }
    // whatever the broker could have brought back to the far process came before this, which it brings after
    talk.types().await;
    types(&mut talk.page, true).await;
    for live in [&mut inbox_there, &mut talk.inbox, &mut talk.page] {
        let again: Vec<_> = live.settled().await.into_iter().filter(|frame| frame["type"] == "typing").collect();
        assert!(again.is_empty(), "twice, or to oneself: {again:?}");
    }
    drop((inbox_there, talk));
    cluster.strike().await;
}

async fn types(live: &mut Live, on: bool) {
    live.expect(move |frame| frame["type"] == "typing" && frame["on"] == on).await;
}
