//! Who is next: places of a worker shared among tenants, so that nobody's pile keeps another's job waiting.
//!
//! Promises: a tenant holds at most as many places as it leaves free, so half of them at most when it is alone; while more
//! is due than there are places for, tenants take turns, however old their piles are. The platform's own jobs stand in
//! line like a tenant's.
//!
//! While all that is due finds a place, jobs are simply taken oldest first and nobody asks whose they are.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::patience::Pool;
use kernel::{Result, TenantId};

use crate::jobs::Task;
use crate::jobs::claim::{self, Work};

/// How old the line may be before it is read again, and so how long somebody new waits to be seen in a crowd.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// Whose jobs: a tenant's, or the platform's.
pub(super) type Owner = Option<TenantId>;

/// Places taken, and who waits for one.
#[derive(Default)]
pub(super) struct Turns {
    running: HashMap<Owner, usize>,
    line: VecDeque<Owner>,
    /// When the line was read.
    read: Option<Instant>,
    /// The last tenant that was read; the next reading goes on from there.
    cursor: Owner,
    is_crowded: bool,
}

impl Turns {
    /// Leases jobs for `free` places.
    pub async fn claim(&mut self, conn: &Pool, work: Work<'_>, free: usize) -> Result<Vec<Task>> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let tasks = if self.is_crowd(free) {
            self.by_turns(conn, work, free).await?
        } else {
            // what fills its half of the places may be all one tenant's
            let most = free.div_ceil(2);
            let tasks = claim::claim(conn, work, i64::try_from(most).unwrap_or(1)).await?;
            self.is_crowded = tasks.len() == most;
            tasks
        };
        tasks.iter().for_each(|task| *self.running.entry(task.tenant).or_default() += 1);
        Ok(tasks)
    }

    /// A job has ended.
    pub fn ended(&mut self, owner: Owner) {
        if let Some(held) = self.running.get_mut(&owner) {
            *held -= 1;
            if *held == 0 {
                self.running.remove(&owner);
            }
        }
    }

    /// Whether turns are taken when there are `free` places.
    pub fn is_crowd(&self, free: usize) -> bool {
        self.is_crowded || self.running.values().any(|held| *held >= free)
    }

    async fn by_turns(&mut self, conn: &Pool, work: Work<'_>, free: usize) -> Result<Vec<Task>> {
        if self.read.is_none_or(|read| read.elapsed() >= LOOK) {
            self.look(conn, work).await?;
        }
        let shares = shares(&self.line, &self.running, free);
        if shares.is_empty() {
            return Ok(Vec::new());
        }
        let tasks = claim::claim_shares(conn, work, &shares).await?;
        self.step_back(&shares, &tasks);
        Ok(tasks)
    }

    async fn look(&mut self, conn: &Pool, work: Work<'_>) -> Result<()> {
        let (mut line, is_end) = claim::owners(conn, work, self.cursor).await?;
        if is_end && self.cursor.is_some() {
            let (front, _) = claim::owners(conn, work, None).await?;
            line.extend(front);
        }
        self.cursor = if is_end { None } else { line.last().copied().flatten() };
        // who waited already keeps its place
        self.line.retain(|owner| owner.is_none() || line.contains(owner));
        self.is_crowded = !line.is_empty();
        // the platform is asked whenever tenants are
        for owner in line.into_iter().chain([None]) {
            if !self.line.contains(&owner) {
                self.line.push_back(owner);
            }
        }
        self.read = Some(Instant::now());
        Ok(())
    }

    /// Who got something goes to the end of the line; who had less than its share has nothing left.
    fn step_back(&mut self, shares: &[(Owner, usize)], tasks: &[Task]) {
        for (owner, share) in shares {
            self.line.retain(|waiting| waiting != owner);
            if tasks.iter().filter(|task| task.tenant == *owner).count() == *share {
                self.line.push_back(*owner);
            }
        }
    }
}

/// Places for those in line, one each in turn: whoever holds fewer than are free may have one more.
fn shares(line: &VecDeque<Owner>, running: &HashMap<Owner, usize>, mut free: usize) -> Vec<(Owner, usize)> {
    let held = |owner: &Owner| running.get(owner).copied().unwrap_or(0);
    let mut shares: Vec<(Owner, usize)> = Vec::new();
    loop {
        let before = free;
        for owner in line {
            let place = shares.iter().position(|(other, _)| other == owner);
            let given = place.map_or(0, |place| shares[place].1);
            if held(owner) + given >= free {
                continue;
            }
            match place {
                Some(place) => shares[place].1 += 1,
                None => shares.push((*owner, 1)),
            }
            free -= 1;
        }
        if free == before {
            return shares;
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Clock;

    use super::*;

    fn tenants(count: usize) -> VecDeque<Owner> {
        (0..count).map(|_| Some(TenantId::new(&Clock::System))).collect()
    }

    #[test]
    fn a_tenant_alone_leaves_half_of_the_places() {
        let line = tenants(1);
        assert_eq!(shares(&line, &HashMap::new(), 32), [(line[0], 16)]);
        let running = HashMap::from([(line[0], 16)]);
        assert_eq!(shares(&line, &running, 16), []);
        let mut both = line.clone();
        both.extend([None]);
        assert_eq!(shares(&both, &running, 16), [(None, 8)], "the platform's jobs find places");
    }

    #[test]
    fn those_in_line_get_alike_and_somebody_new_always_finds_a_place() {
        let line = tenants(3);
        let given: Vec<_> = shares(&line, &HashMap::new(), 32).into_iter().map(|(_, places)| places).collect();
        assert_eq!(given, [8, 8, 8]);
        let crowd = tenants(100);
        assert_eq!(shares(&crowd, &HashMap::new(), 4).len(), 4, "a place is no use when nobody has it");
    }

    #[test]
    fn a_crowd_is_noticed_when_one_holds_what_the_others_would_need() {
        let mut turns = Turns::default();
        turns.running.insert(None, 3);
        assert!(!turns.is_crowd(4) && turns.is_crowd(3));
        (0..3).for_each(|_| turns.ended(None));
        assert!(turns.running.is_empty() && !turns.is_crowd(1));
    }
}
