//! Who may hear what. Asked again for every delivery, so that a changed answer counts from the next event on.

use kernel::{Actor, Audience, Event, Scope, Stamped};

/// Whether the bearer of `scope` may hear `event`. Notes come with [`Audience::Agents`] and so never reach a visitor.
pub(crate) fn may_hear(scope: &Scope, event: &Stamped) -> bool {
    if scope.tenant() != event.tenant {
        return false;
    }
    match (scope.actor(), event.audience) {
        (Actor::Visitor { id, .. }, Audience::Visitor(contact)) => *id == contact,
        (Actor::Agent { .. }, Audience::Agents | Audience::Visitor(_)) => true,
        (Actor::Agent { id, .. }, Audience::Control) => match whose_log_in(event) {
            Some(other) => other == *id,
            None => true,
        },
        _ => false,
    }
}

/// When somebody logs out is their own affair.
fn whose_log_in(event: &Stamped) -> Option<kernel::AgentId> {
    if kind(event) != "session_ended" {
        return None;
    }
    match read(event)? {
        Event::SessionEnded { agent_id, .. } => Some(agent_id),
        _ => None,
    }
}

/// The event's type, without reading the rest: the type comes first in what the store keeps.
pub(crate) fn kind(event: &Stamped) -> &str {
    event.body.strip_prefix("{\"type\":\"").and_then(|rest| rest.split_once('"')).map_or("", |(kind, _)| kind)
}

/// The whole event; `None` for one a later release wrote.
pub(crate) fn read(event: &Stamped) -> Option<Event> {
    serde_json::from_str(&event.body).inspect_err(|error| tracing::warn!(%error, "event of an unknown shape")).ok()
}
