//! What was asked, what was found, and what was not covered.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

/// Something of A that B got, or could tell.
#[derive(Clone, Debug, Serialize)]
pub struct Leak {
    /// Method and path as in the document, or the name of a socket.
    pub route: String,
    /// Who got it.
    pub credential: String,
    /// What was put where.
    pub tried: String,
    /// What came of it.
    pub seen: String,
}

/// What is known of one route.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Route {
    /// Who may call, as the document says.
    pub policy: String,
    /// How it is probed.
    pub how: String,
    /// Probes by credential.
    pub probes: BTreeMap<String, u64>,
    /// How A's own people see what is hidden from B: without it the probes prove nothing.
    pub control: Option<String>,
    /// Why it does not count as covered.
    pub not_covered: Option<String>,
}

#[derive(Default)]
struct Found {
    leaks: Vec<Leak>,
    more_leaks: u64,
    routes: BTreeMap<String, Route>,
    notes: Vec<String>,
    asked_again: u64,
}

/// The book everything is written into.
#[derive(Default)]
pub struct Tally(Mutex<Found>);

/// Most leaks written down in full; a wall that fell is not told a million times.
const MOST: usize = 200;

impl Tally {
    fn with<T>(&self, act: impl FnOnce(&mut Found) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Counts probes.
    pub fn count(&self, route: &str, credential: &str, n: u64) {
        self.with(|found| {
            let route = found.routes.entry(route.to_owned()).or_default();
            *route.probes.entry(credential.to_owned()).or_default() += n;
        });
    }

    /// Writes a leak down; the same one of the same credential once.
    pub fn leak(&self, leak: Leak) {
        self.with(|found| {
            let is_known = found.leaks.iter().any(|known| {
                (&known.route, &known.credential, &known.seen) == (&leak.route, &leak.credential, &leak.seen)
            });
            if is_known || found.leaks.len() >= MOST {
                found.more_leaks += 1;
            } else {
                found.leaks.push(leak);
            }
        });
    }

    /// Says how a route is probed.
    pub fn route(&self, route: &str, policy: &str, how: &str) {
        self.with(|found| {
            let one = found.routes.entry(route.to_owned()).or_default();
            (one.policy, one.how) = (policy.to_owned(), how.to_owned());
        });
    }

    /// A's own people saw what the probes look for.
    pub fn control(&self, route: &str, seen: &str) {
        self.with(|found| found.routes.entry(route.to_owned()).or_default().control = Some(seen.to_owned()));
    }

    /// A route that does not count as covered. The first reason stays.
    pub fn not_covered(&self, route: &str, why: &str) {
        self.with(|found| {
            found.routes.entry(route.to_owned()).or_default().not_covered.get_or_insert_with(|| why.to_owned());
        });
    }

    /// Something a reader should know.
    pub fn note(&self, note: String) {
        self.with(|found| {
            if !found.notes.contains(&note) {
                found.notes.push(note);
            }
        });
    }

    /// An answer had to be asked for again, because it differed at first.
    pub fn again(&self) {
        self.with(|found| found.asked_again += 1);
    }

    /// Everything, taken out.
    pub fn close(&self) -> Closed {
        self.with(|found| {
            let found = std::mem::take(found);
            Closed {
                leaks: found.leaks,
                more_leaks: found.more_leaks,
                routes: found.routes,
                notes: found.notes,
                asked_again: found.asked_again,
            }
        })
    }
}

/// What the book says in the end.
pub struct Closed {
    /// Leaks.
    pub leaks: Vec<Leak>,
    /// Leaks beyond those written down.
    pub more_leaks: u64,
    /// Routes by name.
    pub routes: BTreeMap<String, Route>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Comparisons that needed a second look.
    pub asked_again: u64,
}
