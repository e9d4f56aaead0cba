//! Where a trace is carried from and to: what a request began goes on in the batch, the job and the call outside.
//!
//! Spans are `tracing`'s everywhere and only `server` knows who collects them. Without a collector each function here is
//! one look at an empty cell. A place is random numbers and no content; it is given to nobody outside.

use std::fmt;
use std::sync::OnceLock;

use tracing::Span;

/// A place in a trace, as the `traceparent` header spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// Reads `00-<32 hex>-<16 hex>-<2 hex>`; ids of zeros are none.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<_> = text.split('-').collect();
        let [version, trace, span, flags] = parts.as_slice() else { return None };
        let is_hex = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let is_one = |id: &str| id.bytes().any(|byte| byte != b'0');
        let well = *version == "00" && is_hex(trace, 32) && is_hex(span, 16) && is_hex(flags, 2);
        (well && is_one(trace) && is_one(span)).then(|| Self(text.to_owned()))
    }

    /// As the header spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whoever collects spans.
pub trait Collector: Send + Sync {
    /// Where a span stands; none when it is not kept.
    fn place(&self, span: &Span) -> Option<Place>;
    /// Makes a span that has just been made the child of a place elsewhere.
    fn follow(&self, span: &Span, from: &Place);
    /// Notes that a span has to do with another place.
    fn link(&self, span: &Span, to: &Place);
    /// Whether a proxy's word on where a request comes from is taken.
    fn believes_proxies(&self) -> bool;
}

static COLLECTOR: OnceLock<Box<dyn Collector>> = OnceLock::new();

/// Names the collector, once; says whether it is the one.
pub fn collect_with(collector: Box<dyn Collector>) -> bool {
    COLLECTOR.set(collector).is_ok()
}

/// The span being worked in, if somebody collects; otherwise one that costs nothing to hold.
pub fn current() -> Span {
    if COLLECTOR.get().is_some() { Span::current() } else { Span::none() }
}

/// Where a span stands, if it is kept.
pub fn place(span: &Span) -> Option<Place> {
    COLLECTOR.get()?.place(span)
}

/// Where the work at hand stands, if it is kept.
pub fn here() -> Option<Place> {
    place(&Span::current())
}

/// Makes a span that has just been made the child of a place elsewhere.
pub fn follow(span: &Span, from: &Place) {
    if let Some(collector) = COLLECTOR.get() {
        collector.follow(span, from);
    }
}

/// Notes that a span has to do with another place.
pub fn link(span: &Span, to: &Place) {
    if let Some(collector) = COLLECTOR.get() {
        collector.link(span, to);
    }
}

/// Whether a proxy's word on where a request comes from is taken.
pub fn believes_proxies() -> bool {
    COLLECTOR.get().is_some_and(|collector| collector.believes_proxies())
}

/// Whether anybody collects.
pub fn is_on() -> bool {
    COLLECTOR.get().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_place_is_read_as_one() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(Place::parse(good).map(|place| place.to_string()).as_deref(), Some(good));
        for bad in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        ] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }
}
