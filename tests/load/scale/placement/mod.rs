//! Where tenants live: how hot the hottest cell becomes, and who moves when cells come and go.

pub mod moves;
pub mod rules;
pub mod sizes;

use moves::{hottest, loads, one_less, one_more};
use rules::{RULES, Rule, key};
use sizes::{MIXES, Mix};

/// Runs with other hashes, to see how much is luck.
const RUNS: u64 = 5;
/// Shards of the stream in one PostgreSQL (`migration`).
const SHARDS: usize = 16;

/// Prints everything for so many tenants and cells.
pub fn print(tenants: usize, cells: usize, seed: u64) {
    let numbers: Vec<u64> = (0..cells as u64).collect();
    println!("\n# placement: {tenants} tenants, {cells} cells, {RUNS} runs from seed {seed}");
    println!("\nhottest cell against the mean, median (worst); of the 16 shards of a cell's stream likewise");
    print!("{:<26}", "");
    MIXES.iter().for_each(|mix| print!("{:>23}", mix.name));
    println!();
    let all: Vec<Vec<f64>> = MIXES.iter().map(|mix| mix.sizes(tenants)).collect();
    line("largest tenant / mean cell", all.iter().map(|sizes| format!("{:.2}", sizes[0] * cells as f64)));
    for rule in RULES {
        line(rule.name(), all.iter().map(|sizes| shown(runs(seed, |seed| heat(rule, sizes, &numbers, seed)))));
    }
    let shards = |sizes: &Vec<f64>| shown(runs(seed, |seed| shard_heat(sizes, &numbers, seed)));
    line("shards within a cell", all.iter().map(shards));
    print_moves(&MIXES[2], &all[2], &numbers, seed);
}

fn print_moves(mix: &Mix, sizes: &[f64], cells: &[u64], seed: u64) {
    println!("\nwhat moves ({}): tenants / load, then hottest against the mean", mix.name);
    println!("{:<26}{:>28}{:>28}", "", "a cell is added", "a cell is lost");
    for rule in RULES {
        let [more, less] = [one_more(rule, sizes, cells, seed), one_less(rule, sizes, cells, seed)];
        let spelled =
            |m: moves::Moved| format!("{:.1} % / {:.1} %, {:.2}", m.tenants * 100.0, m.load.abs() * 100.0, m.hottest);
        println!("{:<26}{:>28}{:>28}", rule.name(), spelled(more), spelled(less));
    }
}

fn line(name: &str, cells: impl Iterator<Item = String>) {
    print!("{name:<26}");
    cells.for_each(|cell| print!("{cell:>23}"));
    println!();
}

fn heat(rule: Rule, sizes: &[f64], cells: &[u64], seed: u64) -> f64 {
    hottest(&loads(sizes, &rule.place(sizes, cells, seed), cells.len()))
}

/// The hottest shard of an average cell: of the first one's tenants, by another part of their hash.
fn shard_heat(sizes: &[f64], cells: &[u64], seed: u64) -> f64 {
    let placed = Rule::Modulo.place(sizes, cells, seed);
    let here = sizes.iter().zip(&placed).enumerate().filter(|(_, (_, cell))| **cell == 0);
    let (some, shards): (Vec<f64>, Vec<usize>) =
        here.map(|(tenant, (size, _))| (*size, (key(tenant, seed) >> 32) as usize % SHARDS)).unzip();
    hottest(&loads(&some, &shards, SHARDS))
}

fn runs(seed: u64, measure: impl Fn(u64) -> f64) -> Vec<f64> {
    let mut all: Vec<f64> = (0..RUNS).map(|run| measure(seed + run)).collect();
    all.sort_by(f64::total_cmp);
    all
}

fn shown(sorted: Vec<f64>) -> String {
    let worst = sorted.last().copied().unwrap_or_default();
    format!("{:.2} ({worst:.2})", sorted[sorted.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [u64; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

    #[test]
    fn a_new_cell_moves_its_own_share_by_rendezvous_and_nearly_all_by_modulo() {
        let sizes = MIXES[0].sizes(8_000);
        let modulo = one_more(Rule::Modulo, &sizes, &CELLS, 1);
        assert!((0.85..0.92).contains(&modulo.tenants), "8/9 of all: {}", modulo.tenants);
        for rule in [Rule::Rendezvous, Rule::Parts, Rule::Ring] {
            let moved = one_more(rule, &sizes, &CELLS, 1).tenants;
            assert!((0.07..0.16).contains(&moved), "{} moves about a ninth: {moved}", rule.name());
        }
        assert!(one_more(Rule::Pinned, &sizes, &CELLS, 1).tenants < f64::EPSILON, "a table moves nobody");
    }

    #[test]
    fn a_lost_cell_moves_only_its_own_unless_places_are_counted() {
        let sizes = MIXES[1].sizes(8_000);
        for rule in [Rule::Ring, Rule::Rendezvous, Rule::TwoByCount, Rule::Pinned] {
            let lived = rule.place(&sizes, &CELLS, 1).iter().filter(|cell| **cell == 0).count();
            let moved = one_less(rule, &sizes, &CELLS, 1).tenants;
            assert!((moved - lived as f64 / 8_000.0).abs() < 1e-9, "{}: {moved}", rule.name());
        }
        assert!(one_less(Rule::Modulo, &sizes, &CELLS, 1).tenants > 0.8);
    }

    #[test]
    fn knowing_sizes_beats_two_choices_and_those_beat_chance() {
        let (sizes, cells) = (MIXES[1].sizes(20_000), (0..64).collect::<Vec<u64>>());
        let heat = |rule| heat(rule, &sizes, &cells, 3);
        let (pinned, two, hash) = (heat(Rule::Pinned), heat(Rule::TwoBySize), heat(Rule::Modulo));
        assert!(pinned < 1.2 && two < hash - 0.1, "{pinned} {two} {hash}");
        // who is only counted does not tell who will be large
        assert!(heat(Rule::TwoByCount) > two, "{two}");
    }

    #[test]
    fn no_rule_cools_a_cell_below_its_largest_tenant() {
        let sizes = MIXES[3].sizes(20_000);
        let largest = sizes[0] * 8.0;
        assert!(RULES.iter().all(|rule| heat(*rule, &sizes, &CELLS, 1) >= largest.min(1.0)));
    }
}
