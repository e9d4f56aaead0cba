//! What is revoked ends at once.

use std::time::Duration;

use kernel::wire::{Display, Widget, WidgetSettings};
use kernel::{Audience, Event, Role, Timestamp};

use super::script::agent;
use super::*;

#[tokio::test]
async fn ws_04_a_session_that_ends_takes_its_sockets_and_no_others() {
    let stage = Stage::new();
    let (mia, first, second) = (id(), id(), id());
    let mut gone = stage.join(stage.agent_pass(mia, Role::Agent, first), None).await;
    let mut stays = stage.join(stage.agent_pass(mia, Role::Agent, second), None).await;
    stage.script.emit(stage.tenant, Audience::Control, &Event::SessionEnded { session_id: first, agent_id: mia });
    stage.says(id(), "still here");
    assert_eq!(ending(&mut gone).await, Ending::SignedOut);
    assert_eq!(heard(&mut stays).await, "still here");
}

#[tokio::test]
async fn ws_06_a_removed_agent_hears_nothing_more_and_a_lowered_one_may_do_less() {
    let stage = Stage::new();
    let (mia, tom) = (id(), id());
    let mut hers = stage.join(stage.agent_pass(mia, Role::Agent, id()), None).await;
    let mut his = stage.join(stage.agent_pass(tom, Role::Agent, id()), None).await;
    let visitor = id();
    let mut anna = stage.visitor(visitor).await;
    let conversation = stage.script.conversation(stage.tenant, visitor);
    his.typing(conversation, true).await;
    assert_eq!(frame_of(&mut anna, "typing").await["on"], true);

    stage.script.emit(stage.tenant, Audience::Agents, &Event::AgentChanged { agent: agent(tom, Role::Viewer) });
    stage.script.emit(stage.tenant, Audience::Agents, &Event::AgentRemoved { agent: agent(mia, Role::Agent) });
    assert_eq!(ending(&mut hers).await, Ending::SignedOut);
    frame_of(&mut his, "agent_removed").await;
    his.typing(conversation, false).await;
    stage.says(visitor, "next");
    let next = loop {
        let frame = frame(&mut anna).await;
        if frame["type"] != "presence" {
            break frame;
        }
    };
    assert_eq!(next["type"], "message_posted", "a viewer's typing was told");
}

#[tokio::test]
async fn ws_04_a_suspended_tenant_is_dark_for_everybody() {
    let stage = Stage::new();
    let (mut mia, mut anna) = (stage.agent().await, stage.visitor(id()).await);
    stage.script.emit(stage.tenant, Audience::Control, &Event::TenantSuspended {});
    assert_eq!(ending(&mut mia).await, Ending::Suspended);
    assert_eq!(ending(&mut anna).await, Ending::Suspended);
}

#[tokio::test]
async fn emb_10_a_widget_or_origin_that_is_switched_off_ends_its_visitors_only() {
    let stage = Stage::new();
    let mut mia = stage.agent().await;
    let mut shop = stage.visitor(id()).await;
    let elsewhere = Pass { origin: Some("https://blog.test".to_owned()), ..stage.visitor_pass(id()) };
    let mut blog = stage.join(elsewhere, None).await;
    let revoked = Event::OriginRevoked { widget_id: stage.widget, origin: "https://shop.test".to_owned() };
    stage.script.emit(stage.tenant, Audience::Control, &revoked);
    assert_eq!(ending(&mut shop).await, Ending::Suspended);
    frame_of(&mut mia, "origin_revoked").await;
    assert_eq!(frame(&mut blog).await["type"], "presence", "the other page goes on");
    stage.script.emit(stage.tenant, Audience::Agents, &Event::WidgetChanged { widget: widget(stage.widget, false) });
    assert_eq!(ending(&mut blog).await, Ending::Suspended);
    frame_of(&mut mia, "widget_changed").await;
}

#[tokio::test]
async fn a_token_that_is_over_ends_the_connection_unless_it_was_renewed() {
    let stage = Stage::new();
    let (mia, session) = (id(), id());
    let mut renewed = stage.join(stage.agent_pass(mia, Role::Agent, session), None).await;
    let mut forgot = stage.agent().await;
    stage.script.clock.advance(Duration::from_secs(590));
    assert!(renewed.renew(stage.agent_pass(mia, Role::Agent, session)));
    assert!(!renewed.renew(stage.agent_pass(id(), Role::Agent, session)), "another person's token");
    assert!(!renewed.renew(stage.visitor_pass(id())), "a visitor's token");
    stage.script.clock.advance(Duration::from_secs(11));
    assert_eq!(ending(&mut forgot).await, Ending::SignedOut);
    stage.says(id(), "on");
    assert_eq!(heard(&mut renewed).await, "on");
}

#[tokio::test]
async fn rel_18_a_silent_peer_is_let_go_and_a_speaking_one_is_not() {
    let config = HubConfig { ping: Duration::from_millis(20), silence: Duration::from_millis(120), ..quick() };
    let stage = Stage::with(config);
    let (mut alive, mut dead) = (stage.agent().await, stage.agent().await);
    let spoke = tokio::spawn(async move {
        for _ in 0..12 {
            frame_of(&mut alive, "ping").await;
            alive.heard();
        }
        alive
    });
    assert_eq!(ending(&mut dead).await, Ending::Away);
    let mut alive = spoke.await.expect("a speaking peer is not let go");
    stage.says(id(), "still here");
    assert_eq!(heard(&mut alive).await, "still here");
}

#[tokio::test]
async fn rel_14_draining_sends_everybody_away_at_moments_of_their_own() {
    let stage = Stage::with(HubConfig { drain: Duration::from_millis(100), ..quick() });
    let mut mia = stage.agent().await;
    stage.says(id(), "before");
    assert_eq!(heard(&mut mia).await, "before");
    let hub = stage.hub.clone();
    let drained = tokio::spawn(async move { hub.drain().await });
    let told = frame_of(&mut mia, "reconnect").await;
    assert!(told["after_ms"].as_u64().is_some_and(|ms| ms <= 100));
    assert_eq!(ending(&mut mia).await, Ending::Restart);
    assert!(stage.hub.join(stage.visitor_pass(id()), Kind::Socket).is_err(), "nobody new");
    drop(mia);
    drained.await.expect("draining ends");
    assert_eq!(stage.hub.connections(), 0);
}

fn widget(id: kernel::WidgetId, active: bool) -> Widget {
    let at = Timestamp::from_millis(0);
    let (name, settings) = ("Shop".to_owned(), WidgetSettings::default());
    Widget { id, name, display: Display::Floating, active, settings, version: 2, created_at: at, updated_at: at }
}
