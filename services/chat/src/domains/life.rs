//! From one standing to the next. Pure: no clock, no chance, no table.
//!
//! `pending` asks ever more slowly for seven days. `verified` is asked again every day. What is plainly gone puts a
//! claim in `grace` at once and in `suspended` after 72 hours; what could not be looked at warns after a day and
//! suspends after seven. `suspended` ends in `revoked` after thirty days; a proof brings it back before that.

use std::time::Duration;

use kernel::Timestamp;
use kernel::wire::DomainState;

use super::proof::{Reason, Verdict};

const fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3_600)
}

/// How long a claim may wait for its proof, and how long a test claim lasts.
pub const WEEK: Duration = hours(7 * 24);
const DAY: Duration = hours(24);
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = hours(4);
/// How long a proof may be plainly gone.
const GONE: Duration = hours(72);
/// How long a proof may be out of sight before the owner is warned, and before the widget goes dark.
const UNSEEN_WARN: Duration = DAY;
const UNSEEN: Duration = WEEK;
const DARK: Duration = hours(30 * 24);

/// What the failures in a row were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// Plainly gone at least once.
    Gone,
    /// Only ever out of sight.
    Unseen,
}

impl Failing {
    /// The word in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Unseen => "unseen",
        }
    }

    /// Reads it back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Gone, Self::Unseen].into_iter().find(|failing| failing.word() == word)
    }
}

/// Everything about a claim that time and proofs change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: DomainState,
    pub problem: Option<Reason>,
    pub verified_at: Option<Timestamp>,
    pub last_ok_at: Option<Timestamp>,
    /// First of the failures in a row that count for `failing`.
    pub failing_since: Option<Timestamp>,
    pub failing: Option<Failing>,
    pub fail_count: i32,
    pub next_check_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

impl Standing {
    /// A new claim that waits for its proof.
    pub fn pending(now: Timestamp) -> Self {
        Self {
            state: DomainState::Pending,
            problem: None,
            verified_at: None,
            last_ok_at: None,
            failing_since: None,
            failing: None,
            fail_count: 0,
            next_check_at: Some(now.plus(FIRST_WAIT)),
            expires_at: Some(now.plus(WEEK)),
        }
    }

    /// A test claim: open at once, for a week.
    pub fn test(now: Timestamp) -> Self {
        let over = now.plus(WEEK);
        Self {
            state: DomainState::Verified,
            verified_at: Some(now),
            last_ok_at: Some(now),
            next_check_at: Some(over),
            expires_at: Some(over),
            ..Self::pending(now)
        }
    }

    /// The end that has come without anybody looking, if it has.
    pub fn overdue(&self, now: Timestamp) -> Option<Self> {
        if self.expires_at.is_none_or(|at| at > now) {
            return None;
        }
        match self.state {
            DomainState::Pending => Some(self.ended(DomainState::Expired, Reason::Expired)),
            DomainState::Suspended => Some(self.ended(DomainState::Revoked, self.problem.unwrap_or(Reason::Expired))),
            // only test claims are verified and expire
            DomainState::Verified => Some(Self { problem: None, ..self.ended(DomainState::Expired, Reason::Expired) }),
            DomainState::Grace | DomainState::Revoked | DomainState::Expired | DomainState::Blocked => None,
        }
    }

    /// Where a check leads. `jitter` is between -1 and 1.
    pub fn after(&self, verdict: Verdict, now: Timestamp, jitter: f64) -> Self {
        match verdict {
            Verdict::Proved => self.proved(now, jitter),
            Verdict::Withdrawn => self.ended(DomainState::Revoked, Reason::Withdrawn),
            Verdict::Missing(reason) => self.failed(Failing::Gone, reason, now),
            Verdict::Unsure(reason) => self.failed(Failing::Unseen, reason, now),
        }
    }

    fn proved(&self, now: Timestamp, jitter: f64) -> Self {
        Self {
            state: DomainState::Verified,
            problem: None,
            verified_at: self.verified_at.or(Some(now)),
            last_ok_at: Some(now),
            failing_since: None,
            failing: None,
            fail_count: 0,
            next_check_at: Some(now.plus(DAY.mul_f64(1.0 + 0.2 * jitter.clamp(-1.0, 1.0)))),
            expires_at: None,
        }
    }

    fn ended(&self, state: DomainState, reason: Reason) -> Self {
        Self { state, problem: Some(reason), next_check_at: None, expires_at: None, ..self.clone() }
    }

    fn failed(&self, kind: Failing, reason: Reason, now: Timestamp) -> Self {
        let mut next = Self { problem: Some(reason), fail_count: self.fail_count.saturating_add(1), ..self.clone() };
        // the first plain absence starts its own 72 hours; being out of sight in between does not take them back
        if self.failing_since.is_none() || (kind == Failing::Gone && self.failing == Some(Failing::Unseen)) {
            next.failing_since = Some(now);
            next.failing = Some(kind);
        }
        match self.state {
            DomainState::Verified | DomainState::Grace => next.weaken(kind, now),
            DomainState::Suspended => next.next_check_at = Some(now.plus(DAY)),
            _ => next.next_check_at = Some(now.plus(wait(self.fail_count))),
        }
        if let (Some(at), Some(over)) = (next.next_check_at, next.expires_at) {
            next.next_check_at = Some(at.min(over));
        }
        next
    }

    fn weaken(&mut self, kind: Failing, now: Timestamp) {
        let since = self.failing_since.unwrap_or(now);
        let failing_for = now.since(since);
        let limit = if kind == Failing::Gone { GONE } else { UNSEEN };
        if failing_for >= limit {
            self.state = DomainState::Suspended;
            self.next_check_at = Some(now.plus(DAY));
            self.expires_at = Some(now.plus(DARK));
            return;
        }
        if kind == Failing::Gone || failing_for >= UNSEEN_WARN {
            self.state = DomainState::Grace;
        }
        let pause = if self.fail_count <= 1 { hours(1) } else { hours(6) };
        // not past the moment at which the answer would decide
        self.next_check_at = Some(now.plus(pause).min(since.plus(limit).max(now.plus(hours(1)))));
    }
}

/// 60 s growing by 5 % for ten tries, then by 15 %, up to four hours.
fn wait(tried: i32) -> Duration {
    let (slow, fast) = (tried.clamp(0, 10), (tried - 10).clamp(0, 100));
    let factor = 1.05_f64.powi(slow) * 1.15_f64.powi(fast);
    FIRST_WAIT.mul_f64(factor.min(LONGEST_WAIT.as_secs_f64() / FIRST_WAIT.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DomainState as S;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const GONE_NOW: Verdict = Verdict::Missing(Reason::RecordMissing);
    const UNSEEN_NOW: Verdict = Verdict::Unsure(Reason::NoAnswer);

    fn verified() -> Standing {
        Standing::pending(START).after(Verdict::Proved, START, 0.0)
    }

    /// Runs checks at the times the standing itself asks for, until it changes state or `most` has passed.
    fn run(mut standing: Standing, verdict: Verdict, most: Duration) -> (Standing, Timestamp, u32) {
        let state = standing.state;
        let mut checks = 0;
        while let Some(at) = standing.next_check_at {
            if at > START.plus(most) {
                break;
            }
            standing = standing.overdue(at).unwrap_or_else(|| standing.after(verdict, at, 0.0));
            checks += 1;
            if standing.state != state {
                return (standing, at, checks);
            }
        }
        (standing, START.plus(most), checks)
    }

    #[test]
    fn pending_asks_ever_more_slowly_and_expires_after_seven_days() {
        assert_eq!(wait(0), Duration::from_secs(60));
        assert_eq!(wait(1), Duration::from_secs(63));
        assert!(wait(10) < Duration::from_secs(98) && wait(11) > wait(10).mul_f64(1.14));
        assert_eq!(wait(500), LONGEST_WAIT);
        let (standing, at, checks) = run(Standing::pending(START), GONE_NOW, WEEK * 2);
        assert_eq!((standing.state, standing.problem), (S::Expired, Some(Reason::Expired)));
        assert_eq!(at, START.plus(WEEK));
        assert_eq!(standing.next_check_at, None);
        assert!((80..120).contains(&checks), "{checks} checks in a week");
    }

    #[test]
    fn a_proof_is_asked_for_again_after_a_day_give_or_take_a_fifth() {
        for (jitter, expected) in [(-1.0, 19.2), (0.0, 24.0), (1.0, 28.8), (9.0, 28.8)] {
            let next = Standing::pending(START).after(Verdict::Proved, START, jitter).next_check_at;
            assert_eq!(next, Some(START.plus(hours(1).mul_f64(expected))), "{jitter}");
        }
    }

    #[test]
    fn dv_61_and_63_what_is_gone_is_in_grace_at_once_and_dark_after_72_hours() {
        let (grace, at, _) = run(verified(), GONE_NOW, WEEK);
        assert_eq!((grace.state, at), (S::Grace, START.plus(DAY)));
        assert_eq!(grace.next_check_at, Some(at.plus(hours(1))));
        let second = grace.after(GONE_NOW, at.plus(hours(1)), 0.0);
        assert_eq!(second.next_check_at, Some(at.plus(hours(7))));
        let (dark, when, _) = run(grace, GONE_NOW, WEEK * 2);
        assert_eq!((dark.state, when), (S::Suspended, at.plus(hours(72))));
        assert_eq!(dark.expires_at, Some(when.plus(DARK)));
        let (over, end, _) = run(dark, GONE_NOW, WEEK * 9);
        assert_eq!((over.state, end), (S::Revoked, when.plus(DARK)));
    }

    #[test]
    fn dv_62_what_is_out_of_sight_warns_after_a_day_and_is_dark_only_after_seven() {
        let first = verified().after(UNSEEN_NOW, START.plus(DAY), 0.0);
        assert_eq!((first.state, first.problem), (S::Verified, Some(Reason::NoAnswer)));
        let (grace, at, _) = run(first, UNSEEN_NOW, WEEK);
        assert_eq!(grace.state, S::Grace);
        assert!(at >= START.plus(DAY * 2) && at <= START.plus(DAY * 2 + hours(6)));
        let (dark, when, _) = run(grace, UNSEEN_NOW, WEEK * 3);
        assert_eq!((dark.state, when), (S::Suspended, START.plus(DAY + WEEK)));
    }

    #[test]
    fn mixed_failures_get_the_72_hours_of_the_first_plain_absence() {
        let unseen = verified().after(UNSEEN_NOW, START.plus(DAY), 0.0);
        let gone = unseen.after(GONE_NOW, START.plus(DAY * 3), 0.0);
        assert_eq!((gone.state, gone.failing), (S::Grace, Some(Failing::Gone)));
        let hidden = gone.after(UNSEEN_NOW, START.plus(DAY * 6 + hours(1)), 0.0);
        assert_eq!(hidden.state, S::Grace, "nobody looked, so nobody may switch off");
        assert_eq!(hidden.after(GONE_NOW, START.plus(DAY * 6 + hours(2)), 0.0).state, S::Suspended);
    }

    #[test]
    fn a_proof_brings_back_what_is_in_grace_or_dark_and_keeps_its_first_date() {
        let (grace, at, _) = run(verified(), GONE_NOW, WEEK);
        let (dark, _, _) = run(grace.clone(), GONE_NOW, WEEK * 2);
        for standing in [grace, dark] {
            let back = standing.after(Verdict::Proved, at.plus(WEEK), 0.0);
            assert_eq!((back.state, back.problem, back.failing_since), (S::Verified, None, None));
            assert_eq!((back.verified_at, back.expires_at, back.fail_count), (Some(START), None, 0));
        }
    }

    #[test]
    fn the_owners_no_ends_it_at_once_and_test_claims_end_by_themselves() {
        let over = verified().after(Verdict::Withdrawn, START.plus(DAY), 0.0);
        assert_eq!((over.state, over.problem, over.next_check_at), (S::Revoked, Some(Reason::Withdrawn), None));
        let test = Standing::test(START);
        assert_eq!(test.overdue(START.plus(WEEK - hours(1))), None);
        assert_eq!(test.overdue(START.plus(WEEK)).map(|end| end.state), Some(S::Expired));
        assert_eq!(verified().overdue(START.plus(WEEK * 99)), None);
    }
}
