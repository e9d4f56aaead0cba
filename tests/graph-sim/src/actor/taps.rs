//! Tapping what the business sent: buttons, rows, quick replies, flows.

use serde_json::{Value, json};

use super::{Done, say};
use crate::world::World;

pub(super) fn act(world: &mut World, user: &str, number: &str, act: &str, args: &Value) -> Done {
    let target = args["message"].as_str().unwrap_or_default().to_owned();
    let sent = world.sent.get(&target).map(|sent| (sent.kind.clone(), sent.content.clone()));
    let (kind, content) = sent.ok_or_else(|| format!("the business did not send {target}"))?;
    let choice = args["choice"].as_u64().unwrap_or(0) as usize;
    let (kind, mut reply) = match (act, kind.as_str(), content["type"].as_str()) {
        ("flow", ..) => ("nfm_reply", json!({"response_json": args["response_json"]})),
        (_, "interactive", Some("button")) => ("button_reply", content["action"]["buttons"][choice]["reply"].clone()),
        (_, "interactive", Some("list")) => ("list_reply", rows(&content).get(choice).cloned().unwrap_or_default()),
        (_, "template", _) => ("button", quick_reply(world, number, &content, choice)),
        _ => return Err(format!("{target} has nothing to tap")),
    };
    if !reply.is_object() {
        return Err(format!("{target} has no choice {choice}"));
    }
    reply["reply_to"] = json!(target);
    Ok(json!({"id": say(world, user, number, kind, &reply)?}))
}

fn rows(content: &Value) -> Vec<Value> {
    let sections = content["action"]["sections"].as_array().into_iter().flatten();
    sections.flat_map(|section| section["rows"].as_array().cloned().unwrap_or_default()).collect()
}

/// The payload the send gave to the button, or else its text.
fn quick_reply(world: &World, number: &str, content: &Value, choice: usize) -> Value {
    let waba = world.waba_of(number).map(|waba| waba.id.clone()).unwrap_or_default();
    let template = world.templates.values().find(|t| t.waba == waba && content["name"] == t.name.as_str());
    let text = template.and_then(|t| t.component("BUTTONS")).map(|part| part["buttons"][choice]["text"].clone());
    let text = text.unwrap_or_default();
    let parts = content["components"].as_array().cloned().unwrap_or_default();
    let same = |part: &&Value| {
        part["sub_type"] == "quick_reply" && part["index"].to_string().trim_matches('"') == choice.to_string()
    };
    let payload = parts.iter().find(same).map(|part| part["parameters"][0]["payload"].clone()).filter(Value::is_string);
    json!({"text": text, "payload": payload.unwrap_or_else(|| text.clone())})
}
