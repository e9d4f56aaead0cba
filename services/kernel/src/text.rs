//! Text that was checked once, at the edge.

use std::fmt;

use serde::Serialize;

use crate::{Error, Result};

/// An e-mail address, trimmed and in lower case. Prints masked: it is personal data.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Checks the shape that mail servers accept in practice: one `@`, a dotted host, no blanks or controls, ≤ 254 bytes.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::field("email", "invalid_email", "Write an e-mail address such as name@example.com.");
        let email = text.trim().to_lowercase();
        let (local, host) = email.rsplit_once('@').ok_or_else(bad)?;
        let clean = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[]\\,;:\"".contains(c);
        let host_fine =
            host.contains('.') && host.split('.').all(|l| !l.is_empty() && l.len() <= 63) && host.is_ascii();
        let local_fine = !local.is_empty() && local.len() <= 64 && !local.contains('@');
        if email.len() > 254 || !host_fine || !local_fine || !email.chars().all(clean) {
            return Err(bad());
        }
        Ok(Self(email))
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***@***")
    }
}

/// A person's or thing's name: 1 to 80 characters, trimmed, no controls and no direction overrides.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Checks a name given in the field called `name`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        let odd = |c: char| {
            c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
        };
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(odd) {
            return Err(Error::field(
                "name",
                "invalid_name",
                "A name has 1 to 80 characters and no control characters.",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The name itself, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_strange_ones_refused() {
        assert_eq!(Email::parse("  Mia@Example.COM ").expect("a plain address").as_str(), "mia@example.com");
        for bad in ["", "a", "a@b", "@b.de", "a@b..de", "a b@c.de", "a@c.de\r\nBcc: x@y.z", "<a@b.de>", "a@b@c.de"] {
            assert!(Email::parse(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn names_cannot_turn_the_line_around() {
        assert!(Name::parse("Zoë O’Brien").is_ok());
        assert!(Name::parse("evil\u{202e}gpj.exe").is_err());
        assert!(Name::parse("   ").is_err());
        assert!(Name::parse(&"x".repeat(81)).is_err());
    }
}
