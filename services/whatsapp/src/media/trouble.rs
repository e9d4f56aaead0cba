//! Why a file is not here, and what follows from it. Pure: it knows no clock and no network.

use std::time::Duration;

use kernel::{Error, Kind};
use net::media::Refused;

use super::hash::{ALTERED, BROKE_OFF};
use crate::failure::{self, Remedy};
use crate::graph;

/// How long Meta answers for a file that a person sent.
pub const LIFE: Duration = Duration::from_secs(7 * 24 * 3_600);

/// How long to wait after each try in vain; after the last one the file is given up. Three days, because ids live seven
/// and somebody may ask for it once more by hand.
const PAUSES: [u64; 10] = [5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400];

/// Why a file is not here.
#[derive(Debug)]
pub enum Trouble {
    /// The message waits for no file any more.
    NotAwaited,
    /// Too many are fetched just now.
    Busy,
    /// Somebody is away: Meta, its host, our own store.
    Away,
    /// The token, or what it may do.
    Denied,
    /// What came is not the file.
    Bad,
    /// Meta knows no such file.
    Gone,
    /// It will never come, for this reason.
    Never(&'static str),
    /// Something of ours failed.
    Ours(Error),
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing more.
    Over,
    /// Wait a moment; this was no try.
    Soon,
    /// Try again after this long.
    Later(Duration),
    /// Say that it is missing, and why.
    Missing(&'static str),
}

impl Trouble {
    /// What follows after so many tries in vain, this one included, for a file of this age.
    pub fn verdict(&self, tries: i32, age: Duration) -> Verdict {
        let (most, reason) = match self {
            Self::NotAwaited => return Verdict::Over,
            Self::Busy => return Verdict::Soon,
            Self::Never(reason) => return Verdict::Missing(reason),
            Self::Gone => (3, "expired"),
            Self::Bad => (5, "meta_failed"),
            Self::Denied => (PAUSES.len(), "meta_failed"),
            Self::Away | Self::Ours(_) => (PAUSES.len(), "unreachable"),
        };
        let nth = usize::try_from(tries).unwrap_or(usize::MAX);
        let pause = PAUSES.get(nth.saturating_sub(1)).filter(|_| nth < most);
        match pause {
            Some(pause) if age < LIFE => Verdict::Later(Duration::from_secs(*pause)),
            Some(_) => Verdict::Missing("expired"),
            None => Verdict::Missing(reason),
        }
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy => Self::Busy,
            Refused::Denied => Self::Denied,
            Refused::Missing | Refused::Elsewhere => Self::Bad,
            Refused::Status(429 | 500..=599) => Self::Away,
            Refused::Status(_) => Self::Bad,
            // a host that is not named today may be tomorrow: Meta has moved before
            Refused::Foreign | Refused::NotPublic | Refused::Unreachable => Self::Away,
        }
    }
}

impl From<graph::Trouble> for Trouble {
    fn from(trouble: graph::Trouble) -> Self {
        match &trouble {
            graph::Trouble::Strange(404) => Self::Gone,
            graph::Trouble::Away | graph::Trouble::Strange(_) => Self::Away,
            graph::Trouble::Refused(problem) if problem.code == 33 => Self::Gone,
            graph::Trouble::Refused(problem) if problem.code == 100 => match problem.subcode {
                Some(33) => Self::Gone,
                _ => Self::Bad,
            },
            graph::Trouble::Refused(problem) => match failure::judge(problem).remedy {
                Remedy::Halt => Self::Denied,
                _ => Self::Away,
            },
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error.code() {
            "file_too_large" => Self::Never("too_large"),
            "file_type_refused" => Self::Never("refused"),
            "storage_full" => Self::Never("storage_full"),
            ALTERED => Self::Bad,
            BROKE_OFF => Self::Away,
            "not_awaited" => Self::NotAwaited,
            _ if error.kind() == Kind::NotFound => Self::NotAwaited,
            _ if error.kind() == Kind::Unavailable => Self::Away,
            _ => Self::Ours(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Problem;

    const FRESH: Duration = Duration::from_secs(60);

    #[test]
    fn every_trouble_ends_and_says_why() {
        for (trouble, tries, reason) in [
            (Trouble::Away, 10, "unreachable"),
            (Trouble::Denied, 10, "meta_failed"),
            (Trouble::Bad, 5, "meta_failed"),
            (Trouble::Gone, 3, "expired"),
            (Trouble::Never("too_large"), 1, "too_large"),
        ] {
            for before in 1..tries {
                assert!(matches!(trouble.verdict(before, FRESH), Verdict::Later(_)), "{trouble:?} {before}");
            }
            assert_eq!(trouble.verdict(tries, FRESH), Verdict::Missing(reason), "{trouble:?}");
            assert_eq!(trouble.verdict(i32::MAX, FRESH), Verdict::Missing(reason), "{trouble:?}");
        }
        assert_eq!(Trouble::Away.verdict(1, LIFE), Verdict::Missing("expired"), "the id is dead by now");
        assert_eq!(Trouble::Busy.verdict(99, FRESH), Verdict::Soon, "standing in line is no try");
        assert_eq!(Trouble::NotAwaited.verdict(1, FRESH), Verdict::Over);
        let whole: u64 = PAUSES.iter().sum();
        assert!(Duration::from_secs(whole) < LIFE, "the tries end before the id does");
    }

    #[test]
    fn metas_code_says_what_is_wrong() {
        let of = |code, subcode| {
            Trouble::from(graph::Trouble::Refused(Problem { code, subcode, title: None, details: None, trace: None }))
        };
        assert!(matches!(of(100, Some(33)), Trouble::Gone));
        assert!(matches!(of(100, None), Trouble::Bad));
        assert!(matches!(of(190, None), Trouble::Denied));
        assert!(matches!(of(10, None), Trouble::Denied));
        assert!(matches!(of(80007, None), Trouble::Away));
        assert!(matches!(of(131000, None), Trouble::Away));
    }
}
