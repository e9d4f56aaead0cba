//! What may be said.

use kernel::wire::{Extra, Visibility};
use kernel::{Error, FileId, MessageId, Result, Timestamp};
use sha2::{Digest, Sha256};

/// Most characters of a message.
const MOST: usize = 10_000;
/// Most characters of a message that goes through a channel: WhatsApp's limit for a text.
pub(super) const MOST_ON_CHANNEL: usize = 4_096;

/// Plain text of 1 to 10,000 characters with at least one that can be seen. Controls other than line breaks and tabs are removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// Checks and cleans.
    pub fn parse(text: &str) -> Result<Self> {
        let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        if clean.trim().is_empty() {
            return Err(Error::field("body", "empty", "Write something first."));
        }
        if clean.chars().count() > MOST {
            return Err(Error::field("body", "too_long", "A message may have 10,000 characters."));
        }
        Ok(Self(clean))
    }

    /// Words that may be missing: something else is there.
    pub fn or_nothing(text: &str) -> Result<Self> {
        if text.trim().is_empty() { Ok(Self(String::new())) } else { Self::parse(text) }
    }

    /// Text that goes with files: beside them it may be empty.
    pub fn beside(files: &[FileId], text: &str) -> Result<Self> {
        match !files.is_empty() && text.trim().is_empty() {
            true => Ok(Self(String::new())),
            false => Self::parse(text),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The sender's own id of a message: 1 to 64 letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Checks.
    pub fn parse(text: &str) -> Result<Self> {
        let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        match (1..=64).contains(&text.len()) && text.bytes().all(fine) {
            true => Ok(Self(text.to_owned())),
            false => {
                Err(Error::field("client_id", "invalid_client_id", "client_id has 1 to 64 letters, digits, - and _."))
            }
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that is the same for the same id.
    pub fn spread(&self) -> u64 {
        let digest = Sha256::digest(self.0.as_bytes());
        u64::from_be_bytes(digest[..8].try_into().unwrap_or_default())
    }
}

/// A message to post.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The sender's id for it.
    pub client_id: ClientId,
    /// What is said.
    pub body: Body,
    /// Files sent up before, in this order.
    pub files: Vec<FileId>,
    /// To whom; visitors always speak publicly.
    pub visibility: Visibility,
    /// What it answers.
    pub reply_to: Option<MessageId>,
    /// What it has beyond that.
    pub extra: Option<Box<Extra>>,
    /// What a channel knows of it, or must be told with it.
    pub via: Via,
}

/// What a channel knows of a message, or must be told with it. Empty for messages of a web page.
#[derive(Clone, Debug, Default)]
pub struct Via {
    /// Name of whoever wrote it, where the conversation is with several people.
    pub author_name: Option<String>,
    /// When a person wrote it, by the channel's clock, if the tenant may answer freely for a while from then.
    pub opens_at: Option<Timestamp>,
    /// What the channel sends instead of the words, in its own JSON.
    pub request: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_read_is_said() {
        assert_eq!(Body::parse("hi\u{0}\u{8} there\nyou").expect("text").as_str(), "hi there\nyou");
        assert!(Body::parse(" \n\t").is_err());
        assert!(Body::parse(&"x".repeat(10_001)).is_err());
        assert!(Body::parse(&"ü".repeat(10_000)).is_ok());
    }

    #[test]
    fn client_ids_are_plain() {
        assert!(ClientId::parse("0193-abc_DEF").is_ok());
        for bad in ["", "a b", "é", &"x".repeat(65)] {
            assert!(ClientId::parse(bad).is_err(), "{bad} was taken");
        }
    }
}
