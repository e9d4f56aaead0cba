//! What the servers do about an event besides handing it on: revoked is closed, at once.

use chat::domains;
use kernel::{Actor, AgentId, Event, Stamped, TenantId};

use crate::connection::Connection;
use crate::room::Room;
use crate::{Ending, audience};

/// What an event demands of the connections of its tenant.
pub(crate) fn demanded(event: &Stamped) -> Option<Event> {
    match audience::kind(event) {
        "session_ended" | "agent_changed" | "agent_removed" | "tenant_suspended" | "widget_changed"
        | "origin_revoked" | "domain_changed" => audience::read(event),
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
            if let Some(name) = room.far_names.get_mut(&agent.id) {
                name.clone_from(&agent.name);
            }
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

fn is_on(connection: &Connection, on: kernel::WidgetId, revoked: Option<&str>) -> bool {
    let same_widget =
        connection.with_scope(|scope| matches!(scope.actor(), Actor::Visitor { widget, .. } if *widget == on));
    let origin = connection.origin.as_deref().unwrap_or_default();
    same_widget && revoked.is_none_or(|revoked| domains::covers(revoked, origin))
}
