//! Text in, text out.

use graph_sim::Setup;

use crate::ear::{PABLO, Stage};

#[tokio::test]
async fn what_a_user_says_is_pushed_and_signed_over_exactly_its_bytes() {
    let stage = Stage::set().await;
    let id = stage.sim.user(PABLO).says("Grüße 😀 https://example.com/");
    stage.sim.settle().await;
    let heard = stage.ear.heard();
    assert_eq!(heard.len(), 1);
    assert!(heard[0].is_signed(Setup::SECRET), "{:?}", heard[0].signature);
    assert!(!heard[0].is_signed("another secret"));
    let message = &heard[0].all("messages")[0];
    assert_eq!((message["id"].as_str(), message["from"].as_str()), (Some(id.as_str()), Some(PABLO)));
    assert_eq!(message["text"]["body"], "Grüße 😀 https://example.com/");
    assert!(heard[0].body.is_ascii(), "Meta writes ASCII");
    assert!(
        String::from_utf8_lossy(&heard[0].body).contains("Gr\\u00fc\\u00dfe \\ud83d\\ude00 https:\\/\\/example.com\\/")
    );
}

#[tokio::test]
async fn an_answer_reaches_the_phone_and_its_states_come_back() {
    let stage = Stage::set().await;
    let pablo = stage.sim.user(PABLO);
    pablo.says("Hello?");
    let id = stage.text("+16505551234", "Here we are.").await;
    stage.sim.advance(2000).await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered"]);
    let sees = pablo.sees();
    assert_eq!(sees.len(), 2);
    assert_eq!((sees[1].id.as_str(), sees[1].state.as_str(), sees[1].mine), (id.as_str(), "delivered", false));
    pablo.act("open", serde_json::json!({}));
    stage.sim.settle().await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered", "read"]);
}
