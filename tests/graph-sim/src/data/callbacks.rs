//! Calls that save a callback: it is asked for its challenge before the call is answered.

use serde_json::Value;

use super::{GraphError, bearer, route};
use crate::core::Core;
use crate::http::{Answer, Call};
use crate::webhook::verify;
use crate::world::{FIELDS, Override, World};

/// The answer, if the call saves a callback; otherwise somebody else answers it.
pub(super) async fn saved(core: &Core, call: &Call) -> Option<Answer> {
    let (url, token) = core.with(|world| asked(world, call))?;
    if let Err(error) = core.with(|world| permitted(world, call, &url)) {
        return Some(core.with(|world| error.answer(world)));
    }
    if !verify(core, &url, &token).await {
        return Some(core.with(|world| {
            let code = world.switches.verification_code;
            GraphError::new(code, "Callback verification failed: the URL did not return the challenge.").answer(world)
        }));
    }
    Some(core.with(|world| save(world, call, &url, &token)))
}

/// Which callback a call saves, with its verify token.
fn asked(world: &World, call: &Call) -> Option<(String, String)> {
    if call.method != "POST" {
        return None;
    }
    let found = match call.path.get(1).map(String::as_str) {
        Some("subscriptions") => (call.get("callback_url"), call.get("verify_token")),
        Some("subscribed_apps") => (call.get("override_callback_uri"), call.get("verify_token")),
        None if world.numbers.contains_key(call.path.first()?) => {
            let hook = configuration(call)?;
            let text = |name: &str| hook[name].as_str().map(str::to_owned);
            (text("override_callback_uri"), text("verify_token"))
        }
        _ => return None,
    };
    let url = found.0.filter(|url| !url.is_empty());
    // an empty text takes the number's own callback away, nothing to verify
    if url.is_none() && configuration(call).is_some() {
        return None;
    }
    Some((url?, found.1.unwrap_or_default()))
}

fn configuration(call: &Call) -> Option<Value> {
    let hook = call.json()?.get("webhook_configuration")?.clone();
    match hook {
        Value::String(text) => serde_json::from_str(&text).ok(),
        other => Some(other),
    }
}

fn permitted(world: &mut World, call: &Call, url: &str) -> Result<(), GraphError> {
    let id = call.path.first().cloned().unwrap_or_default();
    match call.path.get(1).map(String::as_str) {
        Some("subscriptions") => {
            bearer::app_caller(world, call, &id)?;
            let object = call.get("object");
            if object.as_deref() != Some("whatsapp_business_account") {
                return Err(GraphError::new(100, "object must be whatsapp_business_account."));
            }
        }
        Some(_) => drop(bearer::account(world, call, &id, bearer::MANAGEMENT)?),
        None => drop(bearer::manager(world, call, &id)?),
    }
    if url.len() > 200 && call.path.get(1).map(String::as_str) != Some("subscriptions") {
        return Err(GraphError::new(100, "override_callback_uri must be at most 200 characters long."));
    }
    Ok(())
}

fn save(world: &mut World, call: &Call, url: &str, token: &str) -> Answer {
    let id = call.path.first().cloned().unwrap_or_default();
    match call.path.get(1).map(String::as_str) {
        Some("subscriptions") => {
            let wanted = call.get("fields").unwrap_or_default();
            let wanted: Vec<_> =
                wanted.split([',', '"', '[', ']']).map(str::trim).filter(|field| !field.is_empty()).collect();
            if let Some(app) = world.apps.get_mut(&id) {
                (app.callback, app.verify_token) = (Some(url.to_owned()), token.to_owned());
                app.fields =
                    FIELDS.iter().filter(|field| wanted.contains(field)).map(|field| (*field).to_owned()).collect();
            }
            Answer::success()
        }
        Some(_) => route::answer(world, call),
        None => {
            if let Some(number) = world.numbers.get_mut(&id) {
                number.callback = Some(Override { url: url.to_owned() });
            }
            Answer::success()
        }
    }
}
