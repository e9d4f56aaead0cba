//! Who moves when a cell comes or goes.

use crate::scale::placement::rules::{Rule, emptiest};

/// What a change moves, as parts of all.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    pub tenants: f64,
    pub load: f64,
    /// Hottest cell against the mean afterwards.
    pub hottest: f64,
}

/// One more cell. A table moves nobody: the new cell fills with those who come.
pub fn one_more(rule: Rule, sizes: &[f64], cells: &[u64], seed: u64) -> Moved {
    let before = rule.place(sizes, cells, seed);
    if !rule.is_computed() {
        return moved(sizes, &before, &before, cells.len() + 1);
    }
    let more: Vec<u64> = cells.iter().copied().chain([cells.len() as u64 + 1_000]).collect();
    moved(sizes, &before, &rule.place(sizes, &more, seed), more.len())
}

/// The first cell is lost and its tenants are restored elsewhere. With a table, each goes to the emptiest.
pub fn one_less(rule: Rule, sizes: &[f64], cells: &[u64], seed: u64) -> Moved {
    let mut before = rule.place(sizes, cells, seed);
    // places of those that stay, as numbered without the first; whoever lived there has to move
    let lost = |place: &mut usize| *place = place.checked_sub(1).unwrap_or(usize::MAX);
    let after = if rule.is_computed() {
        before.iter_mut().for_each(lost);
        rule.place(sizes, &cells[1..], seed)
    } else {
        before.iter_mut().for_each(lost);
        rehoused(sizes, &before, cells.len() - 1)
    };
    moved(sizes, &before, &after, cells.len() - 1)
}

fn rehoused(sizes: &[f64], before: &[usize], cells: usize) -> Vec<usize> {
    let mut loads = loads(sizes, before, cells);
    let mut after = before.to_vec();
    for (tenant, cell) in after.iter_mut().enumerate().filter(|(_, cell)| **cell == usize::MAX) {
        *cell = emptiest(&loads);
        loads[*cell] += sizes[tenant];
    }
    after
}

fn moved(sizes: &[f64], before: &[usize], after: &[usize], cells: usize) -> Moved {
    let who = || sizes.iter().zip(before.iter().zip(after)).filter(|(_, (from, to))| from != to);
    let tenants = who().count() as f64 / sizes.len() as f64;
    let load = who().map(|(size, _)| size).sum::<f64>() / sizes.iter().sum::<f64>();
    Moved { tenants, load, hottest: hottest(&loads(sizes, after, cells)) }
}

/// What each cell holds; those who live nowhere are in none.
pub fn loads(sizes: &[f64], placed: &[usize], cells: usize) -> Vec<f64> {
    let mut loads = vec![0.0; cells];
    for (size, cell) in sizes.iter().zip(placed) {
        if let Some(load) = loads.get_mut(*cell) {
            *load += size;
        }
    }
    loads
}

/// The hottest against the mean.
pub fn hottest(loads: &[f64]) -> f64 {
    let mean = loads.iter().sum::<f64>() / loads.len() as f64;
    loads.iter().copied().fold(0.0, f64::max) / mean
}
