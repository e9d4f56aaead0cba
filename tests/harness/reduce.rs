//! The rules by which events change what a screen shows, told a second time: `widget-js/wire/inbox.ts` has them for
//! browsers, this for the proof that events carry everything. Both are held to the same recorded stories.

use kernel::wire::Message;
use serde_json::{Value, json};

/// The agents' list of conversations, newest first.
pub fn agent_list(state: &Value, event: &Value) -> Value {
    let mut rows = state.as_array().expect("a list of conversations").clone();
    if event["type"] == "conversation_opened" && rows.iter().all(|row| row["id"] != event["conversation"]["id"]) {
        rows.push(event["conversation"].clone());
    }
    if event["type"] == "conversation_deleted" {
        rows.retain(|row| row["id"] != event["conversation_id"]);
    }
    rows.iter_mut().for_each(|row| conversation(row, event));
    rows.sort_by(|a, b| {
        text(&b["last_message_at"]).cmp(text(&a["last_message_at"])).then(text(&b["id"]).cmp(text(&a["id"])))
    });
    rows.into()
}

/// One conversation as agents see it: `{conversation_id, messages, receipts}`.
pub fn thread(state: &Value, event: &Value) -> Value {
    let mut next = state.clone();
    if event["conversation_id"] == state["conversation_id"] {
        move_receipts(&mut next["receipts"], event);
        add_message(&mut next, event);
        change_file(&mut next, event);
        change_message(&mut next, event);
        forget(&mut next, event);
        let receipts = next["receipts"].clone();
        derive(&mut next["messages"], &receipts);
    }
    next
}

/// One conversation as its visitor sees it: `{conversation, messages}`.
pub fn visitor_thread(state: &Value, event: &Value) -> Value {
    let mut next = state.clone();
    if event["conversation_id"] == state["conversation"]["id"] && event["message"]["visibility"] != "note" {
        visitor_conversation(&mut next["conversation"], event);
        add_message(&mut next, event);
        change_file(&mut next, event);
        change_message(&mut next, event);
        forget(&mut next, event);
        let receipts = next["conversation"]["receipts"].clone();
        derive(&mut next["messages"], &receipts);
    }
    next
}

fn conversation(row: &mut Value, event: &Value) {
    if event["type"] == "contact_changed" {
        if event["contact"]["id"] == row["contact"]["id"] {
            row["contact"] = event["contact"].clone();
        }
        return;
    }
    if event["conversation_id"] != row["id"] {
        return;
    }
    match text(&event["type"]) {
        "message_posted" if is_newer(row, event) => message_in_row(row, event),
        "message_changed" if event["seq"] == row["last_seq"] && event["message"]["visibility"] != "note" => {
            row["preview"] = shown(&event["message"]).into();
        }
        "conversation_window_changed" => row["window"] = event["window"].clone(),
        "conversation_contact_changed" => row["contact"] = event["contact"].clone(),
        "conversation_status_changed" => set(row, "status", event),
        "conversation_assigned" => set(row, "assignee", event),
        "conversation_context_changed" => set(row, "context", event),
        "receipt_moved" => {
            move_receipts(&mut row["receipts"], event);
            if event["side"] == "agent" {
                row["unread"] = event["unread"].clone();
            }
        }
        _ => {}
    }
}

fn message_in_row(row: &mut Value, event: &Value) {
    let message = &event["message"];
    row["last_seq"] = event["seq"].clone();
    row["updated_at"] = message["created_at"].clone();
    if message["visibility"] == "note" {
        return;
    }
    row["last_message_at"] = message["created_at"].clone();
    row["preview"] = shown(message).into();
    row["last_author"] = message["author"]["kind"].clone();
    row["unread"] = match own_side(message) {
        Some("visitor") => json!(number(&row["unread"]) + 1),
        Some(_) => json!(0),
        None => row["unread"].clone(),
    };
    move_receipts(&mut row["receipts"], event);
}

fn visitor_conversation(own: &mut Value, event: &Value) {
    match text(&event["type"]) {
        "message_posted" if is_newer(own, event) => {
            let message = &event["message"];
            own["last_seq"] = event["seq"].clone();
            own["updated_at"] = message["created_at"].clone();
            let unread = if own_side(message) == Some("visitor") { 0 } else { number(&own["unread"]) + 1 };
            own["unread"] = unread.into();
            move_receipts(&mut own["receipts"], event);
        }
        "conversation_status_changed" => set(own, "status", event),
        "conversation_assigned" => {
            let name = &event["assignee"]["name"];
            own["assignee"] = if name.is_null() { Value::Null } else { json!({ "name": name }) };
            own["updated_at"] = event["at"].clone();
        }
        "conversation_context_changed" => set(own, "context", event),
        "receipt_moved" => {
            move_receipts(&mut own["receipts"], event);
            if event["side"] == "visitor" {
                own["unread"] = event["unread"].clone();
            }
        }
        _ => {}
    }
}

fn set(row: &mut Value, member: &str, event: &Value) {
    if row[member] != event[member] {
        row[member] = event[member].clone();
        row["updated_at"] = event["at"].clone();
    }
}

fn is_newer(row: &Value, event: &Value) -> bool {
    number(&event["seq"]) > number(&row["last_seq"])
}

/// Forward only; what is read has been delivered. Who writes has read everything up to there.
fn move_receipts(receipts: &mut Value, event: &Value) {
    let (side, reach) = match text(&event["type"]) {
        "receipt_moved" => (Some(text(&event["side"])), text(&event["state"])),
        "message_posted" => (own_side(&event["message"]), "read"),
        _ => (None, ""),
    };
    let Some(side) = side else { return };
    let mut forward = |name: String| receipts[&name] = json!(number(&receipts[&name]).max(number(&event["seq"])));
    forward(format!("{side}_delivered_seq"));
    if reach == "read" {
        forward(format!("{side}_read_seq"));
    }
}

/// The side that has read up to its own words; notes and bots read for nobody.
fn own_side(message: &Value) -> Option<&'static str> {
    match text(&message["author"]["kind"]) {
        "visitor" => Some("visitor"),
        "agent" if message["visibility"] == "public" => Some("agent"),
        _ => None,
    }
}

fn add_message(state: &mut Value, event: &Value) {
    if event["type"] != "message_posted" {
        return;
    }
    let messages = state["messages"].as_array_mut().expect("messages");
    if messages.iter().all(|known| known["seq"] != event["seq"]) {
        messages.push(event["message"].clone());
        messages.sort_by_key(|message| number(&message["seq"]));
    }
}

/// One file of one message, replaced; nothing else, not even the preview: names stay.
fn change_file(state: &mut Value, event: &Value) {
    if event["type"] != "file_changed" {
        return;
    }
    let messages = state["messages"].as_array_mut().expect("messages").iter_mut();
    for message in messages.filter(|message| message["seq"] == event["seq"]) {
        let files = message["files"].as_array_mut().expect("a message's files");
        files
            .iter_mut()
            .filter(|file| file["id"] == event["file"]["id"])
            .for_each(|file| *file = event["file"].clone());
    }
}

/// The event carries all of the message; one that is not here is not added.
fn change_message(state: &mut Value, event: &Value) {
    if event["type"] != "message_changed" {
        return;
    }
    let messages = state["messages"].as_array_mut().expect("messages").iter_mut();
    messages.filter(|known| known["seq"] == event["seq"]).for_each(|known| *known = event["message"].clone());
}

/// Nothing is left of a deleted conversation.
fn forget(state: &mut Value, event: &Value) {
    if event["type"] == "conversation_deleted" {
        state["messages"] = json!([]);
    }
}

fn derive(messages: &mut Value, receipts: &Value) {
    for message in messages.as_array_mut().expect("messages") {
        if let Some(known) = message["extra"]["delivery"].as_str() {
            message["delivery"] = known.to_owned().into();
            continue;
        }
        let reader = if message["author"]["kind"] == "visitor" { "agent" } else { "visitor" };
        let reached = |reach: &str| number(&message["seq"]) <= number(&receipts[format!("{reader}_{reach}_seq")]);
        let delivery = if reached("read") {
            "read"
        } else if reached("delivered") {
            "delivered"
        } else {
            "sent"
        };
        message["delivery"] = delivery.into();
    }
}

fn shown(message: &Value) -> String {
    serde_json::from_value::<Message>(message.clone()).expect("a message").preview()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
