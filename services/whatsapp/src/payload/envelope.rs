//! A delivery taken apart into its changes. Each stands alone: one that cannot be read spoils nothing beside it.

use serde_json::Value;

use super::look::Look;

/// One change of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The business account it came for; routes everything that names no number.
    pub account: String,
    /// When, for account-level fields: seconds.
    pub time: Option<i64>,
    /// The subscription's field.
    pub field: String,
    /// What changed.
    pub value: Value,
}

impl Change {
    /// The number it is about; the only routing key of messages, never the number as displayed.
    pub fn number(&self) -> Option<&str> {
        self.value.at("metadata").text("phone_number_id")
    }
}

/// Every change of every entry. A body that is no delivery has none.
pub fn changes(body: &[u8]) -> Result<Vec<Change>, serde_json::Error> {
    let delivery: Value = serde_json::from_slice(body).or_else(|error| match mended(body) {
        Some(whole) => serde_json::from_slice(&whole),
        None => Err(error),
    })?;
    let of_entry = |entry: &Value| -> Vec<Change> {
        let account = entry.word("id").unwrap_or_default();
        let time = entry.number("time");
        let change = |change: &Value| Change {
            account: account.clone(),
            time,
            field: change.text("field").unwrap_or_default().to_owned(),
            value: change.at("value").clone(),
        };
        entry.list("changes").iter().map(change).collect()
    };
    Ok(delivery.list("entry").iter().flat_map(of_entry).collect())
}

/// Half a character, as an app leaves it that cuts a text in the middle of a picture: one such would spoil everybody's
/// messages in the delivery. It becomes the sign for what cannot be read.
fn mended(body: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| -> Option<u16> {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (mut whole, mut at, mut halves) = (body.to_vec(), 0, 0);
    while at < body.len() {
        let second = || unit(at + 6).is_some_and(|unit| (0xDC00..0xE000).contains(&unit));
        at += match unit(at) {
            Some(0xD800..0xDC00) if second() => 12,
            Some(0xD800..0xE000) => {
                whole[at..at + 6].copy_from_slice(b"\\uFFFD");
                halves += 1;
                6
            }
            Some(_) => 6,
            // an escaped backslash is no beginning of an escape
            None if body[at] == b'\\' => 2,
            None => 1,
        };
    }
    (halves > 0).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_spoils_nothing_beside_it() {
        let read = |text: &str| {
            let body = format!(r#"{{"entry":[{{"id":"1","changes":[{{"field":"x","value":"{text}"}}]}}]}}"#);
            changes(body.as_bytes()).ok().and_then(|found| found[0].value.as_str().map(str::to_owned))
        };
        assert_eq!(read(r"a\ud83d\ude00b").as_deref(), Some("a😀b"));
        assert_eq!(read(r"a\ud83db").as_deref(), Some("a\u{fffd}b"));
        assert_eq!(read(r"\ude00\ud83d").as_deref(), Some("\u{fffd}\u{fffd}"));
        assert_eq!(read(r"\ud83d\\ude00").as_deref(), Some("\u{fffd}\\ude00"));
        assert_eq!(read(r"\ud83d\u00e9").as_deref(), Some("\u{fffd}é"));
    }
}
