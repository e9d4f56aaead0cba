//! One tenant's connections, seated by whom they belong to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use bus::Hearers;
use bytestring::ByteString;
use kernel::wire::AgentName;
use kernel::{Actor, AgentId, Audience, ContactId, ConversationId, Error, Result, Scope, Stamped};

use crate::connection::{Connection, Delivered};
use crate::frames::AgentPresence;
use crate::nodes::Fact;
use crate::protocol::Active;
use crate::{HubConfig, audience};

/// One tenant's connections.
#[derive(Default)]
pub(crate) struct Room {
    pub agents: HashMap<AgentId, AgentSeat>,
    pub visitors: HashMap<ContactId, VisitorSeat>,
    /// What the others were last told about presence.
    pub told: Told,
    /// Connections.
    pub count: usize,
    /// Whether somebody may have come, gone or changed since presence was last told.
    pub is_stirred: bool,
    /// Names of agents who are connected elsewhere and look at something here.
    pub far_names: HashMap<AgentId, String>,
}

/// What was last told about presence.
#[derive(Default)]
pub(crate) struct Told {
    pub agents: Vec<AgentPresence>,
    pub somebody: bool,
    /// What other processes know of this tenant's people here; visitors carry it themselves.
    pub facts: HashSet<Fact>,
}

/// An agent, on any number of screens.
#[derive(Default)]
pub(crate) struct AgentSeat {
    pub name: String,
    pub screens: Vec<Screen>,
    /// When the last screen went dark.
    pub left: Option<Instant>,
    /// The state while the last screen is dark for a moment only.
    pub last: Option<Active>,
}

/// One of an agent's connections.
pub(crate) struct Screen {
    pub connection: Arc<Connection>,
    pub state: Active,
    pub viewing: Option<ConversationId>,
}

/// A visitor, in any number of tabs.
#[derive(Default)]
pub(crate) struct VisitorSeat {
    pub tabs: Vec<Arc<Connection>>,
    /// Their conversations.
    pub conversations: Vec<Talk>,
    pub left: Option<Instant>,
}

/// A visitor's conversation, and who knows that the visitor is there.
pub(crate) struct Talk {
    pub id: ConversationId,
    /// All agents were told.
    pub is_told: bool,
    /// An agent who arrived was told.
    pub is_greeted: bool,
    /// Other processes were told.
    pub is_shared: bool,
}

impl Room {
    /// Refuses a connection too many, of the tenant or of one person.
    pub fn admit(&self, scope: &Scope, config: &HubConfig) -> Result<()> {
        let own = match scope.actor() {
            Actor::Agent { id, .. } => self.agents.get(id).map_or(0, |seat| seat.screens.len()),
            Actor::Visitor { id, .. } => self.visitors.get(id).map_or(0, |seat| seat.tabs.len()),
            _ => 0,
        };
        match self.count < config.per_tenant && own < config.per_person {
            true => Ok(()),
            false => {
                Err(Error::limited("too_many_connections", "Too many connections are open. Close some pages.", 30))
            }
        }
    }

    pub fn join(&mut self, connection: Arc<Connection>) {
        (self.count, self.is_stirred) = (self.count + 1, true);
        match connection.scope().actor() {
            Actor::Agent { id, .. } => {
                let seat = self.agents.entry(*id).or_default();
                seat.left = None;
                seat.screens.push(Screen { connection, state: Active::Online, viewing: None });
            }
            Actor::Visitor { id, .. } => {
                let seat = self.visitors.entry(*id).or_default();
                seat.left = None;
                seat.tabs.push(connection);
            }
            _ => {}
        }
    }

    /// Lets a connection go; names the conversation its agent looked at.
    pub fn leave(&mut self, connection: &Connection, now: Instant) -> Option<ConversationId> {
        (self.count, self.is_stirred) = (self.count.saturating_sub(1), true);
        match *connection.scope().actor() {
            Actor::Agent { id, .. } => self.agents.get_mut(&id)?.leave(connection, now),
            Actor::Visitor { id, .. } => {
                let seat = self.visitors.get_mut(&id)?;
                seat.tabs.retain(|tab| tab.number != connection.number);
                if seat.tabs.is_empty() {
                    seat.left = Some(now);
                }
                None
            }
            _ => None,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.agents.is_empty() && self.visitors.is_empty()
    }

    /// Every connection.
    pub fn everyone(&self) -> impl Iterator<Item = &Arc<Connection>> {
        let agents = self.agents.values().flat_map(|seat| seat.screens.iter().map(|screen| &screen.connection));
        agents.chain(self.visitors.values().flat_map(|seat| seat.tabs.iter()))
    }

    /// Hands an event to all who may hear it; the frame is made once, when somebody is there. Says how many were let go.
    pub fn deliver(&self, event: &Stamped, config: &HubConfig) -> u64 {
        let mut text = None;
        let mut slow = 0;
        let mut give = |connection: &Arc<Connection>| {
            if connection.with_scope(|scope| audience::may_hear(scope, event)) {
                let text = text.get_or_insert_with(|| ByteString::from(event.frame()));
                slow += u64::from(connection.deliver(event.position.n, text, config) == Delivered::TooSlow);
            }
        };
        self.agents.values().flat_map(|seat| &seat.screens).for_each(|screen| give(&screen.connection));
        if let Audience::Visitor(contact) = event.audience {
            self.visitors.get(&contact).into_iter().flat_map(|seat| &seat.tabs).for_each(give);
        }
        slow
    }

    /// Hands a signal on.
    pub fn signal(&self, to: Hearers, except: Option<AgentId>, text: &ByteString, config: &HubConfig) {
        if to != Hearers::Visitors {
            let others = self.agents.iter().filter(|(id, _)| Some(**id) != except);
            for screen in others.flat_map(|(_, seat)| &seat.screens) {
                screen.connection.signal(text, config);
            }
        }
        match to {
            Hearers::Agents => {}
            Hearers::AgentsAnd(contact) => {
                self.visitors.get(&contact).into_iter().for_each(|seat| seat.signal(text, config))
            }
            Hearers::Visitors => self.visitors.values().for_each(|seat| seat.signal(text, config)),
        }
    }

    /// Who of the tenant's people looks at a conversation, here and among those `far` away whose names are known.
    pub fn viewers(&self, conversation: ConversationId, far: &[AgentId]) -> Vec<AgentName> {
        let looks = |seat: &AgentSeat| seat.screens.iter().any(|screen| screen.viewing == Some(conversation));
        let mut names: Vec<_> = self
            .agents
            .iter()
            .filter(|(_, seat)| looks(seat))
            .map(|(id, seat)| AgentName { id: *id, name: seat.name.clone() })
            .collect();
        let here: HashSet<_> = names.iter().map(|agent| agent.id).collect();
        let others = far.iter().filter(|id| !here.contains(id));
        names
            .extend(others.filter_map(|id| self.name_of(*id).map(|name| AgentName { id: *id, name: name.to_owned() })));
        names.sort_by_key(|agent| agent.id);
        names
    }

    /// An agent's name, if it is known here.
    pub fn name_of(&self, agent: AgentId) -> Option<&str> {
        let seat = self.agents.get(&agent).map(|seat| &seat.name).filter(|name| !name.is_empty());
        seat.or_else(|| self.far_names.get(&agent)).map(String::as_str)
    }

    /// Whether a conversation's visitor has a page open here.
    pub fn has_visitor(&self, conversation: ConversationId) -> bool {
        let here = self.visitors.values().filter(|seat| !seat.tabs.is_empty());
        here.flat_map(|seat| &seat.conversations).any(|talk| talk.id == conversation)
    }
}

impl AgentSeat {
    fn leave(&mut self, connection: &Connection, now: Instant) -> Option<ConversationId> {
        let state = self.state();
        let place = self.screens.iter().position(|screen| screen.connection.number == connection.number)?;
        let gone = self.screens.swap_remove(place);
        if self.screens.is_empty() {
            self.screens = Vec::new();
            self.left = Some(now);
            self.last = state;
        }
        gone.viewing
    }

    /// Online on one screen is online.
    pub fn state(&self) -> Option<Active> {
        if self.screens.is_empty() {
            return self.last.filter(|_| self.left.is_some());
        }
        let online = self.screens.iter().any(|screen| screen.state == Active::Online);
        Some(if online { Active::Online } else { Active::Away })
    }

    /// The screen of a connection.
    pub fn screen(&mut self, number: u64) -> Option<&mut Screen> {
        self.screens.iter_mut().find(|screen| screen.connection.number == number)
    }
}

impl VisitorSeat {
    fn signal(&self, text: &ByteString, config: &HubConfig) {
        for tab in &self.tabs {
            tab.signal(text, config);
        }
    }

    /// Learns of a conversation of this visitor; says whether it is news.
    pub fn learn(&mut self, conversation: ConversationId) -> bool {
        let news = self.conversations.iter().all(|talk| talk.id != conversation);
        if news {
            self.conversations.push(Talk { id: conversation, is_told: false, is_greeted: false, is_shared: false });
        }
        news
    }
}
