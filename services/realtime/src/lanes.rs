//! Whose turn it is: events wait in a lane per tenant, and each lane gets a slice, so that one tenant's flood keeps
//! nobody else's event waiting for longer than a few slices take.

use std::collections::{HashMap, VecDeque};

use kernel::TenantId;

/// Deliveries of one slice: a few milliseconds.
const SLICE: usize = 2_000;
/// Events taken off the bus before they are delivered; what is beyond stays there, and the bus says when it is too much.
const MOST: usize = 8_192;

/// Work waiting, by tenant; within one in order.
pub(crate) struct Lanes<T> {
    lanes: HashMap<TenantId, VecDeque<T>>,
    turns: VecDeque<TenantId>,
    waiting: usize,
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self { lanes: HashMap::new(), turns: VecDeque::new(), waiting: 0 }
    }
}

impl<T> Lanes<T> {
    pub fn push(&mut self, tenant: TenantId, work: T) {
        let lane = self.lanes.entry(tenant).or_default();
        if lane.is_empty() {
            self.turns.push_back(tenant);
        }
        lane.push_back(work);
        self.waiting += 1;
    }

    pub fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    pub fn is_full(&self) -> bool {
        self.waiting >= MOST
    }

    /// One slice for whoever is next; `does` says how many deliveries a piece of work was.
    pub fn turn(&mut self, mut does: impl FnMut(T) -> usize) {
        let Some(tenant) = self.turns.pop_front() else { return };
        let Some(lane) = self.lanes.get_mut(&tenant) else { return };
        let mut done = 0;
        while done < SLICE
            && let Some(work) = lane.pop_front()
        {
            self.waiting -= 1;
            done += does(work).max(1);
        }
        if lane.is_empty() {
            self.lanes.remove(&tenant);
        } else {
            self.turns.push_back(tenant);
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, Id};

    use super::*;

    #[test]
    fn a_flood_gives_way_after_a_slice_and_stays_in_order() {
        let (loud, calm) = (Id::new(&Clock::System), Id::new(&Clock::System));
        let mut lanes = Lanes::default();
        (0..1_000).for_each(|n| lanes.push(loud, (loud, n)));
        lanes.push(calm, (calm, 0));
        let mut done = Vec::new();
        while !lanes.is_empty() {
            // each of the loud one's events has a thousand hearers
            lanes.turn(|work| {
                done.push(work);
                1_000
            });
        }
        assert_eq!(done.iter().position(|(tenant, _)| *tenant == calm), Some(2));
        let loud: Vec<i32> = done.iter().filter(|(tenant, _)| *tenant == loud).map(|(_, n)| *n).collect();
        assert!(loud.is_sorted() && loud.len() == 1_000);
        assert!(lanes.lanes.is_empty() && lanes.turns.is_empty());
    }
}
