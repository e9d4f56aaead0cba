//! Nothing is heard twice: a broker may repeat, and whoever has its log-in may play back what was said.

use std::collections::HashMap;

use uuid::Uuid;

/// Numbers below the highest that may still come late.
const LATE: u64 = 128;
/// Processes remembered; past it all are forgotten, and age alone refuses what is played back.
const MOST: usize = 4096;

/// Which numbers of which processes were heard.
#[derive(Default)]
pub(crate) struct HeardOnce(HashMap<Uuid, Window>);

/// Bit `n` stands for the number `highest - n`.
#[derive(Clone, Copy)]
struct Window {
    highest: u64,
    heard: u128,
}

impl HeardOnce {
    /// Whether it is heard for the first time.
    pub fn is_first(&mut self, from: Uuid, number: u64) -> bool {
        if self.0.len() >= MOST && !self.0.contains_key(&from) {
            self.0.clear();
        }
        match self.0.get_mut(&from) {
            Some(window) => window.is_first(number),
            None => self.0.insert(from, Window { highest: number, heard: 1 }).is_none(),
        }
    }
}

impl Window {
    fn is_first(&mut self, number: u64) -> bool {
        if number > self.highest {
            let by = u32::try_from(number - self.highest).unwrap_or(u32::MAX);
            self.heard = self.heard.checked_shl(by).unwrap_or(0) | 1;
            self.highest = number;
            return true;
        }
        let back = self.highest - number;
        if back >= LATE {
            return false;
        }
        let bit = 1_u128 << back;
        let is_first = self.heard & bit == 0;
        self.heard |= bit;
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_noticed_however_they_are_ordered() {
        let mut heard = HeardOnce::default();
        let node = Uuid::from_u128(1);
        let first: Vec<_> = [5, 5, 3, 7, 3, 6, 7, 200, 100, 71, 100, 6].map(|n| heard.is_first(node, n)).to_vec();
        let due = [true, false, true, true, false, true, false, true, true, false, false, false];
        assert_eq!(first, due);
        assert!(heard.is_first(Uuid::from_u128(2), 5), "another process counts for itself");
        assert!(heard.is_first(node, u64::MAX) && !heard.is_first(node, u64::MAX));
    }

    #[test]
    fn many_processes_take_bounded_room() {
        let mut heard = HeardOnce::default();
        for n in 0..10_000 {
            assert!(heard.is_first(Uuid::from_u128(n), 1));
        }
        assert!(heard.0.len() <= MOST);
    }
}
