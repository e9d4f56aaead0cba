//! Who is there, told when it changes: agents to agents, visitors to agents, "somebody is there" to visitors.
//!
//! Leaving counts after a pause, because a page that is loaded again leaves and comes back at once.

use std::time::{Duration, Instant};

use bus::Hearers;
use bytestring::ByteString;

use crate::HubConfig;
use crate::connection::Connection;
use crate::frames::{self, AgentPresence};
use crate::protocol::Active;
use crate::room::{Room, Talk};

/// Visitors an agent who arrives is told about; the rest is told when it changes.
const MOST_GREETED: usize = 100;

impl Room {
    /// What changed since it was last told, and forgets who has been gone for longer than `grace`.
    pub fn presence_news(&mut self, now: Instant, grace: Duration) -> Vec<(Hearers, ByteString)> {
        let gone = |left: Option<Instant>| left.is_some_and(|left| now.duration_since(left) >= grace);
        self.agents.retain(|_, seat| !gone(seat.left));
        let mut news = Vec::new();
        let agents = self.agent_presence();
        if agents != self.told.agents {
            news.push((Hearers::Agents, frames::agents(&agents)));
            self.told.agents = agents;
        }
        let somebody = self.is_somebody_there();
        if somebody != self.told.somebody {
            news.push((Hearers::Visitors, frames::somebody(somebody)));
            self.told.somebody = somebody;
        }
        for seat in self.visitors.values_mut() {
            let there = !gone(seat.left);
            for talk in seat.conversations.iter_mut().filter(|talk| talk.is_news(there)) {
                talk.is_told = there;
                news.push((Hearers::Agents, frames::visitor(talk.id, there)));
            }
        }
        self.visitors.retain(|_, seat| !gone(seat.left));
        news
    }

    /// What an agent who arrives should know.
    pub fn greet_agent(&mut self, connection: &Connection, config: &HubConfig) {
        connection.signal(&frames::agents(&self.agent_presence()), config);
        let here = self.visitors.values_mut().filter(|seat| !seat.tabs.is_empty());
        for talk in here.flat_map(|seat| &mut seat.conversations).take(MOST_GREETED) {
            talk.is_greeted = true;
            connection.signal(&frames::visitor(talk.id, true), config);
        }
        let screens = self.agents.values().flat_map(|seat| &seat.screens);
        let mut viewed: Vec<_> = screens.filter_map(|screen| screen.viewing).collect();
        viewed.sort();
        viewed.dedup();
        for conversation in viewed.into_iter().take(MOST_GREETED) {
            connection.signal(&frames::viewing(conversation, &self.viewers(conversation)), config);
        }
    }

    /// What a visitor who arrives should know.
    pub fn greet_visitor(&self, connection: &Connection, config: &HubConfig) {
        connection.signal(&frames::somebody(self.is_somebody_there()), config);
    }

    fn agent_presence(&self) -> Vec<AgentPresence> {
        let state =
            |(id, seat): (&_, &crate::room::AgentSeat)| seat.state().map(|state| AgentPresence::new(*id, state));
        let mut agents: Vec<_> = self.agents.iter().filter_map(state).collect();
        agents.sort_by_key(|agent| agent.id);
        agents
    }

    fn is_somebody_there(&self) -> bool {
        self.agents.values().any(|seat| seat.state() == Some(Active::Online))
    }

    /// State of each agent who is there.
    pub fn who_is_there(&self) -> Vec<(kernel::AgentId, Active)> {
        self.agents.iter().filter_map(|(id, seat)| seat.state().map(|state| (*id, state))).collect()
    }
}

impl Talk {
    /// Coming is news to those who were not told; leaving to those who were.
    const fn is_news(&self, is_there: bool) -> bool {
        if is_there { !self.is_told } else { self.is_told || self.is_greeted }
    }
}
