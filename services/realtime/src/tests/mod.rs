//! The hub without sockets: a script of the product, connections that are read by hand.

mod audiences;
mod endings;
mod moments;
mod pipe;
mod processes;
mod queues;
mod resuming;
mod script;

use std::sync::Arc;
use std::time::Duration;

use bus::Bus;
use kernel::wire::{AuthorKind, Visibility};
use kernel::{Actor, AgentId, Clock, ContactId, Id, Position, Role, Scope, SessionId, TenantId, WidgetId};
use serde_json::Value;

pub(crate) use pipe::Pipe;
pub(crate) use script::Script;

use crate::nodes::Post;
use crate::product::Product;
use crate::{Ending, Hub, HubConfig, Kind, Live, Out, Pass};

/// A tenant with a hub.
pub(crate) struct Stage {
    pub script: Arc<Script>,
    pub hub: Hub,
    pub tenant: TenantId,
    pub widget: WidgetId,
}

pub(crate) fn id<K>() -> Id<K> {
    Id::new(&Clock::System)
}

/// Patience for tests: nothing here waits for it unless it is about it.
pub(crate) fn quick() -> HubConfig {
    let (tick, grace, beat) = (Duration::from_millis(5), Duration::from_millis(80), Duration::from_millis(100));
    HubConfig { tick, grace, beat, page: 50, ..HubConfig::default() }
}

impl Stage {
    pub fn new() -> Self {
        Self::with(quick())
    }

    pub fn with(config: HubConfig) -> Self {
        let bus = Bus::new();
        let script = Arc::new(Script::new(bus.clone()));
        let hub = Hub::over(Product::Script(script.clone()), bus.clone(), Post::Bus(bus), config);
        Self { script, hub, tenant: id(), widget: id() }
    }

    /// Another process with the same data, whose notes go into `pipe`.
    pub fn beside(&self, pipe: &Pipe, config: HubConfig) -> Self {
        let post = Post::Pipe(pipe.clone());
        let hub = Hub::over(Product::Script(self.script.clone()), Bus::new(), post, config);
        pipe.reach(&hub);
        Self { script: self.script.clone(), hub, tenant: self.tenant, widget: self.widget }
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays its people")]
    pub fn agent_pass(&self, agent: AgentId, role: Role, session: SessionId) -> Pass {
        let scope = Scope::vouch(self.tenant, Actor::Agent { id: agent, role, session });
        Pass { scope, expires_at: self.script.clock.now().plus(Duration::from_secs(600)), origin: None }
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays its people")]
    pub fn visitor_pass(&self, visitor: ContactId) -> Pass {
        let scope = Scope::vouch(self.tenant, Actor::Visitor { id: visitor, widget: self.widget });
        let expires_at = self.script.clock.now().plus(Duration::from_secs(600));
        Pass { scope, expires_at, origin: Some("https://shop.test".to_owned()) }
    }

    pub async fn agent(&self) -> Live {
        self.join(self.agent_pass(id(), Role::Agent, id()), None).await
    }

    pub async fn visitor(&self, visitor: ContactId) -> Live {
        self.join(self.visitor_pass(visitor), None).await
    }

    /// Joins and swallows the welcome.
    pub async fn join(&self, pass: Pass, after: Option<Position>) -> Live {
        let mut live = self.hub.join(pass, Kind::Socket).expect("the hub takes it");
        live.begin(after).await.expect("the script answers");
        live
    }

    /// Something said to or by a contact.
    pub fn says(&self, contact: ContactId, body: &str) -> i64 {
        self.script.say(self.tenant, contact, AuthorKind::Visitor, Visibility::Public, body)
    }

    /// Something the visitors must not see.
    pub fn notes(&self, contact: ContactId, body: &str) -> i64 {
        self.script.say(self.tenant, contact, AuthorKind::Agent, Visibility::Note, body)
    }
}

/// The next thing, with a limit against hanging.
pub(crate) async fn out(live: &mut Live) -> Out {
    tokio::time::timeout(Duration::from_secs(10), live.next()).await.expect("something was due")
}

/// The next text frame as JSON.
pub(crate) async fn frame(live: &mut Live) -> Value {
    match out(live).await {
        Out::Text(text) => serde_json::from_str(&text).expect("frames are JSON"),
        Out::End(why) => panic!("ended: {why:?}"),
    }
}

/// The next frame of a type, others skipped.
pub(crate) async fn frame_of(live: &mut Live, kind: &str) -> Value {
    loop {
        let frame = frame(live).await;
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// The body of the next message heard.
pub(crate) async fn heard(live: &mut Live) -> String {
    frame_of(live, "message_posted").await["message"]["body"].as_str().expect("a body").to_owned()
}

/// How it ended, frames before that skipped.
pub(crate) async fn ending(live: &mut Live) -> Ending {
    loop {
        if let Out::End(why) = out(live).await {
            return why;
        }
    }
}
