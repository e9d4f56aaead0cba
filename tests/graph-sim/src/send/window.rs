//! Step 11: the 24 hours in which anything may be said.

use super::Draft;
use crate::data::GraphError;
use crate::world::World;

const CLOSED: &str =
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";

/// Free-form messages need an open window; whether the refusal comes at once or as a failed status is a switch.
pub(super) fn check(world: &mut World, draft: &mut Draft) -> Result<(), GraphError> {
    let now = world.now();
    let user = draft.user().and_then(|user| world.users.get(user));
    draft.open = user.is_some_and(|user| {
        now < user.window_until(&draft.number) || user.entry.get(&draft.number).is_some_and(|until| now < *until)
    });
    let free_form = draft.kind != "template" && draft.user().is_some();
    if !free_form || draft.open {
        return Ok(());
    }
    if world.switches.window_verdict == "sync" {
        return Err(GraphError::new(131_047, CLOSED));
    }
    draft.fail(131_047, CLOSED);
    Ok(())
}
