//! Meta itself: reviews, quality, bans, names. Each changes the world and tells those who subscribe.

use serde_json::{Value, json};

use super::Done;
use crate::Deed;
use crate::webhook::Update;
use crate::world::World;

pub(super) fn tell(world: &mut World, waba: &str, field: &str, value: Value) {
    let now = world.now();
    world.agenda.at(now, Deed::Emit(Box::new(Update::account(waba, field, value))));
}

/// What happens to an account: `account_update` with any event, or any other field.
pub fn act(world: &mut World, waba: &str, act: &str, args: &Value) -> Done {
    let known = world.wabas.get_mut(waba).ok_or_else(|| format!("there is no account {waba}"))?;
    let event = args["event"].as_str().unwrap_or_default().to_owned();
    match act {
        "account_update" => {
            match event.as_str() {
                "ACCOUNT_RESTRICTION" => known.status = "RESTRICTED".to_owned(),
                "DISABLED_UPDATE" | "ACCOUNT_DELETED" => known.status = "DISABLED".to_owned(),
                "ACCOUNT_RECONNECTED" | "VERIFIED_ACCOUNT" => known.status = "APPROVED".to_owned(),
                _ => {}
            }
            let value = update(world, waba, &event, args);
            tell(world, waba, "account_update", value);
            if event == "PARTNER_REMOVED" {
                world
                    .tokens
                    .values_mut()
                    .filter(|token| token.targets.contains(waba))
                    .for_each(|token| token.revoked = true);
            }
        }
        "account_review_update" => {
            tell(world, waba, act, json!({"decision": args["decision"].as_str().unwrap_or("APPROVED")}))
        }
        "account_alerts" => tell(
            world,
            waba,
            act,
            json!({"entity_type": "BUSINESS", "entity_id": waba, "alert_info": {
            "alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "OBA_APPROVED", "alert_description": "Sample alert"}}),
        ),
        "business_capability_update" => tell(
            world,
            waba,
            act,
            json!({"max_daily_conversations_per_business": "TIER_2K",
            "max_daily_conversation_per_phone": 2000, "max_phone_numbers_per_business": 20}),
        ),
        "push" => {
            let field = args["field"].as_str().unwrap_or("account_update").to_owned();
            tell(world, waba, &field, args["value"].clone());
        }
        other => return Err(format!("an account has no {other}")),
    }
    Ok(json!({"ok": true}))
}

fn update(world: &World, waba: &str, event: &str, args: &Value) -> Value {
    let first = world.numbers.values().find(|number| number.waba == waba).map(|number| number.digits.clone());
    let mut value = json!({"event": event, "phone_number": first});
    let seconds = world.now() / 1000;
    match event {
        "ACCOUNT_RESTRICTION" => {
            value["restriction_info"] = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
            "expiration": seconds + 86_400 * 7}])
        }
        "DISABLED_UPDATE" => {
            value["ban_info"] = json!({"waba_ban_state": "DISABLE", "waba_ban_date": "November 21, 2026"})
        }
        "ACCOUNT_VIOLATION" => value["violation_info"] = json!({"violation_type": "SPAM"}),
        "PARTNER_REMOVED" | "PARTNER_ADDED" | "PARTNER_APP_INSTALLED" | "PARTNER_APP_UNINSTALLED" => {
            value["waba_info"] = json!({"waba_id": waba, "owner_business_id": "2329417887457253"});
            if event == "PARTNER_REMOVED" {
                value["disconnection_info"] = json!({"reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER"});
            }
        }
        _ => {}
    }
    if let (Some(value), Some(more)) = (value.as_object_mut(), args["more"].as_object()) {
        value.extend(more.clone());
        value.retain(|_, item| !item.is_null());
    }
    value
}

/// What happens to a number.
pub(super) fn number(world: &mut World, number: &str, act: &str, args: &Value) -> Done {
    let text = |key: &str, usual: &str| args[key].as_str().unwrap_or(usual).to_owned();
    let seconds = world.now() / 1000;
    let known = world.numbers.get_mut(number).ok_or_else(|| format!("there is no number {number}"))?;
    let (waba, digits) = (known.waba.clone(), known.digits.clone());
    match act {
        "quality" => {
            known.quality = text("quality", "YELLOW");
            let event = text("event", if known.quality == "GREEN" { "UNFLAGGED" } else { "FLAGGED" });
            tell(
                world,
                &waba,
                "phone_number_quality_update",
                json!({"display_phone_number": digits, "event": event,
                "current_limit": text("limit", "TIER_2K"), "old_limit": "TIER_250"}),
            );
        }
        "name" => {
            (known.name_status, known.verified_name) =
                (text("decision", "APPROVED"), text("name", &known.verified_name));
            tell(
                world,
                &waba,
                "phone_number_name_update",
                json!({"display_phone_number": digits, "decision": text("decision", "APPROVED"),
                "requested_verified_name": text("name", "Porch Goods"), "rejection_reason": args["reason"]}),
            );
        }
        "pin_changed" => tell(
            world,
            &waba,
            "security",
            json!({"display_phone_number": digits, "event": text("event", "PIN_CHANGED"),
            "requester": "61555822107539"}),
        ),
        "maintenance" => known.maintenance_until = seconds * 1000 + args["ms"].as_i64().unwrap_or(60_000),
        "allow_only" => {
            known.allowed =
                args["phones"].as_array().into_iter().flatten().filter_map(|p| p.as_str().map(str::to_owned)).collect()
        }
        other => return Err(format!("a number has no {other}")),
    }
    Ok(json!({"ok": true}))
}

/// A template is approved, paused, rejected, … or its category or quality changes.
pub fn template_status(world: &mut World, id: &str, args: &Value) {
    let dashed = world.switches.template_language == "dash";
    let Some(template) = world.templates.get_mut(id) else { return };
    let language = if dashed { template.language.replace('_', "-") } else { template.language.clone() };
    // a JSON number that need not fit into 53 bits
    let number: u64 = template.id.parse().unwrap_or_default();
    let (waba, name) = (template.waba.clone(), template.name.clone());
    let about =
        json!({"message_template_id": number, "message_template_name": name, "message_template_language": language});
    let mut events = Vec::new();
    if let Some(status) = args["status"].as_str() {
        template.status = status.to_owned();
        let reason = args["reason"].as_str().unwrap_or("NONE");
        let mut value = json!({"event": status, "reason": reason, "message_template_category": template.category});
        match status {
            "PAUSED" => {
                value["other_info"] =
                    json!({"title": "FIRST_PAUSE", "description": "Paused for 3 hours due to low quality."})
            }
            "DISABLED" => value["disable_info"] = json!({"disable_date": "1796126400"}),
            "REJECTED" => template.rejected_reason = reason.to_owned(),
            _ => {}
        }
        events.push(("message_template_status_update", value));
    }
    if let Some(category) = args["category"].as_str() {
        let old = std::mem::replace(&mut template.category, category.to_owned());
        events.push(("template_category_update", json!({"previous_category": old, "new_category": category})));
    }
    if let Some(quality) = args["quality"].as_str() {
        let old = std::mem::replace(&mut template.quality, quality.to_owned());
        events.push((
            "message_template_quality_update",
            json!({"previous_quality_score": old, "new_quality_score": quality}),
        ));
    }
    for (field, mut value) in events.into_iter().filter(|_| args["quiet"] != true) {
        value
            .as_object_mut()
            .into_iter()
            .for_each(|value| value.extend(about.as_object().cloned().unwrap_or_default()));
        tell(world, &waba, field, value);
    }
}
