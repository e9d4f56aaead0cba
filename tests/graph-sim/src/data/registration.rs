//! Verifying and registering a number.

use super::{Answered, GraphError, bearer};
use crate::http::{Answer, Call};
use crate::world::{HOUR, Number, SECOND, World};

/// `register` and `deregister` together, in 72 hours.
const ATTEMPTS: usize = 10;

pub(super) fn request_code(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    let method = call.get("code_method").unwrap_or_default();
    if !matches!(method.as_str(), "SMS" | "VOICE") || call.get("language").is_none() {
        return Err(GraphError::new(100, "code_method must be SMS or VOICE, and language is required."));
    }
    let (code, now) = (world.dice.digits(6), world.now());
    let number = known(world, id)?;
    if number.code_verification == "VERIFIED" {
        return Err(GraphError::new(136_024, "You have already verified ownership of this phone number."));
    }
    number.code = Some((code.clone(), now));
    world.note("actor", serde_json::json!({"act": "receives_code", "number": id, "code": code, "method": method}));
    Ok(Answer::success())
}

pub(super) fn verify_code(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    let (given, now) = (call.get("code").unwrap_or_default().replace('-', ""), world.now());
    let number = known(world, id)?;
    let fits = number.code.as_ref().is_some_and(|(code, at)| *code == given && now - at < 600 * SECOND);
    if !fits {
        return Err(GraphError::new(136_025, "The code you entered is incorrect or has expired."));
    }
    number.code = None;
    number.code_verification = "VERIFIED".to_owned();
    Ok(Answer::success())
}

pub(super) fn register(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    let pin = call.get("pin").unwrap_or_default();
    if call.get("messaging_product").as_deref() != Some("whatsapp") || pin.len() != 6 {
        return Err(GraphError::new(100, "messaging_product and a pin of 6 digits are required."));
    }
    attempt(world, id)?;
    let number = known(world, id)?;
    if number.code_verification != "VERIFIED" {
        return Err(GraphError::new(133_006, "The phone number needs to be verified before registering."));
    }
    if number.pin.as_ref().is_some_and(|known| *known != pin) {
        return Err(GraphError::new(133_005, "The two-step verification PIN is incorrect."));
    }
    number.pin = Some(pin);
    (number.registered, number.status) = (true, "CONNECTED".to_owned());
    Ok(Answer::success())
}

pub(super) fn deregister(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    attempt(world, id)?;
    let number = known(world, id)?;
    if number.coexistence {
        return Err(GraphError::new(100, "Numbers in use with the WhatsApp Business app cannot be deregistered."));
    }
    (number.registered, number.status) = (false, "DISCONNECTED".to_owned());
    Ok(Answer::success())
}

fn attempt(world: &mut World, id: &str) -> Result<(), GraphError> {
    let now = world.now();
    let number = known(world, id)?;
    number.attempts.retain(|at| now - at < 72 * HOUR);
    if number.attempts.len() >= ATTEMPTS {
        return Err(GraphError::new(133_016, "Too many attempts for this phone number in a short period of time."));
    }
    number.attempts.push(now);
    Ok(())
}

fn known<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Number, GraphError> {
    world.numbers.get_mut(id).ok_or_else(|| GraphError::gone(id))
}
