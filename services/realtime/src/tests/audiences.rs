//! Who hears what.

use kernel::{Actor, Audience, Event, Role, Scope};

use super::*;

#[tokio::test]
async fn ws_01_agents_hear_the_tenant_and_visitors_hear_themselves() {
    let stage = Stage::new();
    let (anna, ben) = (id(), id());
    let (mut mia, mut her, mut his) = (stage.agent().await, stage.visitor(anna).await, stage.visitor(ben).await);
    stage.says(anna, "from anna");
    stage.notes(anna, "a note on anna");
    stage.says(ben, "from ben");
    for body in ["from anna", "a note on anna", "from ben"] {
        assert_eq!(heard(&mut mia).await, body);
    }
    assert_eq!(heard(&mut his).await, "from ben");
    assert_eq!(heard(&mut her).await, "from anna");
    stage.says(anna, "again");
    assert_eq!(heard(&mut her).await, "again", "the note never came between");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test plays its people")]
async fn iso_another_tenant_hears_nothing() {
    let stage = Stage::new();
    let stranger = Scope::vouch(id(), Actor::Agent { id: id(), role: Role::Owner, session: id() });
    let pass = Pass { scope: stranger.clone(), ..stage.agent_pass(id(), Role::Owner, id()) };
    let (mut mia, mut eve) = (stage.agent().await, stage.join(pass, None).await);
    stage.says(id(), "secret");
    assert_eq!(heard(&mut mia).await, "secret");
    let conversation = stage.script.conversation(stage.tenant, id());
    eve.typing(conversation, true).await;
    eve.presence(crate::Active::Online, Some(conversation)).await;
    stage.script.emit(stranger.tenant(), Audience::Agents, &Event::TenantResumed {});
    assert_eq!(frame_of(&mut eve, "tenant_resumed").await["type"], "tenant_resumed");
    stage.says(id(), "last");
    loop {
        let frame = frame(&mut mia).await;
        assert_ne!(frame["type"], "typing", "typing crossed the wall");
        assert_ne!(frame["type"], "viewing", "viewing crossed the wall");
        if frame["message"]["body"] == "last" {
            break;
        }
    }
}

#[tokio::test]
async fn the_end_of_a_session_is_told_to_its_own_agent_only() {
    let stage = Stage::new();
    let (mia, tom) = (id(), id());
    let mut hers = stage.join(stage.agent_pass(mia, Role::Agent, id()), None).await;
    let mut his = stage.join(stage.agent_pass(tom, Role::Agent, id()), None).await;
    let over = Event::SessionEnded { session_id: id(), agent_id: mia };
    stage.script.emit(stage.tenant, Audience::Control, &over);
    stage.says(id(), "after");
    assert_eq!(frame_of(&mut hers, "session_ended").await["agent_id"], mia.to_string());
    loop {
        let frame = frame(&mut his).await;
        assert_ne!(frame["type"], "session_ended");
        if frame["type"] == "message_posted" {
            break;
        }
    }
}

#[tokio::test]
async fn a_frame_is_made_once_and_shared_by_all_who_hear_it() {
    let stage = Stage::new();
    let (mut one, mut two) = (stage.agent().await, stage.agent().await);
    stage.says(id(), "hello");
    let (a, b) = (message_text(&mut one).await, message_text(&mut two).await);
    assert_eq!(a.as_ptr(), b.as_ptr());
}

async fn message_text(live: &mut Live) -> bytestring::ByteString {
    loop {
        match out(live).await {
            Out::Text(text) if text.contains("message_posted") => return text,
            Out::Text(_) => {}
            Out::End(why) => panic!("ended: {why:?}"),
        }
    }
}
