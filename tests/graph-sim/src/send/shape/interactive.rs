//! Buttons, lists, links, flows and the requests for a place or a card.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Checked, missing, text, wrong};

pub(super) fn check(content: &Value) -> Checked {
    let Some(kind) = content["type"].as_str() else { return missing("interactive.type") };
    let action = &content["action"];
    if action.is_null() {
        return missing("interactive.action");
    }
    text(&content["body"], "text", 1, if kind == "list" { 4096 } else { 1024 })?;
    if !content["footer"].is_null() {
        text(&content["footer"], "text", 1, 60)?;
    }
    header(kind, &content["header"])?;
    match kind {
        "button" => buttons(action),
        "list" => list(action),
        "cta_url" => link(action),
        "flow" => flow(action),
        "location_request_message" => named(action, "send_location"),
        "request_contact_info" | "contact_request" => Ok(()),
        "product"
        | "product_list"
        | "catalog_message"
        | "address_message"
        | "call_permission_request"
        | "carousel"
        | "voice_call"
        | "order_details"
        | "order_status" => Ok(()),
        other => wrong(format!("interactive.type {other} is not known.")),
    }
}

fn header(kind: &str, header: &Value) -> Checked {
    match header["type"].as_str() {
        None if header.is_null() => Ok(()),
        None => missing("header.type"),
        Some("text") => text(header, "text", 1, 60),
        Some(_) if kind == "list" => wrong("A list has text headers only."),
        Some("image" | "video" | "document") => Ok(()),
        Some(other) => wrong(format!("header.type {other} is not known.")),
    }
}

fn named(action: &Value, name: &str) -> Checked {
    if action["name"] == name { Ok(()) } else { wrong(format!("action.name must be {name}.")) }
}

fn buttons(action: &Value) -> Checked {
    let buttons = action["buttons"].as_array().map(Vec::as_slice).unwrap_or_default();
    if buttons.is_empty() || buttons.len() > 3 {
        return wrong("There must be 1 to 3 buttons.");
    }
    let mut titles = BTreeSet::new();
    for button in buttons {
        text(&button["reply"], "id", 1, 256)?;
        text(&button["reply"], "title", 1, 20)?;
        if !titles.insert(button["reply"]["title"].to_string()) {
            return wrong("Titles of buttons must differ.");
        }
    }
    Ok(())
}

fn list(action: &Value) -> Checked {
    text(action, "button", 1, 20)?;
    let sections = action["sections"].as_array().map(Vec::as_slice).unwrap_or_default();
    if sections.is_empty() || sections.len() > 10 {
        return wrong("There must be 1 to 10 sections.");
    }
    let mut ids = BTreeSet::new();
    for section in sections {
        text(section, "title", usize::from(sections.len() > 1), 24)?;
        for row in section["rows"].as_array().into_iter().flatten() {
            text(row, "id", 1, 200)?;
            text(row, "title", 1, 24)?;
            text(row, "description", 0, 72)?;
            if !ids.insert(row["id"].to_string()) {
                return wrong("Ids of rows must differ.");
            }
        }
    }
    if ids.is_empty() || ids.len() > 10 { wrong("There must be 1 to 10 rows in all.") } else { Ok(()) }
}

fn link(action: &Value) -> Checked {
    named(action, "cta_url")?;
    text(&action["parameters"], "display_text", 1, 20)?;
    text(&action["parameters"], "url", 1, 2000)
}

fn flow(action: &Value) -> Checked {
    named(action, "flow")?;
    let parameters = &action["parameters"];
    text(parameters, "flow_cta", 1, 30)?;
    if parameters["flow_id"].is_null() && parameters["flow_name"].is_null() { missing("flow_id") } else { Ok(()) }
}
