//! Step 12: how many people a portfolio may write to outside their windows in 24 hours, and who may be written to.

use super::{Draft, Recipient};
use crate::data::GraphError;
use crate::world::World;

/// Asks the messaging limit, then the person's own state.
pub(super) fn check(world: &mut World, draft: &mut Draft) -> Result<(), GraphError> {
    let Some(waba) = world.waba_of(&draft.number).cloned() else { return Err(GraphError::gone(&draft.number)) };
    if matches!(waba.status.as_str(), "DISABLED" | "RESTRICTED") {
        return Err(GraphError::new(131_031, "Business Account locked."));
    }
    let now = world.now();
    let user = draft.user().map(str::to_owned);
    if let Some(user) = user.as_ref().filter(|_| !draft.open)
        && !world.limits.reach(&waba.portfolio, user, now, waba.reach())
    {
        return Err(GraphError::new(131_048, "Messaging limit of the business portfolio reached."));
    }
    person(world, draft);
    if !waba.pays && (draft.category.is_some() || !draft.open) {
        draft.fail(131_042, "There was an error related to your payment method.");
    }
    Ok(())
}

fn person(world: &World, draft: &mut Draft) {
    if let Recipient::Nobody(_) = draft.to {
        return draft.fail(131_026, "Message undeliverable.");
    }
    let Some(user) = draft.user().and_then(|user| world.users.get(user)).cloned() else { return };
    let number = draft.number.clone();
    let marketing = draft.category.as_deref() == Some("MARKETING");
    if world.numbers.get(&number).is_some_and(|number| number.blocked.contains(&user.key)) {
        draft.fail(130_403, "The business blocked this user.");
    }
    if !user.on_whatsapp || user.outdated || user.blocked.contains(&number) {
        draft.fail(131_026, "Message undeliverable.");
    }
    if marketing && user.stopped.contains(&number) {
        draft.fail(
            131_050,
            "Unable to deliver the message. The user has stopped marketing messages from this business.",
        );
    }
    if marketing && user.experiment {
        draft.fail(130_472, "Failed to send message because this user's phone number is part of an experiment");
    }
}
