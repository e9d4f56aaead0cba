//! Who is there, told when it changes: agents to agents, visitors to agents, "somebody is there" to visitors. Each
//! process tells those who are connected to it, of all who are connected anywhere.
//!
//! Leaving counts after a pause, because a page that is loaded again leaves and comes back at once.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use bus::Hearers;
use bytestring::ByteString;
use kernel::{AgentId, TenantId};

use crate::HubConfig;
use crate::connection::Connection;
use crate::frames::{self, AgentPresence};
use crate::nodes::{Fact, Others, merge};
use crate::protocol::Active;
use crate::room::{Room, Talk};

/// Visitors an agent who arrives is told about; the rest is told when it changes.
const MOST_GREETED: usize = 100;

/// What is to be told.
#[derive(Default)]
pub(crate) struct News {
    /// To those who are connected here.
    pub frames: Vec<(Hearers, ByteString)>,
    /// To other processes: what is so from now on, and no longer.
    pub come: Vec<Fact>,
    pub gone: Vec<Fact>,
}

impl Room {
    /// What changed since it was last told, and forgets who has been gone for longer than `grace`.
    pub fn presence_news(&mut self, tenant: TenantId, others: &Others, now: Instant, grace: Duration) -> News {
        let gone = |left: Option<Instant>| left.is_some_and(|left| now.duration_since(left) >= grace);
        self.agents.retain(|_, seat| !gone(seat.left));
        let mut news = News::default();
        self.share(tenant, &mut news);
        let agents = presences(merge(self.who_is_there(), others.agents(tenant)));
        let somebody = agents.iter().any(|agent| agent.state == Active::Online.word());
        if agents != self.told.agents {
            news.frames.push((Hearers::Agents, frames::agents(&agents)));
            self.told.agents = agents;
        }
        if somebody != self.told.somebody {
            news.frames.push((Hearers::Visitors, frames::somebody(somebody)));
            self.told.somebody = somebody;
        }
        for seat in self.visitors.values_mut() {
            let there = !gone(seat.left);
            for talk in &mut seat.conversations {
                talk.share(tenant, there, &mut news);
                if talk.is_news(there) {
                    talk.is_told = there;
                    // who left here may have a page on another process
                    if there || !others.has_visitor(tenant, talk.id) {
                        news.frames.push((Hearers::Agents, frames::visitor(talk.id, there)));
                    }
                }
            }
        }
        self.visitors.retain(|_, seat| !gone(seat.left));
        // whoever is gone for a moment has to be looked at again
        self.is_stirred = self.agents.values().any(|seat| seat.left.is_some())
            || self.visitors.values().any(|seat| seat.left.is_some());
        news
    }

    /// What other processes should know of the tenant's people here.
    fn share(&mut self, tenant: TenantId, news: &mut News) {
        let there = self.who_is_there().into_iter().map(|(id, state)| Fact::Agent(tenant, id, state == Active::Online));
        let screens = self.agents.iter().flat_map(|(id, seat)| seat.screens.iter().map(move |screen| (id, screen)));
        let looks = screens.filter_map(|(id, screen)| screen.viewing.map(|talk| Fact::Looks(tenant, *id, talk)));
        let facts: HashSet<Fact> = there.chain(looks).collect();
        if facts != self.told.facts {
            news.come.extend(facts.difference(&self.told.facts).cloned());
            news.gone.extend(self.told.facts.difference(&facts).cloned());
            self.told.facts = facts;
        }
    }

    /// Everything other processes were told of this room.
    pub fn shared(&self, tenant: TenantId) -> impl Iterator<Item = Fact> {
        let talks = self.visitors.values().flat_map(|seat| &seat.conversations).filter(|talk| talk.is_shared);
        self.told.facts.iter().cloned().chain(talks.map(move |talk| Fact::Visitor(tenant, talk.id)))
    }

    /// What an agent who arrives should know.
    pub fn greet_agent(&mut self, connection: &Connection, others: &Others, config: &HubConfig) {
        let tenant = connection.tenant;
        let agents = presences(merge(self.who_is_there(), others.agents(tenant)));
        connection.signal(&frames::agents(&agents), config);
        let here = self.visitors.values_mut().filter(|seat| !seat.tabs.is_empty());
        for talk in here.flat_map(|seat| &mut seat.conversations).take(MOST_GREETED) {
            talk.is_greeted = true;
            connection.signal(&frames::visitor(talk.id, true), config);
        }
        for talk in others.visitors(tenant, MOST_GREETED) {
            connection.signal(&frames::visitor(talk, true), config);
        }
        let screens = self.agents.values().flat_map(|seat| &seat.screens);
        let mut viewed: Vec<_> = screens.filter_map(|screen| screen.viewing).chain(others.viewed(tenant)).collect();
        viewed.sort();
        viewed.dedup();
        for talk in viewed.into_iter().take(MOST_GREETED) {
            let viewers = self.viewers(talk, &others.viewers(tenant, talk));
            connection.signal(&frames::viewing(talk, &viewers), config);
        }
    }

    /// What a visitor who arrives should know.
    pub fn greet_visitor(&self, connection: &Connection, others: &Others, config: &HubConfig) {
        let all = merge(self.who_is_there(), others.agents(connection.tenant));
        let somebody = all.iter().any(|(_, state)| *state == Active::Online);
        connection.signal(&frames::somebody(somebody), config);
    }

    /// State of each agent who is connected here.
    pub fn who_is_there(&self) -> Vec<(AgentId, Active)> {
        self.agents.iter().filter_map(|(id, seat)| seat.state().map(|state| (*id, state))).collect()
    }
}

fn presences(mut agents: Vec<(AgentId, Active)>) -> Vec<AgentPresence> {
    agents.sort_by_key(|(id, _)| *id);
    agents.into_iter().map(|(id, state)| AgentPresence::new(id, state)).collect()
}

impl Talk {
    /// Coming is news to those who were not told; leaving to those who were.
    const fn is_news(&self, is_there: bool) -> bool {
        if is_there { !self.is_told } else { self.is_told || self.is_greeted }
    }

    fn share(&mut self, tenant: TenantId, is_there: bool, news: &mut News) {
        if is_there != self.is_shared {
            let list = if is_there { &mut news.come } else { &mut news.gone };
            list.push(Fact::Visitor(tenant, self.id));
            self.is_shared = is_there;
        }
    }
}
