//! Steps 1 to 4 of every call: who asks, whether they reach it, whether it is there to work, and how often they may ask.

use super::GraphError;
use crate::http::Call;
use crate::world::{Token, World};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The app.
    pub app: String,
    /// The token, unless it is the app's own.
    pub token: Option<Token>,
}

/// Permission to send and to receive.
pub(super) const MESSAGING: &str = "whatsapp_business_messaging";
/// Permission for everything else.
pub(super) const MANAGEMENT: &str = "whatsapp_business_management";

/// Step 1: 0, 190, 200.
pub(super) fn caller(world: &World, call: &Call) -> Result<Caller, GraphError> {
    let Some(bearer) = call.bearer() else {
        return Err(GraphError::new(200, "Provide valid app ID"));
    };
    if let Some(app) = world.apps.values().find(|app| app.token() == bearer) {
        return Ok(Caller { app: app.id.clone(), token: None });
    }
    let invalid = || GraphError::sub(190, 467, "Invalid OAuth access token - Cannot parse access token");
    let token = world.tokens.get(&bearer).filter(|token| !token.revoked).ok_or_else(invalid)?;
    if token.expires != 0 && token.expires <= world.now() {
        return Err(GraphError::sub(190, 463, "Error validating access token: Session has expired"));
    }
    Ok(Caller { app: token.app.clone(), token: Some(token.clone()) })
}

/// An app token.
pub(super) fn app_caller(world: &World, call: &Call, app: &str) -> Result<(), GraphError> {
    let caller = caller(world, call)?;
    if caller.token.is_some() {
        return Err(GraphError::new(190, "This method must be called with an app access_token."));
    }
    if caller.app == app { Ok(()) } else { Err(GraphError::gone(app)) }
}

/// Steps 1, 2 and 4 for an account.
pub(super) fn account(world: &mut World, call: &Call, waba: &str, scope: &str) -> Result<Caller, GraphError> {
    let caller = caller(world, call)?;
    let reaches = caller.token.as_ref().is_some_and(|token| token.reaches(waba));
    if !reaches {
        return Err(GraphError::gone(call.path.first().map_or("", String::as_str)));
    }
    if !caller.token.as_ref().is_some_and(|token| token.scopes.contains(scope)) {
        return Err(GraphError::new(10, "Application does not have permission for this action"));
    }
    let (now, budget) = (world.now(), world.switches.calls_an_hour);
    if world.limits.call(&caller.app, waba, now, budget) > 100 {
        return Err(GraphError::new(
            80_007,
            "There have been too many calls to this WhatsApp Business account. Wait a bit and try again.",
        ));
    }
    Ok(caller)
}

/// Steps 1 to 4 for a number that is to send or receive.
pub(super) fn sender(world: &mut World, call: &Call, number: &str) -> Result<Caller, GraphError> {
    let known = world.numbers.get(number).cloned().ok_or_else(|| GraphError::gone(number))?;
    let caller = account(world, call, &known.waba, MESSAGING)?;
    if !known.registered {
        return Err(GraphError::new(133_010, "Phone number is not registered on the WhatsApp Business Platform."));
    }
    if world.now() < known.maintenance_until {
        return Err(GraphError::new(131_057, "Business Account is in maintenance mode."));
    }
    if matches!(known.status.as_str(), "BANNED" | "RESTRICTED") {
        return Err(GraphError::new(131_031, "Phone number is restricted."));
    }
    Ok(caller)
}

/// Steps 1, 2 and 4 for managing a number.
pub(super) fn manager(world: &mut World, call: &Call, number: &str) -> Result<Caller, GraphError> {
    let waba = world.numbers.get(number).map(|number| number.waba.clone()).ok_or_else(|| GraphError::gone(number))?;
    account(world, call, &waba, MANAGEMENT)
}
