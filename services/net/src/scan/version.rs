//! How old the signatures are: `ClamAV 1.4.6/27819/Fri Nov 20 09:26:20 2026`.

use std::time::Duration;

use kernel::Timestamp;
use time::PrimitiveDateTime;
use time::macros::format_description;

/// Whether the signatures of this version are younger than `most`. A version without a date vouches for nothing.
pub fn is_fresh(version: &str, most: Duration, now: Timestamp) -> Result<(), String> {
    let made = date(version).ok_or_else(|| format!("a version without a date of its signatures: {version:?}"))?;
    let age = now.since(made);
    if age > most { Err(format!("its signatures are {} hours old", age.as_secs() / 3_600)) } else { Ok(()) }
}

/// The date stands in the scanner's own time zone, which it does not name: an error of hours at most.
fn date(version: &str) -> Option<Timestamp> {
    let date = version.strip_prefix("ClamAV ")?.splitn(3, '/').nth(2)?;
    let spaced = date.split_whitespace().collect::<Vec<_>>().join(" ");
    let shape = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] [year]"
    );
    let made = PrimitiveDateTime::parse(&spaced, &shape).ok()?;
    Some(Timestamp::from_millis(made.assume_utc().unix_timestamp().checked_mul(1_000)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3_600);

    #[test]
    fn signatures_are_as_old_as_their_date_says() {
        let now = Timestamp::from_millis(1_763_720_000_000);
        let fresh = "ClamAV 1.4.6/27819/Fri Nov 21 09:26:20 2025";
        assert_eq!(is_fresh(fresh, DAY * 3, now), Ok(()));
        let single = "ClamAV 1.4.6/27819/Sat Nov  1 09:26:20 2025";
        assert_eq!(is_fresh(single, DAY * 30, now), Ok(()));
        assert!(is_fresh(single, DAY * 3, now).is_err_and(|why| why.contains("hours old")));
        assert!(is_fresh("ClamAV 1.4.6", DAY, now).is_err());
        assert!(is_fresh("something else", DAY, now).is_err());
    }
}
