//! How far a message has come, from how far its parts have. Pure.

use kernel::wire::{Delivery, Failure};

/// How far one part has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Which part.
    pub part: i32,
    /// Which try of somebody's; the last one counts.
    pub again: i32,
    /// How far.
    pub reached: Delivery,
    /// Why it failed.
    pub failure: Option<Failure>,
}

/// Where news take a part. Proof of arrival beats everything, also when it comes before or after the news of a failure:
/// Meta keeps no order, and whoever is told that it failed sends it again.
pub fn further(now: Delivery, news: Delivery) -> Delivery {
    let rank = |reached: Delivery| match reached {
        Delivery::Queued => 0,
        Delivery::Sent => 1,
        Delivery::Failed => 2,
        Delivery::Delivered => 3,
        Delivery::Read => 4,
    };
    if rank(news) > rank(now) { news } else { now }
}

/// The least of the parts; failed if one of them did, with its reason.
pub fn of_parts(legs: &[Leg]) -> (Delivery, Option<Failure>) {
    let last = legs.iter().filter(|leg| !legs.iter().any(|other| other.part == leg.part && other.again > leg.again));
    let (mut least, mut failure) = (None, None);
    for leg in last {
        if leg.reached == Delivery::Failed {
            failure = failure.or_else(|| leg.failure.clone());
            least = Some(Delivery::Failed);
        } else if least != Some(Delivery::Failed) {
            least = Some(least.map_or(leg.reached, |least: Delivery| least.min(leg.reached)));
        }
    }
    (least.unwrap_or(Delivery::Queued), failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Delivery; 4] = [Delivery::Sent, Delivery::Delivered, Delivery::Read, Delivery::Failed];

    fn leg(part: i32, again: i32, reached: Delivery) -> Leg {
        Leg { part, again, reached, failure: None }
    }

    #[test]
    fn news_in_any_order_lead_to_the_same_place() {
        for a in ALL {
            for b in ALL {
                for c in ALL {
                    let go = |order: [Delivery; 3]| order.into_iter().fold(Delivery::Queued, further);
                    let there = go([a, b, c]);
                    for order in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
                        assert_eq!(go(order), there, "{order:?}");
                    }
                }
            }
        }
        assert_eq!(further(Delivery::Failed, Delivery::Sent), Delivery::Failed, "a late sent saves nothing");
        assert_eq!(further(Delivery::Delivered, Delivery::Failed), Delivery::Delivered);
    }

    #[test]
    fn a_message_is_as_far_as_its_last_part() {
        let of = |legs: &[Leg]| of_parts(legs).0;
        assert_eq!(of(&[leg(0, 0, Delivery::Read), leg(1, 0, Delivery::Sent)]), Delivery::Sent);
        assert_eq!(of(&[leg(0, 0, Delivery::Failed), leg(1, 0, Delivery::Queued)]), Delivery::Failed);
        assert_eq!(of(&[leg(0, 0, Delivery::Failed), leg(0, 1, Delivery::Sent)]), Delivery::Sent, "sent once more");
        assert_eq!(of(&[]), Delivery::Queued);
    }
}
