//! Step 6: who it is for.

use super::{Draft, Recipient};
use crate::data::GraphError;
use crate::world::World;

/// Finds the recipient as Meta does, with all the ways in which that goes wrong.
pub(super) fn find(world: &mut World, draft: &mut Draft) -> Result<(), GraphError> {
    let text = |key: &str| draft.body[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let (to, id) = (text("to"), text("recipient"));
    if draft.body["recipient_type"] == "group" {
        let group = to.ok_or_else(|| GraphError::new(131_008, "The parameter to is required."))?;
        (draft.input, draft.to) = (group.clone(), Recipient::Group(group));
        return Ok(());
    }
    match (to, id) {
        (Some(to), _) if is_scoped(&to) => by_id_in_to(world, draft, &to),
        (Some(to), _) => by_phone(world, draft, &to),
        (None, Some(id)) => by_id(world, draft, &id),
        (None, None) => Err(GraphError::new(100, "The parameter to is required.")),
    }
}

/// `US.1349…`
fn is_scoped(text: &str) -> bool {
    let (country, rest) = text.split_once('.').unwrap_or_default();
    country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()) && !rest.is_empty()
}

/// Measured: accepted, and nothing ever comes of it. The draft of 2025 had it the other way.
fn by_id_in_to(world: &mut World, draft: &mut Draft, to: &str) -> Result<(), GraphError> {
    if world.switches.bsuid_target == "to" {
        return by_id(world, draft, to);
    }
    (draft.input, draft.to, draft.by_id) = (to.to_owned(), Recipient::Void, true);
    Ok(())
}

fn by_id(world: &mut World, draft: &mut Draft, id: &str) -> Result<(), GraphError> {
    if !is_scoped(id) {
        return Err(GraphError::new(131_009, "recipient is not a valid business-scoped user id."));
    }
    let portfolio = world.portfolio_of(&draft.number);
    let found = world.users.values().find(|user| user.bsuids.get(&portfolio).is_some_and(|own| own == id));
    (draft.input, draft.by_id) = (id.to_owned(), true);
    draft.to = found.map_or_else(|| Recipient::Nobody(id.to_owned()), |user| Recipient::User(user.key.clone()));
    if found.is_none() {
        draft.fail(131_026, "The recipient id does not belong to this business portfolio.");
    }
    Ok(())
}

fn by_phone(world: &mut World, draft: &mut Draft, to: &str) -> Result<(), GraphError> {
    let number = world.numbers.get(&draft.number).ok_or_else(|| GraphError::gone(&draft.number))?;
    let digits: String = to.chars().filter(char::is_ascii_digit).collect();
    let other = |letter: char| !letter.is_ascii_digit() && !"+ -()".contains(letter);
    if digits.len() < 5 || digits.len() > 20 || to.chars().any(other) {
        return Err(GraphError::new(131_009, "The parameter to is not a valid phone number."));
    }
    // without a plus the business's own country code goes in front: the classic misdelivery
    let digits = if to.trim_start().starts_with('+') { digits } else { format!("{}{digits}", number.country) };
    if digits == number.digits {
        return Err(GraphError::new(131_021, "Recipient and sender are the same number."));
    }
    let limited = !number.allowed.is_empty() && !number.allowed.contains(&digits);
    if limited {
        return Err(GraphError::new(131_030, "Recipient phone number not in allowed list. Add it and try again."));
    }
    draft.input = to.to_owned();
    let found = world.dialled(&digits);
    draft.to = found.map_or(Recipient::Nobody(digits), |user| Recipient::User(user.key.clone()));
    Ok(())
}
