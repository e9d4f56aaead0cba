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
