//! A product that keeps its events in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bus::Bus;
use kernel::wire::{Agent, Author, AuthorKind, Delivery, Message, Reach, Visibility};
use kernel::{
    Actor, AgentId, Audience, Clock, ContactId, ConversationId, Error, Event, Position, Result, Role, Scope, Stamped,
    TenantId, Timestamp,
};

use super::id;
use crate::product::Missed;

pub(crate) struct Script {
    pub clock: Clock,
    bus: Bus,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    events: Vec<Stamped>,
    /// Events up to this number are forgotten.
    forgotten: i64,
    conversations: HashMap<ConversationId, (TenantId, ContactId)>,
    marks: Vec<(ConversationId, i64, Reach)>,
    reads: usize,
}

impl Script {
    pub fn new(bus: Bus) -> Self {
        Self { clock: Clock::frozen(Timestamp::from_millis(1_000_000)), bus, inner: Mutex::default() }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no test panics while holding it")
    }

    /// Commits an event and tells the bus, as the store and its tail do.
    pub fn emit(&self, tenant: TenantId, audience: Audience, event: &Event) -> i64 {
        let stamped = self.commit(tenant, audience, event);
        let n = stamped.position.n;
        self.bus.publish(Arc::new([stamped]));
        n
    }

    /// Commits an event the bus loses.
    pub fn commit(&self, tenant: TenantId, audience: Audience, event: &Event) -> Stamped {
        let mut inner = self.inner();
        let n = i64::try_from(inner.events.len()).expect("few events") + 1;
        let body: Arc<str> = serde_json::to_string(event).expect("events serialise").into();
        let position = Position { epoch: 1, shard: 0, n };
        let stamped = Stamped { position, tenant, audience, at: self.clock.now(), body };
        inner.events.push(stamped.clone());
        stamped
    }

    pub fn say(&self, tenant: TenantId, contact: ContactId, by: AuthorKind, visibility: Visibility, body: &str) -> i64 {
        let conversation_id = self.conversation(tenant, contact);
        let (audience, event) = message(conversation_id, contact, by, visibility, body);
        self.emit(tenant, audience, &event)
    }

    /// The contact's conversation, made when there is none.
    pub fn conversation(&self, tenant: TenantId, contact: ContactId) -> ConversationId {
        let mut inner = self.inner();
        let known = inner.conversations.iter().find(|(_, owner)| **owner == (tenant, contact)).map(|(id, _)| *id);
        *inner.conversations.entry(known.unwrap_or_else(id)).insert_entry((tenant, contact)).key()
    }

    /// Takes the last event back.
    pub fn take_back(&self) {
        self.inner().events.pop();
    }

    pub fn forget_up_to(&self, n: i64) {
        self.inner().forgotten = n;
    }

    pub fn marks(&self) -> Vec<(ConversationId, i64, Reach)> {
        self.inner().marks.clone()
    }

    /// How often events were read back.
    pub fn reads(&self) -> usize {
        self.inner().reads
    }

    pub fn head(&self) -> Position {
        let n = i64::try_from(self.inner().events.len()).expect("few events");
        Position { epoch: 1, shard: 0, n }
    }

    pub async fn missed(&self, tenant: TenantId, after: Position, limit: u64) -> Result<Missed> {
        // a read takes its time, and others go on meanwhile
        tokio::task::yield_now().await;
        let mut inner = self.inner();
        inner.reads += 1;
        let head = i64::try_from(inner.events.len()).expect("few events");
        if after.epoch != 1 || after.n < inner.forgotten || after.n > head {
            return Ok(Missed::TooOld);
        }
        let newer = inner.events.iter().filter(|event| event.tenant == tenant && event.position.n > after.n);
        Ok(Missed::Events(newer.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect()))
    }

    pub fn whose(&self, scope: &Scope, conversation: ConversationId) -> Result<ContactId> {
        let inner = self.inner();
        let (tenant, contact) = inner.conversations.get(&conversation).ok_or_else(Error::not_found)?;
        let own = match scope.actor() {
            Actor::Visitor { id, .. } => id == contact,
            _ => true,
        };
        (own && *tenant == scope.tenant()).then_some(*contact).ok_or_else(Error::not_found)
    }

    pub fn mark(&self, scope: &Scope, conversation: ConversationId, seq: i64, reach: Reach) -> Result<()> {
        self.whose(scope, conversation)?;
        self.inner().marks.push((conversation, seq, reach));
        Ok(())
    }

    pub fn name(&self, scope: &Scope) -> String {
        scope.agent().map(|(agent, _)| format!("Agent {agent}")).unwrap_or_default()
    }

    pub fn conversations(&self, scope: &Scope) -> Vec<ConversationId> {
        let Ok((visitor, _)) = scope.visitor() else { return Vec::new() };
        let inner = self.inner();
        let own = inner.conversations.iter().filter(|(_, owner)| **owner == (scope.tenant(), visitor));
        own.map(|(id, _)| *id).collect()
    }
}

/// A message as the store would emit it.
pub(crate) fn message(
    conversation_id: ConversationId,
    contact: ContactId,
    by: AuthorKind,
    visibility: Visibility,
    body: &str,
) -> (Audience, Event) {
    let message = Message {
        id: id(),
        conversation_id,
        seq: 1,
        client_id: "c".to_owned(),
        author: Author { kind: by, id: None, name: String::new() },
        body: body.to_owned(),
        files: Vec::new(),
        visibility,
        delivery: Delivery::Sent,
        reply_to: None,
        extra: None,
        created_at: Timestamp::from_millis(0),
    };
    let audience = match visibility {
        Visibility::Public => Audience::Visitor(contact),
        Visibility::Note => Audience::Agents,
    };
    (audience, Event::MessagePosted { conversation_id, seq: 1, message })
}

/// An agent as events show them.
pub(crate) fn agent(id: AgentId, role: Role) -> Agent {
    let created_at = Timestamp::from_millis(0);
    let (name, email) = ("Mia".to_owned(), "mia@acme.test".to_owned());
    Agent { id, name, email, role, second_factor: false, created_at, last_seen_at: None }
}
