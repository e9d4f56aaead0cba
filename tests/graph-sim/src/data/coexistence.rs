//! Asking for the contacts and the history of the business app, once each and within a day of onboarding.

use serde_json::json;

use super::{Answered, GraphError, bearer};
use crate::actor;
use crate::http::{Answer, Call};
use crate::world::{DAY, World};

/// `POST /{number}/smb_app_data`
pub(super) fn sync(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    let kind = call.get("sync_type").unwrap_or_default();
    if !matches!(kind.as_str(), "history" | "smb_app_state_sync") {
        return Err(GraphError::new(100, "sync_type must be history or smb_app_state_sync."));
    }
    let (now, request) = (world.now(), world.dice.letters(24));
    let number = world.numbers.get_mut(id).ok_or_else(|| GraphError::gone(id))?;
    if !number.coexistence || now - number.onboarded > DAY {
        return Err(GraphError::new(2_593_108, "The request was made outside of the allowed time window."));
    }
    if !number.synced.insert(kind.clone()) {
        return Err(GraphError::new(2_593_107, "This synchronization was already requested."));
    }
    match kind.as_str() {
        "history" => actor::history(world, id, &json!({"messages": 40})),
        _ => actor::contacts_sync(world, id, &json!({})),
    }
    Ok(Answer::ok(&json!({"messaging_product": "whatsapp", "request_id": request})))
}
