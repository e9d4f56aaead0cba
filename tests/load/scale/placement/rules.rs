//! Ways to say where a tenant lives.

use crate::scale::chance::{Chance, mixed};

/// Parts the tenants are hashed to where a table of parts is kept instead of one of tenants.
pub const PARTS: usize = 4_096;
/// Points of each cell on a ring.
const POINTS: usize = 128;
/// A tenant above this part of an average cell is placed by hand.
const WHALE: f64 = 0.05;

/// A way to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `hash(tenant) % cells`.
    Modulo,
    /// The next point of a ring, 128 points a cell.
    Ring,
    /// The cell with the highest `hash(tenant, cell)`.
    Rendezvous,
    /// 4,096 parts by hash, each to a cell by rendezvous.
    Parts,
    /// At sign-up, the one of two cells by chance that has fewer tenants; kept in a table.
    TwoByCount,
    /// The same, by what is in it, as if a tenant's later size were known.
    TwoBySize,
    /// Large ones by hand, largest first to the emptiest cell; all others by rendezvous. Kept in a table.
    Pinned,
}

pub const RULES: [Rule; 7] =
    [Rule::Modulo, Rule::Ring, Rule::Rendezvous, Rule::Parts, Rule::TwoByCount, Rule::TwoBySize, Rule::Pinned];

impl Rule {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Modulo => "hash % cells",
            Self::Ring => "ring, 128 points",
            Self::Rendezvous => "rendezvous",
            Self::Parts => "4,096 parts, rendezvous",
            Self::TwoByCount => "two choices by count",
            Self::TwoBySize => "two choices by size",
            Self::Pinned => "large by hand, rendezvous",
        }
    }

    /// Whether the answer can be computed by anybody who knows the cells. Otherwise there is a table, and nobody moves
    /// because a cell came or went, except those who lived there.
    pub const fn is_computed(self) -> bool {
        matches!(self, Self::Modulo | Self::Ring | Self::Rendezvous | Self::Parts)
    }

    /// The cell of each tenant; `cells` are the numbers of those there are.
    pub fn place(self, sizes: &[f64], cells: &[u64], seed: u64) -> Vec<usize> {
        match self {
            Self::Modulo => each(sizes, seed, |key| (key % cells.len() as u64) as usize),
            Self::Ring => {
                let ring = ring(cells, seed);
                each(sizes, seed, |key| on_ring(&ring, key))
            }
            Self::Rendezvous => each(sizes, seed, |key| highest(cells, key)),
            Self::Parts => {
                let parts: Vec<usize> =
                    (0..PARTS as u64).map(|part| highest(cells, mixed(part ^ mixed(seed)))).collect();
                each(sizes, seed, |key| parts[(key % PARTS as u64) as usize])
            }
            Self::TwoByCount => two_choices(sizes, cells.len(), seed, |_| 1.0),
            Self::TwoBySize => two_choices(sizes, cells.len(), seed, |size| size),
            Self::Pinned => pinned(sizes, cells, seed),
        }
    }
}

/// A tenant's hash, as its random id would be.
pub fn key(tenant: usize, seed: u64) -> u64 {
    mixed(mixed(tenant as u64 + 1) ^ mixed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

fn each(sizes: &[f64], seed: u64, cell: impl Fn(u64) -> usize) -> Vec<usize> {
    (0..sizes.len()).map(|tenant| cell(key(tenant, seed))).collect()
}

fn highest(cells: &[u64], key: u64) -> usize {
    let mut best = (0, 0);
    for (place, cell) in cells.iter().enumerate() {
        let weight = mixed(key ^ cell.wrapping_mul(0xd6e8_feb8_6659_fd93));
        if weight >= best.0 {
            best = (weight, place);
        }
    }
    best.1
}

fn ring(cells: &[u64], seed: u64) -> Vec<(u64, usize)> {
    let points = |(place, cell): (usize, &u64)| {
        let cell = mixed(*cell ^ mixed(seed));
        (0..POINTS as u64).map(move |point| (mixed(cell ^ mixed(point + 1)), place))
    };
    let mut ring: Vec<_> = cells.iter().enumerate().flat_map(points).collect();
    ring.sort_unstable();
    ring
}

fn on_ring(ring: &[(u64, usize)], key: u64) -> usize {
    let next = ring.partition_point(|(point, _)| *point < key);
    ring[next % ring.len()].1
}

/// Tenants come in any order; who comes is not yet as large as they will be.
fn two_choices(sizes: &[f64], cells: usize, seed: u64, weight: impl Fn(f64) -> f64) -> Vec<usize> {
    let mut chance = Chance::new(seed);
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    chance.shuffle(&mut order);
    let (mut loads, mut placed) = (vec![0.0; cells], vec![0; sizes.len()]);
    for tenant in order {
        let (one, two) = (chance.below(cells), chance.below(cells));
        let cell = if loads[one] <= loads[two] { one } else { two };
        loads[cell] += weight(sizes[tenant]);
        placed[tenant] = cell;
    }
    placed
}

fn pinned(sizes: &[f64], cells: &[u64], seed: u64) -> Vec<usize> {
    let least = WHALE / cells.len() as f64;
    let large = sizes.partition_point(|size| *size > least);
    let (mut loads, mut placed) = (vec![0.0; cells.len()], vec![0; sizes.len()]);
    for tenant in large..sizes.len() {
        placed[tenant] = highest(cells, key(tenant, seed));
        loads[placed[tenant]] += sizes[tenant];
    }
    for tenant in 0..large {
        placed[tenant] = emptiest(&loads);
        loads[placed[tenant]] += sizes[tenant];
    }
    placed
}

pub fn emptiest(loads: &[f64]) -> usize {
    let least = loads.iter().enumerate().min_by(|one, two| one.1.total_cmp(two.1));
    least.map_or(0, |(place, _)| place)
}
