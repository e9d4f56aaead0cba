//! What is said where. Who may say and hear which of them stands in `deploy/nats/`.

use kernel::TenantId;

/// Subjects signals are spread over, so that a process may one day hear only those of the tenants it serves.
const SIGNALS: u64 = 64;

/// Every shard's head.
pub(crate) const HINTS: &str = "porchlight.hint.*";
/// Jobs were left.
pub(crate) const JOBS: &str = "porchlight.jobs";
/// Every tenant's moments.
pub(crate) const MOMENTS: &str = "porchlight.signal.*";
/// What processes tell each other.
pub(crate) const NOTES: &str = "porchlight.note.*";

pub(crate) fn hint(shard: u16) -> String {
    format!("porchlight.hint.{shard}")
}

pub(crate) fn signal(tenant: TenantId) -> String {
    let (_, low) = tenant.uuid().as_u64_pair();
    format!("porchlight.signal.{}", low % SIGNALS)
}

pub(crate) fn note(topic: &str) -> String {
    format!("porchlight.note.{topic}")
}

/// What a subject is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum About<'a> {
    Hint(u16),
    Jobs,
    Signal,
    Note(&'a str),
}

pub(crate) fn about(subject: &str) -> Option<About<'_>> {
    if subject == JOBS {
        return Some(About::Jobs);
    }
    let (kind, rest) = subject.strip_prefix("porchlight.")?.split_once('.')?;
    match kind {
        "hint" => rest.parse().ok().map(About::Hint),
        "signal" => Some(About::Signal),
        "note" => Some(About::Note(rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_says_what_it_is_about() {
        assert_eq!(about(&hint(7)), Some(About::Hint(7)));
        assert_eq!(about(&note("limits")), Some(About::Note("limits")));
        assert_eq!(about(JOBS), Some(About::Jobs));
        for strange in ["porchlight.hint.-1", "porchlight.hint.65536", "porchlight.hint.", "porchlight", "a.b.c"] {
            assert_eq!(about(strange), None, "{strange}");
        }
    }
}
