//! What Meta decides about numbers and templates.

use serde_json::{Value, json};

use super::Done;
use super::account::tell;
use crate::world::World;

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
