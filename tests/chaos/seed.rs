//! One number behind everything that is left to chance in a run: printed, and taken from `CHAOS_SEED` to do it again.
//!
//! Each consumer has dice of its own, named after what they decide, so that the schedule of faults is the same in the
//! next run even though the answers of the server come in another order.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The run's number.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var("CHAOS_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| u64::from(rand::rng().random::<u32>()));
        println!("CHAOS_SEED={seed}");
        seed
    })
}

/// Dice for one purpose.
pub fn dice(what: &str) -> StdRng {
    let mut hasher = DefaultHasher::new();
    (seed(), what).hash(&mut hasher);
    StdRng::seed_from_u64(hasher.finish())
}
