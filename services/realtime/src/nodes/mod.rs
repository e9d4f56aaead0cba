//! Presence across processes: each tells the others who is with it, and believes them as long as they are heard.
//!
//! Promises: what is known of another process is exactly what it said up to some moment, never a mixture; a process that
//! misses a word asks for all of it; one that falls silent is forgotten with its people after three beats. Ids only.
//! Without a broker nothing is said and every process knows its own people.

mod others;
mod post;
mod said;

pub(crate) use others::{Changes, Others, merge};
pub(crate) use post::Post;
pub(crate) use said::{Fact, Said, read, write};

/// What notes about presence are called.
pub(crate) const TOPIC: &str = "presence";
/// Facts in one note: a few dozen kilobytes.
pub(crate) const MOST_IN_NOTE: usize = 500;
/// Beats of silence after which a process is gone.
pub(crate) const BEATS: u32 = 3;
