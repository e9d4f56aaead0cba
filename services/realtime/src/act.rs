//! What the servers do about an event besides handing it on: revoked is closed, at once.

use kernel::{Actor, AgentId, Event, Stamped, TenantId};

use crate::connection::Connection;
use crate::room::Room;
use crate::{Ending, audience};

/// What an event demands of the connections of its tenant.
pub(crate) fn demanded(event: &Stamped) -> Option<Event> {
    match audience::kind(event) {
        "session_ended" | "agent_changed" | "agent_removed" | "tenant_suspended" | "widget_changed"
        | "origin_revoked" => audience::read(event),
        _ => None,
    }
}

/// Does it. Connections that end hear nothing more, this event included.
pub(crate) fn act(room: &mut Room, tenant: TenantId, event: &Event) {
    match event {
        Event::SessionEnded { session_id, .. } => end(room, Ending::SignedOut, |connection| {
            connection
                .with_scope(|scope| matches!(scope.actor(), Actor::Agent { session, .. } if session == session_id))
        }),
        Event::AgentRemoved { agent } => end(room, Ending::SignedOut, |connection| is_agent(connection, agent.id)),
        Event::AgentChanged { agent } => {
            if let Some(seat) = room.agents.get_mut(&agent.id) {
                seat.name.clone_from(&agent.name);
                seat.screens.iter().for_each(|screen| screen.connection.change_role(agent.role));
            }
        }
        Event::TenantSuspended {} => end(room, Ending::Suspended, |connection| connection.tenant == tenant),
        Event::WidgetChanged { widget } if !widget.active => {
            end(room, Ending::Suspended, |connection| is_on(connection, widget.id, None))
        }
        Event::OriginRevoked { widget_id, origin } => {
            end(room, Ending::Suspended, |connection| is_on(connection, *widget_id, Some(origin.as_str())))
        }
        _ => {}
    }
}

fn end(room: &Room, why: Ending, whom: impl Fn(&Connection) -> bool) {
    room.everyone().filter(|connection| whom(connection)).for_each(|connection| connection.end(why));
}

fn is_agent(connection: &Connection, agent: AgentId) -> bool {
    connection.with_scope(|scope| matches!(scope.actor(), Actor::Agent { id, .. } if *id == agent))
}

fn is_on(connection: &Connection, on: kernel::WidgetId, pattern: Option<&str>) -> bool {
    let same_widget =
        connection.with_scope(|scope| matches!(scope.actor(), Actor::Visitor { widget, .. } if *widget == on));
    let origin = connection.origin.as_deref().unwrap_or_default();
    same_widget && pattern.is_none_or(|pattern| fits(pattern, origin))
}

/// Whether a page's origin is the one named; `https://*.acme.com` names every host below acme.com.
fn fits(pattern: &str, origin: &str) -> bool {
    match pattern.split_once("://*.") {
        None => pattern == origin,
        Some((scheme, top)) => {
            let host = origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://"));
            host.and_then(|host| host.strip_suffix(top)).is_some_and(|below| below.ends_with('.') && below.len() > 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ws_04_a_revoked_tree_names_the_hosts_below_it_and_no_others() {
        assert!(fits("https://shop.test", "https://shop.test"));
        assert!(fits("https://*.shop.test", "https://a.b.shop.test"));
        for other in [
            "https://shop.test",
            "https://xshop.test",
            "http://a.shop.test",
            "https://a.shop.test.evil.test",
            "https://.shop.test",
        ] {
            assert!(!fits("https://*.shop.test", other), "{other}");
        }
        assert!(!fits("https://shop.test", "https://shop.test:8443"));
    }
}
