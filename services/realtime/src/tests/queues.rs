//! Slow readers.

use super::*;

#[tokio::test]
async fn rel_16_who_does_not_read_is_let_go_and_nobody_else_notices() {
    let stage = Stage::new();
    let (mut lazy, mut quick) = (stage.agent().await, stage.agent().await);
    // both live before it starts
    for live in [&mut lazy, &mut quick] {
        frame_of(live, "presence").await;
    }
    let contact = id();
    for n in 0..400 {
        stage.says(contact, &n.to_string());
        assert_eq!(heard(&mut quick).await, n.to_string());
    }
    assert_eq!(out(&mut lazy).await, Out::End(Ending::Slow), "what was queued is dropped");
}

#[tokio::test]
async fn rel_16_bytes_are_bounded_too() {
    let stage = Stage::new();
    let mut lazy = stage.agent().await;
    let mut witness = stage.agent().await;
    frame_of(&mut lazy, "presence").await;
    frame_of(&mut witness, "presence").await;
    let long = "x".repeat(9_000);
    for _ in 0..40 {
        stage.says(id(), &long);
        heard(&mut witness).await;
    }
    assert_eq!(out(&mut lazy).await, Out::End(Ending::Slow));
}

#[tokio::test]
async fn a_slow_reader_resumes_without_a_gap() {
    let stage = Stage::new();
    let (mia, session) = (id(), id());
    let mut first = stage.join(stage.agent_pass(mia, Role::Agent, session), None).await;
    frame_of(&mut first, "presence").await;
    let contact = id();
    stage.says(contact, "0");
    let seen = frame_of(&mut first, "message_posted").await;
    let after = seen["position"].as_str().and_then(|text| text.parse().ok());
    let mut witness = stage.agent().await;
    for n in 1..=300 {
        stage.says(contact, &n.to_string());
        heard(&mut witness).await;
    }
    assert_eq!(out(&mut first).await, Out::End(Ending::Slow));
    drop(first);
    let mut again = stage.join(stage.agent_pass(mia, Role::Agent, session), after).await;
    for n in 1..=300 {
        assert_eq!(heard(&mut again).await, n.to_string());
    }
}

#[tokio::test]
async fn when_the_hub_is_behind_connections_read_back_instead_of_being_closed() {
    let stage = Stage::new();
    let mut mia = stage.agent().await;
    frame_of(&mut mia, "presence").await;
    let contact = id();
    stage.says(contact, "1");
    assert_eq!(heard(&mut mia).await, "1");
    // more than the bus holds, before the hub's task runs once
    for n in 2..=5_000 {
        stage.says(contact, &n.to_string());
    }
    for n in 2..=5_000 {
        assert_eq!(heard(&mut mia).await, n.to_string());
    }
}
