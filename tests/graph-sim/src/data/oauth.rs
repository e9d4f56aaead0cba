//! Tokens: the code exchange of Embedded Signup, and looking into one.

use serde_json::json;

use super::{Answered, GraphError, bearer};
use crate::http::{Answer, Call};
use crate::world::World;

/// `GET /oauth/access_token`
pub(super) fn exchange(world: &mut World, call: &Call) -> Answered {
    let given = |name: &str| call.get(name).unwrap_or_default();
    let (id, secret, code) = (given("client_id"), given("client_secret"), given("code"));
    let app = world.apps.get(&id).ok_or_else(|| GraphError::new(101, "Error validating application."))?;
    if app.secret != secret {
        return Err(GraphError::new(1, "Error validating client secret."));
    }
    if given("grant_type") == "client_credentials" {
        return Ok(Answer::ok(&json!({"access_token": app.token(), "token_type": "bearer"})));
    }
    let now = world.now();
    let fresh = world.codes.remove(&code).filter(|(_, until)| now < *until);
    let wrong = || GraphError::sub(100, 36_009, "This authorization code has expired or was used.");
    let (token, _) = fresh.ok_or_else(wrong)?;
    Ok(Answer::ok(&json!({"access_token": token, "token_type": "bearer"})))
}

/// `GET /debug_token`
pub(super) fn debug(world: &mut World, call: &Call) -> Answered {
    let caller = bearer::caller(world, call)?;
    let input = call.get("input_token").unwrap_or_default();
    let now = world.now();
    let Some(token) = world.tokens.get(&input).filter(|token| token.app == caller.app) else {
        let error = json!({"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"});
        return Ok(Answer::ok(&json!({"data": {"error": error, "is_valid": false, "scopes": []}})));
    };
    let valid = !token.revoked && (token.expires == 0 || now < token.expires);
    let reach = |scope: &String| match token.targets.is_empty() {
        true => json!({"scope": scope}),
        false => json!({"scope": scope, "target_ids": token.targets}),
    };
    let scopes: Vec<_> = token.scopes.iter().map(reach).collect();
    let mut data = json!({"app_id": token.app, "type": "SYSTEM_USER", "application": "Sim", "is_valid": valid,
        "expires_at": token.expires / 1000, "data_access_expires_at": 0, "issued_at": 1_700_000_000, "scopes": token.scopes,
        "granular_scopes": scopes, "user_id": "122100000000000000"});
    if !valid {
        data["error"] =
            json!({"code": 190, "subcode": 463, "message": "Error validating access token: Session has expired"});
    }
    Ok(Answer::ok(&json!({"data": data})))
}
