//! What processes tell each other of consumption, so that a limit is one limit however many of them there are.
//!
//! A note: a version, then twenty-one bytes per key: which limit, the keyed hash, how many. Notes may be lost: then a
//! process counts its own for that while.

use super::{Hashed, Limits};

const VERSION: u8 = 1;
const ENTRY: usize = 1 + 16 + 4;
/// Keys in one note: forty kilobytes.
const MOST_IN_NOTE: usize = 2_000;

impl Limits {
    /// From now on consumption is gathered for other processes; [`Limits::told`] must be asked for it.
    pub fn share(&self) {
        self.keys.share();
    }

    /// What was taken here since the last time, as notes to other processes; none when nothing was.
    pub fn told(&self) -> Vec<Vec<u8>> {
        let all = self.all();
        let taken = all.iter().flat_map(|limit| limit.drain().into_iter().map(|(key, n)| (limit.number(), key, n)));
        let taken: Vec<_> = taken.collect();
        taken.chunks(MOST_IN_NOTE).map(written).collect()
    }

    /// Counts what another process says was taken there. What is no note of ours is passed over.
    pub fn heard(&self, note: &[u8]) {
        self.heard_at(note, self.keys.now());
    }

    pub(super) fn heard_at(&self, note: &[u8], now: u64) {
        let Some((&VERSION, entries)) = note.split_first() else { return };
        let all = self.all();
        for entry in entries.chunks_exact(ENTRY).take(MOST_IN_NOTE) {
            let Some((number, key, taken)) = read(entry) else { return };
            if let Some(limit) = all.iter().find(|limit| limit.number() == number) {
                limit.debit_at(key, taken, now);
            }
        }
    }
}

fn written(taken: &[(u8, Hashed, u32)]) -> Vec<u8> {
    let mut note = Vec::with_capacity(1 + taken.len() * ENTRY);
    note.push(VERSION);
    for (number, key, n) in taken {
        note.push(*number);
        note.extend_from_slice(key);
        note.extend_from_slice(&n.to_be_bytes());
    }
    note
}

fn read(entry: &[u8]) -> Option<(u8, Hashed, u32)> {
    let (number, rest) = entry.split_first()?;
    let (key, taken) = rest.split_first_chunk::<16>()?;
    Some((*number, *key, u32::from_be_bytes(*taken.first_chunk()?)))
}
