//! Business numbers: reading, adding, changing.

use serde_json::{Value, json};

use super::{Answered, GraphError, bearer, fields};
use crate::http::{Answer, Call};
use crate::world::{Number, World};

const USUAL: [&str; 5] =
    ["verified_name", "code_verification_status", "display_phone_number", "quality_rating", "throughput"];

pub(super) fn get(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    Ok(Answer::ok(&fields::picked(call, &whole(world, id), &USUAL)))
}

pub(super) fn list(world: &mut World, call: &Call, waba: &str) -> Answered {
    bearer::account(world, call, waba, bearer::MANAGEMENT)?;
    let ids: Vec<_> =
        world.numbers.values().filter(|number| number.waba == waba).map(|number| number.id.clone()).collect();
    let list = ids.iter().map(|id| fields::picked(call, &whole(world, id), &USUAL)).collect();
    Ok(Answer::ok(&fields::page(call, &world.base, list)))
}

fn whole(world: &World, id: &str) -> Value {
    let Some(number) = world.numbers.get(id) else { return Value::Null };
    let waba = world.wabas.get(&number.waba);
    let app = waba.and_then(|waba| waba.subscribed.keys().next()).and_then(|app| world.apps.get(app));
    let over = |over: Option<&crate::world::Override>| over.map(|over| over.url.clone());
    let of_waba = waba.and_then(|waba| waba.subscribed.values().flatten().next());
    let webhook = json!({"application": app.and_then(|app| app.callback.clone()), "phone_number": over(number.callback.as_ref()),
        "whatsapp_business_account": over(of_waba)});
    json!({"id": number.id, "display_phone_number": number.formatted(), "verified_name": number.verified_name,
        "quality_rating": number.quality, "code_verification_status": number.code_verification,
        "name_status": number.name_status, "new_name_status": "NONE", "status": number.status, "platform_type": "CLOUD_API",
        "account_mode": "LIVE", "is_official_business_account": false, "is_pin_enabled": number.pin.is_some(),
        "is_on_biz_app": number.coexistence, "health_status": health(world, number),
        "throughput": {"level": if number.mps() >= 1000 { "HIGH" } else { "STANDARD" }}, "webhook_configuration": webhook,
        "whatsapp_business_manager_messaging_limit": waba.map(|waba| waba.tier.clone()),
        "country_dial_code": number.country, "certificate": "c2ltdWxhdGVk", "last_onboarded_time": number.onboarded / 1000})
}

fn health(world: &World, number: &Number) -> Value {
    let waba = world.wabas.get(&number.waba);
    let blocked =
        waba.is_none_or(|waba| waba.status != "APPROVED") || number.status != "CONNECTED" || !number.registered;
    let can = if blocked { "BLOCKED" } else { "AVAILABLE" };
    let entity = |kind: &str, id: &str| json!({"entity_type": kind, "id": id, "can_send_message": can});
    let portfolio = waba.map(|waba| waba.portfolio.as_str()).unwrap_or_default();
    let app = waba.and_then(|waba| waba.subscribed.keys().next()).map(String::as_str).unwrap_or_default();
    json!({"can_send_message": can, "entities": [entity("PHONE_NUMBER", &number.id), entity("WABA", &number.waba),
        entity("BUSINESS", portfolio), entity("APP", app)]})
}

pub(super) fn add(world: &mut World, call: &Call, waba: &str) -> Answered {
    bearer::account(world, call, waba, bearer::MANAGEMENT)?;
    let need =
        |name: &str| call.get(name).ok_or_else(|| GraphError::new(100, format!("The parameter {name} is required.")));
    let (country, phone, verified_name) = (need("cc")?, need("phone_number")?, need("verified_name")?);
    let digits = format!("{country}{}", phone.chars().filter(char::is_ascii_digit).collect::<String>());
    if world.numbers.values().any(|number| number.digits == digits) {
        return Err(GraphError::new(100, "This phone number is already added."));
    }
    let (code_verification, status) = ("NOT_VERIFIED".to_owned(), "PENDING".to_owned());
    let number = Number { waba: waba.to_owned(), digits, country, verified_name, ..Number::default() };
    let number =
        Number { code_verification, status, registered: false, name_status: "PENDING_REVIEW".to_owned(), ..number };
    Ok(Answer::ok(&json!({"id": world.add_number(number).id})))
}

/// The two-step PIN; a callback of the number's own is saved elsewhere, where it can be verified.
pub(super) fn set(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::manager(world, call, id)?;
    if call.get("webhook_configuration").is_some() {
        world.numbers.get_mut(id).into_iter().for_each(|number| number.callback = None);
        return Ok(Answer::success());
    }
    let pin = call.get("pin").ok_or_else(|| GraphError::new(100, "Nothing to change."))?;
    if pin.len() != 6 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(GraphError::new(131_009, "pin must have 6 digits."));
    }
    if let Some(number) = world.numbers.get_mut(id) {
        number.pin = Some(pin);
    }
    Ok(Answer::success())
}
