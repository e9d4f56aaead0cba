//! Refresh tokens: one per session, another after each use, stored as digests.
//!
//! A token names its session and carries our mark, so that an old one can be told from rubbish: whoever shows an old
//! one holds a copy, and the session ends for the thief and the owner alike. Several tabs share one cookie, so the
//! token just replaced is taken for ten more seconds; its successor follows from it by our key, and is simply given
//! again, also when the first answer was lost on the way.

use std::time::Duration;

use kernel::{SessionId, Timestamp, random_token};
use subtle::ConstantTimeEq;

use super::keys::{Keys, digest};

/// How long the token just replaced is still taken.
const GRACE: Duration = Duration::from_secs(10);
/// A session nobody uses ends after this.
pub(crate) const IDLE: Duration = Duration::from_secs(14 * 24 * 3600);
/// A session ends after this whatever happens.
pub(crate) const LIFE: Duration = Duration::from_secs(90 * 24 * 3600);

const PREFIX: &str = "rt_";
const HEX: usize = 32;
const MARK: usize = 20;

/// The first token of a session.
pub(crate) fn first(keys: &Keys, session: SessionId) -> String {
    marked(keys, session, &random_token(""))
}

/// The token that follows `token`.
pub(crate) fn next(keys: &Keys, session: SessionId, token: &str) -> String {
    marked(keys, session, &keys.derive("refresh successor", token.as_bytes()))
}

/// The session a token names, if we made it.
pub(crate) fn session_of(keys: &Keys, token: &str) -> Option<SessionId> {
    let rest =
        token.strip_prefix(PREFIX).filter(|rest| rest.is_ascii() && rest.len() > HEX + MARK && rest.len() < 256)?;
    let (session, rest) = rest.split_at(HEX);
    let (secret, mark) = rest.split_at(rest.len() - MARK);
    let session: SessionId = format!("ses_{session}").parse().ok()?;
    let about = format!("{session} {secret}");
    let mut marks = keys.derivations("refresh mark", about.as_bytes());
    marks.any(|ours| ours.as_bytes()[..MARK].ct_eq(mark.as_bytes()).into()).then_some(session)
}

fn marked(keys: &Keys, session: SessionId, secret: &str) -> String {
    format!("{PREFIX}{}{secret}{}", session.uuid().as_simple(), mark_of(keys, session, secret))
}

fn mark_of(keys: &Keys, session: SessionId, secret: &str) -> String {
    let about = format!("{session} {secret}");
    keys.derive("refresh mark", about.as_bytes())[..MARK].to_owned()
}

/// What a session remembers of its tokens.
pub(crate) struct Kept<'a> {
    pub current: &'a str,
    pub previous: Option<&'a str>,
    pub rotated_at: Timestamp,
}

/// What a shown token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The one in force: replace it.
    Current,
    /// The one just replaced: give its successor again.
    JustReplaced,
    /// An old one: somebody has a copy.
    Copied,
}

/// Judges a token that carries our mark.
pub(crate) fn judge(token: &str, kept: &Kept<'_>, now: Timestamp) -> Verdict {
    let shown = digest(token);
    match () {
        () if shown == kept.current => Verdict::Current,
        () if kept.previous == Some(shown.as_str()) && now.since(kept.rotated_at) < GRACE => Verdict::JustReplaced,
        () => Verdict::Copied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Clock, Secret};

    fn keys() -> Keys {
        Keys::new(&Secret::new(random_token(""))).expect("a strong secret")
    }

    #[test]
    fn tok_02_only_our_tokens_name_a_session() {
        let (keys, session) = (keys(), SessionId::new(&Clock::System));
        let token = first(&keys, session);
        assert_eq!(session_of(&keys, &token), Some(session));
        assert_eq!(session_of(&keys, &next(&keys, session, &token)), Some(session));
        assert_eq!(session_of(&super::tests::keys(), &token), None, "another server's");
        let guessed = format!("rt_{}{}", session.uuid().as_simple(), random_token(""));
        for bad in ["", "rt_", &token[..60], &guessed, &token.replace("rt_", "tk_")] {
            assert_eq!(session_of(&keys, bad), None, "{bad}");
        }
    }

    #[test]
    fn ses_02_old_tokens_are_copies_and_tabs_are_forgiven() {
        let (keys, session) = (keys(), SessionId::new(&Clock::System));
        let old = first(&keys, session);
        let new = next(&keys, session, &old);
        let at = Timestamp::from_millis(1_800_000_000_000);
        let (current, previous) = (digest(&new), digest(&old));
        let kept = Kept { current: &current, previous: Some(&previous), rotated_at: at };
        assert_eq!(judge(&new, &kept, at), Verdict::Current);
        assert_eq!(judge(&old, &kept, at.plus(Duration::from_secs(9))), Verdict::JustReplaced);
        assert_eq!(judge(&old, &kept, at.plus(Duration::from_secs(10))), Verdict::Copied);
        assert_eq!(judge(&first(&keys, session), &kept, at), Verdict::Copied);
    }
}
