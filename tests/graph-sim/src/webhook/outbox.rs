//! Batches that fill and deliveries that are under way.

use std::collections::{BTreeMap, VecDeque};

use super::{Target, Update};

/// A POST that is to reach somebody.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// 1, 2, 3…
    pub id: u64,
    /// Where to.
    pub target: Target,
    /// What is in it.
    pub updates: Vec<Update>,
    /// The bytes.
    pub body: Vec<u8>,
    /// The headers that sign it, or pretend to.
    pub forged: Option<Vec<(String, Vec<u8>)>>,
    /// Attempts so far.
    pub attempts: usize,
    /// Virtual time of the first attempt.
    pub began: i64,
    /// Goes out once whatever comes back: a repeat for an app that had already answered.
    pub once: bool,
}

/// Everything that is being pushed.
#[derive(Default)]
pub struct Outbox {
    /// Open batches.
    pub batches: BTreeMap<Target, Vec<Update>>,
    /// Deliveries that are not done.
    pub deliveries: BTreeMap<u64, Delivery>,
    /// Deliveries whose time has come.
    pub ready: VecDeque<u64>,
    /// Pushes and fetches on their way.
    pub flying: usize,
    /// Last delivery's id.
    pub last: u64,
}
