//! What this hub tells other processes about presence, and what it does about what they tell.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bus::Hearers;
use kernel::{AgentId, ConversationId, Scope, TenantId};
use uuid::Uuid;

use crate::nodes::{self, BEATS, Changes, Fact, MOST_IN_NOTE, Others, Said};
use crate::{Hub, frames};

/// Where this process stands in what it told.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    n: u64,
    /// When it last gave a sign of life.
    said: Option<Instant>,
    /// Somebody asked for everything.
    is_asked: bool,
}

impl Hub {
    /// What other processes said. Never held across an await, and no room is asked for while it is.
    pub(crate) fn others(&self) -> MutexGuard<'_, Others> {
        self.0.others.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.0.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the others what changed, in as few notes as it takes. Runs in the hub's one ticker, so notes leave in the
    /// order of their numbers.
    pub(crate) fn share(&self, come: &[Fact], gone: &[Fact]) {
        if !self.0.post.is_shared() {
            return;
        }
        let mut standing = self.standing();
        let (mut come, mut gone) = (come.chunks(MOST_IN_NOTE), gone.chunks(MOST_IN_NOTE));
        for _ in 0..come.len().max(gone.len()) {
            standing.n += 1;
            let (gone, come) = (gone.next().unwrap_or_default().to_vec(), come.next().unwrap_or_default().to_vec());
            self.0.post.send(nodes::write(Said::Changed { n: standing.n, come, gone }));
            standing.said = Some(Instant::now());
        }
        if std::mem::take(&mut standing.is_asked) {
            self.tell_all(standing.n);
        }
    }

    fn tell_all(&self, n: u64) {
        let mut facts = Vec::new();
        for room in self.0.rooms.iter() {
            facts.extend(room.shared(*room.key()));
        }
        let of = u32::try_from(facts.len().div_ceil(MOST_IN_NOTE)).unwrap_or(u32::MAX).max(1);
        let mut chunks = facts.chunks(MOST_IN_NOTE);
        for part in 0..of {
            let facts = chunks.next().unwrap_or_default().to_vec();
            self.0.post.send(nodes::write(Said::Whole { n, part, of, facts }));
        }
    }

    /// Gives a sign of life and forgets who gave none. The first one is all there is, and a question to all others.
    pub(crate) fn look_elsewhere(&self) {
        if !self.0.post.is_shared() {
            return;
        }
        let now = Instant::now();
        let mut standing = self.standing();
        if standing.said.is_none() {
            self.0.post.send(nodes::write(Said::Ask { of: None }));
            standing.is_asked = true;
        }
        let is_due = standing.said.is_none_or(|said| now.duration_since(said) >= self.0.config.beat);
        if is_due && !self.is_draining() {
            standing.said = Some(now);
            self.0.post.send(nodes::write(Said::Alive { n: standing.n }));
        }
        drop(standing);
        let changes = self.others().expire(now);
        self.tell_changes(changes);
    }

    /// A process says something.
    pub(crate) fn hear_note(&self, from: Uuid, bytes: &[u8]) {
        let Some(said) = nodes::read(bytes).filter(|_| from != self.0.post.node()) else { return };
        if let Said::Ask { of } = said {
            return self.be_asked(of);
        }
        let silence = self.0.config.beat * BEATS;
        let changes = self.others().hear(from, said, Instant::now(), silence, self.leave_time());
        if changes.ask {
            self.0.post.send(nodes::write(Said::Ask { of: Some(from) }));
        }
        self.tell_changes(changes);
    }

    /// How long people of a process that said good-bye are believed to be on their way here.
    fn leave_time(&self) -> Duration {
        self.0.config.grace
    }

    /// Everything is told with the next beat of presence, once for all who ask at about the same time.
    fn be_asked(&self, of: Option<Uuid>) {
        if of.is_none_or(|of| of == self.0.post.node()) {
            self.standing().is_asked = true;
            self.0.moved.notify_one();
        }
    }

    fn tell_changes(&self, changes: Changes) {
        for tenant in &changes.stirred {
            if let Some(mut room) = self.0.rooms.get_mut(tenant) {
                room.is_stirred = true;
                self.0.moved.notify_one();
            }
        }
        for (tenant, conversation) in changes.looks {
            self.tell_viewing(tenant, conversation);
        }
        for ((tenant, conversation), is_there) in changes.visitors {
            if let Some(room) = self.0.rooms.get(&tenant)
                && !room.agents.is_empty()
                && (is_there || !room.has_visitor(conversation))
            {
                let text = frames::visitor(conversation, is_there);
                room.signal(Hearers::Agents, None, &text, &self.0.config);
            }
        }
    }

    /// Tells agents who looks at a conversation now, wherever they are connected.
    pub(crate) fn tell_viewing(&self, tenant: TenantId, conversation: ConversationId) {
        let far = self.others().viewers(tenant, conversation);
        let Some(room) = self.0.rooms.get(&tenant) else { return };
        let text = frames::viewing(conversation, &room.viewers(conversation, &far));
        room.signal(Hearers::Agents, None, &text, &self.0.config);
        let strangers: Vec<_> = far.into_iter().filter(|agent| room.name_of(*agent).is_none()).collect();
        let asker = room.agents.values().flat_map(|seat| &seat.screens).next().map(|screen| screen.connection.scope());
        drop(room);
        if let (Some(asker), false) = (asker, strangers.is_empty()) {
            tokio::spawn(self.clone().introduce_far(asker, strangers, conversation));
        }
    }

    /// Ids travel, names do not: they are read here, once.
    async fn introduce_far(self, asker: Scope, strangers: Vec<AgentId>, conversation: ConversationId) {
        let mut learned = false;
        for agent in strangers {
            match self.0.product.name_of(&asker, agent).await {
                Ok(name) => {
                    if let Some(mut room) = self.0.rooms.get_mut(&asker.tenant()) {
                        learned |= room.far_names.insert(agent, name).is_none();
                    }
                }
                Err(error) => tracing::debug!(%error, "an agent elsewhere has no name here"),
            }
        }
        if learned {
            self.tell_viewing(asker.tenant(), conversation);
        }
    }
}
