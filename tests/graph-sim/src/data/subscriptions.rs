//! Which fields an app hears of, and which accounts it hears from.

use serde_json::{Value, json};

use super::{Answered, GraphError, bearer, fields};
use crate::http::{Answer, Call};
use crate::world::World;

/// `GET /{app}`
pub(super) fn app(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::caller(world, call)?;
    Ok(Answer::ok(&fields::picked(call, &json!({"id": id, "name": "Sim", "link": world.base}), &["name", "link"])))
}

/// `GET|DELETE /{app}/subscriptions`; saving one needs its callback verified first.
pub(super) fn of_app(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::app_caller(world, call, id)?;
    let app = world.apps.get_mut(id).ok_or_else(|| GraphError::gone(id))?;
    if call.method == "DELETE" {
        let named = call.get("fields").map(|fields| fields.split(',').map(str::to_owned).collect::<Vec<_>>());
        match named {
            Some(named) => app.fields.retain(|field| !named.contains(field)),
            None => (app.fields.clear(), app.callback = None).0,
        }
        return Ok(Answer::success());
    }
    let known: Vec<_> =
        app.fields.iter().map(|field| json!({"name": field, "version": format!("v{}", app.version)})).collect();
    let data: Vec<Value> = app
        .callback
        .iter()
        .map(|url| json!({"object": "whatsapp_business_account", "callback_url": url, "active": true, "fields": known}))
        .collect();
    Ok(Answer::ok(&json!({"data": data})))
}

/// `GET|POST|DELETE /{waba}/subscribed_apps`; an override was verified before this is asked.
pub(super) fn of_account(world: &mut World, call: &Call, id: &str) -> Answered {
    let caller = bearer::account(world, call, id, bearer::MANAGEMENT)?;
    let over = call.get("override_callback_uri").map(|url| crate::world::Override { url });
    let Some(waba) = world.wabas.get_mut(id) else { return Err(GraphError::gone(id)) };
    match call.method.as_str() {
        "POST" => drop(waba.subscribed.insert(caller.app, over)),
        "DELETE" => drop(waba.subscribed.remove(&caller.app)),
        _ => {
            let apps = waba.subscribed.iter().map(|(app, over)| {
                let data = json!({"id": app, "name": "Sim", "link": "https://example.com"});
                let mut item = json!({"whatsapp_business_api_data": data});
                if let Some(over) = over {
                    item["override_callback_uri"] = json!(over.url);
                }
                item
            });
            return Ok(Answer::ok(&json!({"data": apps.collect::<Vec<_>>()})));
        }
    }
    Ok(Answer::success())
}
