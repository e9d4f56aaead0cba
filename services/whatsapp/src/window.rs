//! How long a business may write freely: 24 hours from the person's last message to this number, by Meta's clock.

use std::time::Duration;

use kernel::Timestamp;

/// From the person's last message.
const OPEN: Duration = Duration::from_secs(24 * 3600);
/// From the business's first answer to an advertisement's message, if that came within 24 hours.
const FREE_ENTRY: Duration = Duration::from_secs(72 * 3600);

/// What decides, as last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// When the person wrote last, by Meta's time of the message, never by when it reached us.
    pub last_inbound: Option<Timestamp>,
    /// When Meta last refused with 131047: it knows better than we do.
    pub refused: Option<Timestamp>,
    /// When a conversation begun by an advertisement was answered.
    pub entry_answered: Option<Timestamp>,
}

impl Window {
    /// Until when free words may be sent; `None` when they may not.
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let last = self.last_inbound?;
        if self.refused.is_some_and(|refused| refused >= last) {
            return None;
        }
        let until = last.plus(OPEN);
        (now < until).then_some(until)
    }

    /// Until when nothing is charged, after a click on an advertisement.
    pub fn free_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.entry_answered.map(|at| at.plus(FREE_ENTRY)).filter(|until| now < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn a_day_from_their_last_word_and_not_a_second_more() {
        let window = Window { last_inbound: Some(at(1_000)), ..Window::default() };
        assert_eq!(window.until(at(1_000 + 86_399)), Some(at(1_000 + 86_400)));
        assert_eq!(window.until(at(1_000 + 86_400)), None);
        assert_eq!(Window::default().until(at(0)), None);
    }

    #[test]
    fn meta_has_the_last_word_until_they_write_again() {
        let mut window = Window { last_inbound: Some(at(1_000)), refused: Some(at(2_000)), entry_answered: None };
        assert_eq!(window.until(at(2_001)), None);
        window.last_inbound = Some(at(3_000));
        assert_eq!(window.until(at(3_001)), Some(at(3_000 + 86_400)));
    }
}
