//! A person who does not want to wait.

use std::time::Duration;

use kernel::wire::{Domain, DomainScope, DomainState};
use kernel::{ClaimId, Error, Result, Role, Scope, Timestamp};

use super::{jobs, tables::claim};
use crate::Ctx;

/// Between two wishes.
const PAUSE: Duration = Duration::from_secs(15);
/// Wishes a day.
const A_DAY: i32 = 30;
const DAY_MILLIS: i64 = 86_400_000;

/// Asks for a check as soon as possible; the outcome arrives as an event. Admins only; once in 15 seconds and 30 times
/// a day per claim, because each wish makes us ask strangers.
pub async fn check(ctx: &Ctx, scope: &Scope, id: ClaimId) -> Result<Domain> {
    scope.require(Role::Admin)?;
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(scope).await?;
    let mut row = claim::lock(unit.conn(), scope.tenant(), id).await?.ok_or_else(Error::not_found)?;
    can_be_checked(&row)?;
    row.checks_today = counted(row.checks_day, row.checks_today, now)?;
    row.checks_day = Some(now);
    row.next_check_at = Some(now);
    claim::save(unit.conn(), &row).await?;
    jobs::plan(&mut unit, &row);
    unit.commit().await?;
    row.wire()
}

fn can_be_checked(row: &claim::Model) -> Result<()> {
    if row.reach()? == DomainScope::Test {
        return Err(Error::conflict("nothing_to_check", "A test domain needs no proof."));
    }
    match row.standing()?.state {
        DomainState::Pending | DomainState::Verified | DomainState::Grace | DomainState::Suspended => Ok(()),
        DomainState::Revoked | DomainState::Expired | DomainState::Blocked => {
            Err(Error::conflict("claim_over", "This claim has ended. Add the domain again to begin a new one."))
        }
    }
}

/// Today's count with this wish, or when to come back.
fn counted(last: Option<Timestamp>, count: i32, now: Timestamp) -> Result<i32> {
    let Some(last) = last else { return Ok(1) };
    let wait = PAUSE.saturating_sub(now.since(last));
    if !wait.is_zero() {
        let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(15);
        return Err(Error::limited("checked_just_now", "We looked just now. Wait 15 seconds between checks.", seconds));
    }
    let today = now.millis().div_euclid(DAY_MILLIS);
    if last.millis().div_euclid(DAY_MILLIS) < today {
        return Ok(1);
    }
    if count >= A_DAY {
        let seconds = ((today + 1) * DAY_MILLIS - now.millis()) / 1000;
        let seconds = u32::try_from(seconds).unwrap_or(3_600);
        return Err(Error::limited(
            "checked_too_often",
            "Enough checks for today; we go on looking by ourselves.",
            seconds,
        ));
    }
    Ok(count + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_in_fifteen_seconds_and_thirty_times_a_day() {
        let noon = Timestamp::from_millis(20_000 * DAY_MILLIS + DAY_MILLIS / 2);
        let later = |seconds| noon.plus(Duration::from_secs(seconds));
        let code = |outcome: Result<i32>| outcome.map_err(|error| (error.code(), error.retry_after()));
        assert_eq!(code(counted(None, 0, noon)), Ok(1));
        assert_eq!(code(counted(Some(noon), 1, later(14))), Err(("checked_just_now", Some(1))));
        assert_eq!(code(counted(Some(noon), 1, later(15))), Ok(2));
        assert_eq!(code(counted(Some(noon), 29, later(15))), Ok(30));
        assert_eq!(code(counted(Some(noon), 30, later(15))), Err(("checked_too_often", Some(43_185))));
        assert_eq!(code(counted(Some(noon), 30, later(43_200))), Ok(1));
    }
}
