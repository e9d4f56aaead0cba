//! REL-14: a server that is asked to end sends its clients on, finishes what it holds and leaves in time.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::check;
use crate::load::{Load, number};
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_14_a_server_asked_to_end_leaves_nothing_unanswered() {
    let mut stage = Stage::set().await;
    let mut load = Load::start(&stage, 20).await;
    for _ in 0..number("CHAOS_DRAINS", number("CHAOS_SECONDS", 30).div_ceil(60)) {
        let mut tab = stage.another_tab().await;
        tab.listens(None).await;
        // some traffic between two restarts, so that there is something to lose
        sleep(Duration::from_secs(2)).await;
        let (told, ended) = tokio::join!(
            async {
                let told = tab.live().sees("reconnect").await;
                // sockets leave one after the other, each when it was told to
                let deadline = Instant::now() + Duration::from_secs(25);
                while tab.live().frame(deadline).await.is_some() {}
                (told["after_ms"].clone(), tab.live().closed)
            },
            stage.server.ask_to_end(),
        );
        assert!(told.0.as_u64().is_some_and(|after| after <= 15_000), "reconnect says when: {told:?}");
        assert_eq!(told.1, Some(1012), "the close code that says resume");
        assert!(ended.0 < Duration::from_secs(25), "it took {:?}", ended.0);
        assert!(ended.1, "it did not end well");
        stage.server.start_again().await;
    }
    load.end().await;
    let acks = load.acks.all();
    println!("{} acknowledged", acks.len());
    check::invariants(&stage, &acks).await;
    assert_eq!(stage.owner.http.get("/v1/unread").await.ok()["total"].is_number(), json!(true));
    stage.strike().await;
}
