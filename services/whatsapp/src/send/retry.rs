//! When a refused call is made again. Pure.

use std::time::Duration;

use kernel::{Timestamp, WaSendId};

use crate::failure::{Remedy, judge};
use crate::pace::pair_wait;
use crate::payload::Problem;

/// How long something may be tried that only has to wait.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// What is done with a refused call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Once more after this long.
    After(Duration),
    /// The same, and nothing else is sent from this number until then.
    Pause(Duration),
    /// Never; the number, or its whole account, stops.
    Halt { account: bool },
    /// Never, and the window is shut.
    Shut,
    /// Never.
    Fail,
}

/// What is done after the `tries`th refusal of a call that was first wanted at `since`.
pub fn next(problem: &Problem, tries: u32, id: WaSendId, since: Timestamp, now: Timestamp) -> Next {
    let patient = now.since(since) < LONGEST;
    match judge(problem).remedy {
        Remedy::Again(most) if tries <= most => {
            let wait = wait(tries, id);
            if is_general(problem.code) { Next::Pause(wait) } else { Next::After(wait) }
        }
        Remedy::Wait(seconds) if patient => {
            let wait = Duration::from_secs(seconds.into());
            if is_general(problem.code) { Next::Pause(wait) } else { Next::After(wait) }
        }
        Remedy::Pair if patient => Next::After(pair_wait(tries.saturating_sub(1))),
        Remedy::Upload if tries <= 1 => Next::After(Duration::from_secs(1)),
        Remedy::Halt => Next::Halt { account: is_of_account(problem) },
        Remedy::Template => Next::Shut,
        _ => Next::Fail,
    }
}

/// After the `n`th refusal: 1 s, 4 s, 16 s … half an hour at most, and up to a quarter more, so that what was refused
/// together does not come back together.
pub fn wait(n: u32, id: WaSendId) -> Duration {
    let base = 4_u64.saturating_pow(n.saturating_sub(1).min(8)).min(1_800) * 1_000;
    let (_, spread) = id.uuid().as_u64_pair();
    Duration::from_millis(base + spread % (base / 4))
}

/// Whether it would be said to every message of this number.
const fn is_general(code: i64) -> bool {
    matches!(code, 2 | 4 | 613 | 80_007 | 130_429 | 131_016 | 131_048 | 131_057 | 133_004)
}

/// Whether it would be said to every number of this account.
const fn is_of_account(problem: &Problem) -> bool {
    !matches!((problem.code, problem.subcode), (33 | 131_037 | 131_045 | 133_010, _) | (100, Some(33)))
}

/// Why a number is halted, as one word.
pub const fn cause(problem: &Problem) -> &'static str {
    match problem.code {
        0 | 190 => "token_invalid",
        368 => "blocked",
        131_031 => "account_locked",
        131_037 => "name_not_approved",
        131_042 | 131_044 => "payment",
        131_045 | 133_010 => "not_registered",
        _ => "permission",
    }
}

#[cfg(test)]
mod tests {
    use kernel::Clock;

    use super::*;

    fn after(code: i64, tries: u32, hours: u64) -> Next {
        let problem = Problem { code, subcode: None, title: None, details: None, trace: None };
        let since = Timestamp::from_millis(0);
        next(&problem, tries, WaSendId::new(&Clock::System), since, since.plus(Duration::from_secs(hours * 3_600)))
    }

    #[test]
    fn rel_13_the_schedule_grows_fourfold_and_ends() {
        let id = WaSendId::new(&Clock::System);
        let bases = [1, 4, 16, 64, 256, 1_024, 1_800, 1_800];
        for (n, base) in (1..).zip(bases) {
            let wait = wait(n, id).as_millis();
            assert!((base * 1_000..base * 1_250).contains(&wait), "{n}: {wait}");
        }
        assert!(matches!(after(131_016, 8, 0), Next::Pause(_)));
        assert_eq!(after(131_016, 9, 0), Next::Fail);
        assert!(matches!(after(131_000, 3, 0), Next::After(_)));
        assert_eq!(after(131_000, 4, 0), Next::Fail);
    }

    #[test]
    fn too_much_for_one_person_waits_fourfold_and_for_all_pauses_the_number() {
        for (tries, seconds) in [(1, 1), (2, 4), (3, 16)] {
            assert_eq!(after(131_056, tries, 0), Next::After(Duration::from_secs(seconds)));
        }
        assert_eq!(after(80_007, 50, 1), Next::Pause(Duration::from_secs(60)));
        assert_eq!(after(80_007, 50, 25), Next::Fail);
    }

    #[test]
    fn what_stops_everything_says_how_much_it_stops() {
        assert_eq!(after(190, 1, 0), Next::Halt { account: true });
        assert_eq!(after(133_010, 1, 0), Next::Halt { account: false });
        assert_eq!(after(131_047, 1, 0), Next::Shut);
        assert_eq!(after(131_026, 1, 0), Next::Fail);
    }
}
