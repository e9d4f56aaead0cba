//! When somebody's typing was last handed on beyond our own screens: a key a second is not worth a look each.

use std::time::{Duration, Instant};

use kernel::ConversationId;

/// How long one conversation is quiet after that.
const QUIET: Duration = Duration::from_secs(20);
/// Conversations that are remembered: nobody types in more.
const MOST: usize = 8;

/// The last ones, oldest first.
#[derive(Default)]
pub struct Typed(Vec<(ConversationId, Instant)>);

impl Typed {
    /// Whether it is to be handed on now; remembers that it was.
    pub fn is_due(&mut self, conversation: ConversationId, now: Instant) -> bool {
        self.0.retain(|(_, at)| now.duration_since(*at) < QUIET);
        if self.0.len() >= MOST || self.0.iter().any(|(known, _)| *known == conversation) {
            return false;
        }
        self.0.push((conversation, now));
        true
    }
}

#[cfg(test)]
mod tests {
    use kernel::Clock;

    use super::*;

    #[test]
    fn a_conversation_is_handed_on_every_twenty_seconds_and_eight_at_a_time() {
        let (now, mut typed) = (Instant::now(), Typed::default());
        let ids: Vec<ConversationId> = (0..9).map(|_| ConversationId::new(&Clock::System)).collect();
        assert!(typed.is_due(ids[0], now));
        assert!(!typed.is_due(ids[0], now + Duration::from_secs(19)));
        assert!(typed.is_due(ids[0], now + Duration::from_secs(20)));
        let due = ids[1..].iter().filter(|id| typed.is_due(**id, now + Duration::from_secs(20))).count();
        assert_eq!(due, 7);
    }
}
