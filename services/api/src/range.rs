//! `Range`: one part at a time, ten megabytes at most.

use std::ops::Range;

/// Longest part handed out at once; whoever asks for more gets this much and asks again.
const MOST: u64 = 10 * 1024 * 1024;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything: no range, several, or another unit than bytes.
    All,
    /// A part.
    Part(Range<u64>),
    /// A part that is not there.
    Nothing,
}

/// Reads the header for an object of `total` bytes.
pub fn wanted(header: Option<&str>, total: u64) -> Wanted {
    let Some(asked) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Wanted::All };
    if asked.contains(',') {
        return Wanted::All;
    }
    part(asked.trim(), total).map_or(Wanted::Nothing, Wanted::Part)
}

fn part(asked: &str, total: u64) -> Option<Range<u64>> {
    let (first, last) = asked.split_once('-')?;
    let (start, end) = match (first, last) {
        ("", last) => (total.saturating_sub(number(last)?), total),
        (first, "") => (number(first)?, total),
        (first, last) => (number(first)?, number(last)?.checked_add(1)?),
    };
    let end = end.min(total).min(start.saturating_add(MOST));
    (start < end).then_some(start..end)
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn att_19_one_part_of_ten_megabytes_at_most() {
        let part = |asked: &str| wanted(Some(asked), 100);
        assert_eq!(part("bytes=0-0"), Wanted::Part(0..1));
        assert_eq!(part("bytes=10-19"), Wanted::Part(10..20));
        assert_eq!(part("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(part("bytes=90-500"), Wanted::Part(90..100));
        assert_eq!(part("bytes=-5"), Wanted::Part(95..100));
        assert_eq!(part("bytes=-500"), Wanted::Part(0..100));
        for nothing in [
            "bytes=100-",
            "bytes=5-4",
            "bytes=-0",
            "bytes=-",
            "bytes=x-y",
            "bytes=",
            "bytes=+1-2",
            "bytes=99999999999999999999-",
        ] {
            assert_eq!(part(nothing), Wanted::Nothing, "{nothing}");
        }
        for all in ["bytes=0-1,5-6", "items=0-1", "bytes 0-1"] {
            assert_eq!(part(all), Wanted::All, "{all}");
        }
        assert_eq!(wanted(None, 100), Wanted::All);
        assert_eq!(wanted(Some("bytes=0-"), u64::MAX), Wanted::Part(0..MOST));
        assert_eq!(wanted(Some("bytes=5-18446744073709551615"), 100), Wanted::Nothing);
    }
}
