//! Whether the time an answer takes tells that something of A's is there. Reported, never judged: a network between
//! tool and server blurs it, and a busy machine makes it up.

use anyhow::Result;
use reqwest::Method;
use serde::Serialize;

use crate::document::Policy;
use crate::matrix::{How, how};
use crate::world::{Credential, World};

/// Pairs per route.
const PAIRS: usize = 25;

/// One route's times.
#[derive(Clone, Debug, Serialize)]
pub struct Timing {
    /// Method and path.
    pub route: String,
    /// Median in microseconds for an id of A's.
    pub theirs_us: u64,
    /// The same for ids that never were.
    pub nobodys_us: u64,
    /// How far apart the two distributions are, in standard deviations of chance (Mann-Whitney).
    pub z: f64,
    /// Whether somebody should look.
    pub warn: bool,
}

/// Measures what reads by id, and what is answered before anything is written.
pub async fn run(world: &World) -> Result<Vec<Timing>> {
    let mut all = Vec::new();
    for operation in world.operations.iter().filter(|one| one.method == Method::GET && one.policy == Policy::Agent) {
        let (Ok(How::ById), Some(Some(kind))) = (how(world, operation), operation.object()) else { continue };
        let (Some(theirs), who) = (world.a.id(kind), Credential::Person("owner")) else { continue };
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for _ in 0..PAIRS {
            let token = world.token(who).await?;
            for (id, times) in [(theirs.to_owned(), &mut one), (world.never(kind), &mut other)] {
                let ask = world.request(operation, &id, &world.b);
                let answer = world.door(operation).ask(&ask, token.as_deref()).await?;
                times.push(u64::try_from(answer.took.as_micros()).unwrap_or(u64::MAX));
            }
        }
        let z = mann_whitney(&one, &other);
        let (theirs_us, nobodys_us) = (median(&mut one), median(&mut other));
        let far = theirs_us.abs_diff(nobodys_us) * 20 > nobodys_us;
        all.push(Timing { route: operation.name(), theirs_us, nobodys_us, z, warn: far && z.abs() > 4.0 });
    }
    Ok(all)
}

fn median(times: &mut [u64]) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(0)
}

/// How many standard deviations the ranks of `one` are from what chance would give.
#[expect(clippy::cast_precision_loss, reason = "a few dozen measurements")]
fn mann_whitney(one: &[u64], other: &[u64]) -> f64 {
    let (n, m) = (one.len() as f64, other.len() as f64);
    let wins: f64 = one
        .iter()
        .flat_map(|a| other.iter().map(move |b| if a > b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 }))
        .sum();
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    if deviation == 0.0 { 0.0 } else { (wins - n * m / 2.0) / deviation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_are_no_news_and_apart_ones_are() {
        let (slow, fast): (Vec<u64>, Vec<u64>) = ((200..225).collect(), (100..125).collect());
        assert!(mann_whitney(&slow, &slow).abs() < 0.01);
        assert!(mann_whitney(&slow, &fast) > 5.0);
        assert!(mann_whitney(&fast, &slow) < -5.0);
    }
}
