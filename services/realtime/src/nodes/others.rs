//! What the other processes said, put together. Pure: the caller brings the time.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use kernel::{AgentId, ConversationId, TenantId};
use uuid::Uuid;

use crate::nodes::{BEATS, Fact, Said};
use crate::protocol::Active;

/// Facts believed of one process; what is beyond is not shown here.
const MOST: usize = 500_000;
/// Processes listened to.
const MOST_NODES: usize = 1_000;

/// What all other processes said.
#[derive(Default)]
pub(crate) struct Others {
    nodes: HashMap<Uuid, Node>,
    rooms: HashMap<TenantId, Far>,
}

struct Node {
    /// When it is forgotten unless it is heard again.
    until: Instant,
    /// Up to where it was understood; `None` before the first whole.
    n: Option<u64>,
    facts: HashSet<Fact>,
    /// A whole that is still coming.
    coming: Option<Coming>,
    asked: Option<Instant>,
}

struct Coming {
    n: u64,
    next: u32,
    facts: Vec<Fact>,
}

/// A tenant's people elsewhere; how many processes say so.
#[derive(Default)]
struct Far {
    agents: HashMap<AgentId, [u32; 2]>,
    looks: HashMap<ConversationId, HashMap<AgentId, u32>>,
    visitors: HashMap<ConversationId, u32>,
}

/// What a note changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Tenants whose people elsewhere came, went or changed.
    pub stirred: HashSet<TenantId>,
    /// Conversations that others look at or no longer.
    pub looks: HashSet<(TenantId, ConversationId)>,
    /// Visitors who came to another process or left all others.
    pub visitors: HashMap<(TenantId, ConversationId), bool>,
    /// The sender was not understood and must be asked for the whole.
    pub ask: bool,
}

impl Others {
    /// Takes a note in; the sender is believed for `silence` from now, or for `grace` when it leaves.
    pub fn hear(&mut self, from: Uuid, said: Said, now: Instant, silence: Duration, grace: Duration) -> Changes {
        let mut changes = Changes::default();
        if !self.nodes.contains_key(&from) && self.nodes.len() >= MOST_NODES {
            return changes;
        }
        let fresh = || Node { until: now, n: None, facts: HashSet::new(), coming: None, asked: None };
        let node = self.nodes.entry(from).or_insert_with(fresh);
        node.until = now + if matches!(said, Said::Bye {}) { grace } else { silence };
        match said {
            Said::Ask { .. } | Said::Bye {} => return changes,
            Said::Alive { n } if node.n == Some(n) => return changes,
            Said::Changed { n, come, gone } if node.n.is_some_and(|at| at + 1 == n) => {
                node.n = Some(n);
                gone.into_iter().for_each(|fact| take(node, &mut self.rooms, fact, &mut changes));
                come.into_iter().for_each(|fact| add(node, &mut self.rooms, fact, &mut changes));
            }
            // said before the whole we know
            Said::Changed { n, .. } if node.n.is_some_and(|at| n <= at) => return changes,
            Said::Whole { n, .. } if node.n == Some(n) => return changes,
            Said::Whole { n, part, of, facts } => {
                if let Some(facts) = gathered(node, n, part, of, facts) {
                    node.n = Some(n);
                    replace(node, &mut self.rooms, facts, &mut changes);
                }
            }
            Said::Alive { .. } | Said::Changed { .. } => {
                changes.ask = node.asked.is_none_or(|asked| now.duration_since(asked) >= silence / BEATS);
                if changes.ask {
                    node.asked = Some(now);
                }
            }
        }
        self.tidy();
        changes
    }

    /// Forgets whoever was not heard in time.
    pub fn expire(&mut self, now: Instant) -> Changes {
        let mut changes = Changes::default();
        let gone: Vec<Uuid> = self.nodes.iter().filter(|(_, node)| node.until < now).map(|(id, _)| *id).collect();
        gone.into_iter().for_each(|id| self.forget(id, &mut changes));
        changes
    }

    fn forget(&mut self, id: Uuid, changes: &mut Changes) {
        if let Some(mut node) = self.nodes.remove(&id) {
            replace(&mut node, &mut self.rooms, Vec::new(), changes);
        }
        self.tidy();
    }

    fn tidy(&mut self) {
        self.rooms.retain(|_, far| !far.agents.is_empty() || !far.looks.is_empty() || !far.visitors.is_empty());
    }

    /// A tenant's people elsewhere.
    pub fn agents(&self, tenant: TenantId) -> Vec<(AgentId, Active)> {
        let far = self.rooms.get(&tenant).into_iter().flat_map(|far| &far.agents);
        far.map(|(id, [online, _])| (*id, if *online > 0 { Active::Online } else { Active::Away })).collect()
    }

    /// Who looks at a conversation elsewhere.
    pub fn viewers(&self, tenant: TenantId, conversation: ConversationId) -> Vec<AgentId> {
        let looks = self.rooms.get(&tenant).and_then(|far| far.looks.get(&conversation));
        looks.into_iter().flat_map(|agents| agents.keys().copied()).collect()
    }

    /// Conversations somebody looks at elsewhere.
    pub fn viewed(&self, tenant: TenantId) -> Vec<ConversationId> {
        self.rooms.get(&tenant).into_iter().flat_map(|far| far.looks.keys().copied()).collect()
    }

    /// Whether the conversation's visitor is there, elsewhere.
    pub fn has_visitor(&self, tenant: TenantId, conversation: ConversationId) -> bool {
        self.rooms.get(&tenant).is_some_and(|far| far.visitors.contains_key(&conversation))
    }

    /// Some conversations whose visitors are there, elsewhere.
    pub fn visitors(&self, tenant: TenantId, most: usize) -> Vec<ConversationId> {
        self.rooms.get(&tenant).into_iter().flat_map(|far| far.visitors.keys().copied()).take(most).collect()
    }
}

/// Keeps a part; gives the whole when it was the last one.
fn gathered(node: &mut Node, n: u64, part: u32, of: u32, facts: Vec<Fact>) -> Option<Vec<Fact>> {
    if part == 0 {
        node.coming = Some(Coming { n, next: 0, facts: Vec::new() });
    }
    let coming = node.coming.as_mut().filter(|coming| coming.n == n && coming.next == part)?;
    coming.next += 1;
    coming.facts.extend(facts);
    coming.facts.truncate(MOST);
    let is_all = coming.next >= of;
    is_all.then(|| node.coming.take().map(|coming| coming.facts)).flatten()
}

fn replace(node: &mut Node, rooms: &mut HashMap<TenantId, Far>, facts: Vec<Fact>, changes: &mut Changes) {
    let now: HashSet<Fact> = facts.into_iter().collect();
    let gone: Vec<_> = node.facts.difference(&now).cloned().collect();
    gone.into_iter().for_each(|fact| take(node, rooms, fact, changes));
    now.into_iter().for_each(|fact| add(node, rooms, fact, changes));
}

fn add(node: &mut Node, rooms: &mut HashMap<TenantId, Far>, fact: Fact, changes: &mut Changes) {
    if node.facts.len() >= MOST || !node.facts.insert(fact.clone()) {
        return;
    }
    match fact {
        Fact::Agent(tenant, agent, is_online) => {
            rooms.entry(tenant).or_default().agents.entry(agent).or_default()[usize::from(!is_online)] += 1;
            changes.stirred.insert(tenant);
        }
        Fact::Looks(tenant, agent, conversation) => {
            *rooms.entry(tenant).or_default().looks.entry(conversation).or_default().entry(agent).or_default() += 1;
            changes.looks.insert((tenant, conversation));
        }
        Fact::Visitor(tenant, conversation) => {
            let count = rooms.entry(tenant).or_default().visitors.entry(conversation).or_default();
            *count += 1;
            if *count == 1 {
                changes.visitors.insert((tenant, conversation), true);
            }
        }
    }
}

fn take(node: &mut Node, rooms: &mut HashMap<TenantId, Far>, fact: Fact, changes: &mut Changes) {
    if !node.facts.remove(&fact) {
        return;
    }
    match fact {
        Fact::Agent(tenant, agent, is_online) => {
            let agents = &mut rooms.entry(tenant).or_default().agents;
            let counts = agents.entry(agent).or_default();
            counts[usize::from(!is_online)] = counts[usize::from(!is_online)].saturating_sub(1);
            if *counts == [0, 0] {
                agents.remove(&agent);
            }
            changes.stirred.insert(tenant);
        }
        Fact::Looks(tenant, agent, conversation) => {
            let looks = &mut rooms.entry(tenant).or_default().looks;
            let agents = looks.entry(conversation).or_default();
            less(agents, &agent);
            if agents.is_empty() {
                looks.remove(&conversation);
            }
            changes.looks.insert((tenant, conversation));
        }
        Fact::Visitor(tenant, conversation) => {
            if less(&mut rooms.entry(tenant).or_default().visitors, &conversation) {
                changes.visitors.insert((tenant, conversation), false);
            }
        }
    }
}

/// One fewer; says whether none is left.
fn less<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, u32>, key: &K) -> bool {
    let left = counts.get_mut(key).map(|count| {
        *count = count.saturating_sub(1);
        *count
    });
    if left == Some(0) {
        counts.remove(key);
    }
    left == Some(0)
}

/// One list of two: at the screen somewhere is at the screen.
pub(crate) fn merge(mut here: Vec<(AgentId, Active)>, far: Vec<(AgentId, Active)>) -> Vec<(AgentId, Active)> {
    for (agent, state) in far {
        match here.iter_mut().find(|(id, _)| *id == agent) {
            Some((_, known)) if state == Active::Online => *known = Active::Online,
            Some(_) => {}
            None => here.push((agent, state)),
        }
    }
    here.sort_by_key(|(id, _)| *id);
    here
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, Id};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const SILENCE: Duration = Duration::from_secs(3);

    fn id<K>() -> Id<K> {
        Id::new(&Clock::System)
    }

    fn whole(n: u64, facts: Vec<Fact>) -> Said {
        Said::Whole { n, part: 0, of: 1, facts }
    }

    #[test]
    fn a_word_that_was_missed_is_asked_for_and_nothing_is_believed_meanwhile() {
        let (mut others, now) = (Others::default(), Instant::now());
        let (node, tenant, mia, tom) = (Uuid::from_u128(1), id(), id(), id());
        let change = |n, who| Said::Changed { n, come: vec![Fact::Agent(tenant, who, true)], gone: Vec::new() };
        assert!(others.hear(node, change(1, mia), now, SILENCE, SECOND).ask, "nobody knows what came before");
        assert!(!others.hear(node, change(2, tom), now, SILENCE, SECOND).ask, "asked already");
        assert_eq!(others.agents(tenant), []);
        others.hear(
            node,
            whole(2, vec![Fact::Agent(tenant, mia, true), Fact::Agent(tenant, tom, false)]),
            now,
            SILENCE,
            SECOND,
        );
        assert_eq!(others.agents(tenant).len(), 2);
        assert!(!others.hear(node, Said::Alive { n: 2 }, now, SILENCE, SECOND).ask);
        assert!(others.hear(node, Said::Alive { n: 3 }, now + SECOND, SILENCE, SECOND).ask, "a change was lost");
        let changed = others.hear(node, whole(3, vec![Fact::Agent(tenant, tom, false)]), now, SILENCE, SECOND);
        assert!(changed.stirred.contains(&tenant));
        assert_eq!(others.agents(tenant), [(tom, Active::Away)]);
    }

    #[test]
    fn whoever_is_silent_is_gone_with_its_people_and_leaves_nothing_behind() {
        let (mut others, now) = (Others::default(), Instant::now());
        let (tenant, talk) = (id(), id());
        let facts = vec![Fact::Visitor(tenant, talk), Fact::Looks(tenant, id(), talk), Fact::Agent(tenant, id(), true)];
        others.hear(Uuid::from_u128(1), whole(1, facts), now, SILENCE, SECOND);
        others.hear(Uuid::from_u128(2), whole(1, vec![Fact::Visitor(tenant, talk)]), now + SECOND * 5, SILENCE, SECOND);
        let changes = others.expire(now + SECOND * 7);
        assert_eq!(others.agents(tenant), []);
        assert!(others.has_visitor(tenant, talk), "the visitor has a page on another process");
        assert!(changes.visitors.is_empty());
        let changes = others.expire(now + SECOND * 60);
        assert_eq!(changes.visitors, HashMap::from([((tenant, talk), false)]));
        assert!(others.rooms.is_empty() && others.nodes.is_empty());
    }

    #[test]
    fn a_whole_in_parts_counts_when_its_last_part_is_there() {
        let (mut others, now, node) = (Others::default(), Instant::now(), Uuid::from_u128(1));
        let (tenant, talks) = (id(), [id(), id(), id()]);
        let part =
            |part: u32| Said::Whole { n: 4, part, of: 3, facts: vec![Fact::Visitor(tenant, talks[part as usize])] };
        for n in [0, 1] {
            assert!(others.hear(node, part(n), now, SILENCE, SECOND).visitors.is_empty());
        }
        others.hear(node, Said::Alive { n: 4 }, now, SILENCE, SECOND);
        assert_eq!(others.hear(node, part(2), now, SILENCE, SECOND).visitors.len(), 3);
        // one that lost its middle is none
        others.hear(node, Said::Whole { n: 5, part: 0, of: 3, facts: Vec::new() }, now, SILENCE, SECOND);
        assert!(
            others
                .hear(node, Said::Whole { n: 5, part: 2, of: 3, facts: Vec::new() }, now, SILENCE, SECOND)
                .visitors
                .is_empty()
        );
        assert_eq!(others.visitors(tenant, 10).len(), 3);
    }
}
