//! What is counted of the way to other processes.

use metrics::{counter, gauge};

/// Why something was not sent or not believed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lost {
    /// The broker is away.
    Away,
    /// The broker takes it too slowly.
    Slow,
    /// It is too large.
    Large,
    /// Nobody of this installation sealed it, or not lately.
    Forged,
    /// It was heard before.
    Repeated,
}

impl Lost {
    const fn word(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Slow => "slow",
            Self::Large => "large",
            Self::Forged => "forged",
            Self::Repeated => "repeated",
        }
    }
}

pub(crate) fn sent(kind: &'static str) {
    counter!("porchlight_bus_sent_total", "kind" => kind).increment(1);
}

pub(crate) fn heard(kind: &'static str) {
    counter!("porchlight_bus_heard_total", "kind" => kind).increment(1);
}

pub(crate) fn dropped(kind: &'static str, why: Lost) {
    counter!("porchlight_bus_dropped_total", "kind" => kind, "why" => why.word()).increment(1);
}

pub(crate) fn resynced() {
    counter!("porchlight_bus_resyncs_total").increment(1);
}

pub(crate) fn connected(is: bool) {
    gauge!("porchlight_bus_connected").set(if is { 1.0 } else { 0.0 });
}
