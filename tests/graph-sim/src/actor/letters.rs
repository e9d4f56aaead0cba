//! The bodies of kinds without a file.

use serde_json::{Value, json};

/// Type and body of a kind.
pub(super) fn letter(kind: &str, args: &Value) -> Option<Value> {
    let text = |key: &str, usual: &str| args[key].as_str().unwrap_or(usual).to_owned();
    Some(match kind {
        "text" => json!({"type": "text", "text": {"body": text("text", "Hello")}}),
        "location" => {
            json!({"type": "location", "location": {"latitude": args["latitude"].as_f64().unwrap_or(52.520_008),
            "longitude": args["longitude"].as_f64().unwrap_or(13.404_954), "name": text("name", "Porch"),
            "address": text("address", "1 Hacker Way, Menlo Park"), "url": "https://example.com/porch"}})
        }
        "contacts" | "contact_request" | "contacts_bare" => json!({"type": "contacts", "contacts": cards(kind)}),
        "order" | "order_text_numbers" => json!({"type": "order", "order": order(kind == "order")}),
        "button" => {
            json!({"type": "button", "button": {"payload": text("payload", "thanks"), "text": text("text", "Thanks")}})
        }
        "request_welcome" => json!({"type": "request_welcome"}),
        "referral_status" => json!({"type": "text", "text": {"body": text("text", "Is this still available?")},
            "referral": referral(false)}),
        "future" => json!({"type": "hologram", "hologram": {"depth": 3}}),
        _ => return interactive(kind, args).or_else(|| broken(kind)),
    })
}

/// What a click on an ad or post brings along.
pub(super) fn referral(clicked: bool) -> Value {
    let mut referral = json!({"source_url": "https://fb.me/3cr4Wqqkv", "source_id": "120226305854810726", "source_type": "ad",
        "headline": "Chat with us", "body": "Lamps for long evenings.", "media_type": "image",
        "image_url": "https://scontent.xx.fbcdn.net/v/t45.1.png", "welcome_message": {"text": "Hi there! Let us know how we can help!"}});
    if clicked {
        referral["ctwa_clid"] = json!(
            "Aff-n8ZTODiE79d22KtAwQKj9e_mIEOOj27vDVwFjN80dp4_0NiNhEgpGo0AHemvuSoifXaytfTzcchptiErTKCqTrJ5nW1h7IHYeYymGb5K5J5iTROpBhWAGaIAeUzHL50"
        );
    }
    referral
}

fn cards(kind: &str) -> Value {
    if kind == "contacts_bare" {
        return json!([{"org": {"company": "Porch Goods"}}, {"name": {"formatted_name": "Only a name"}}]);
    }
    let mut first = json!({"name": {"formatted_name": "Barbara J. Johnson", "first_name": "Barbara", "last_name": "Johnson",
        "middle_name": "Joana", "suffix": "Esq.", "prefix": "Dr."}, "phones": [{"phone": "+1 (650) 555-9999", "wa_id": "16505559999",
        "type": "MOBILE"}], "emails": [{"email": "bjohnson@example.com", "type": "WORK"}], "birthday": "1999-01-23",
        "addresses": [{"street": "1 Lucky Shrub Way", "city": "Menlo Park", "state": "CA", "zip": "94025", "country": "United States",
        "country_code": "US", "type": "WORK"}], "org": {"company": "Lucky Shrub", "department": "Legal", "title": "Counsel"},
        "urls": [{"url": "https://www.example.com", "type": "WORK"}]});
    if kind == "contact_request" {
        first["origin"] = json!("contact_request");
        return json!([first]);
    }
    json!([first, {"name": {"formatted_name": "Zoë Ünal", "first_name": "Zoë"}, "phones": [{"phone": "+49 170 1234567"}]}])
}

fn order(numbers: bool) -> Value {
    let (count, price) = if numbers { (json!(2), json!(30.5)) } else { (json!("2"), json!("30.50")) };
    json!({"catalog_id": "194836987003835", "text": "Love these!", "product_items": [{"product_retailer_id": "harbour-lamp-sand",
        "quantity": count, "item_price": price, "currency": "USD"}]})
}

fn interactive(kind: &str, args: &Value) -> Option<Value> {
    let text = |key: &str, usual: &str| args[key].as_str().unwrap_or(usual).to_owned();
    let nfm = |name: &str, response: &str| {
        let response = text("response_json", response);
        json!({"name": name, "body": text("text", "Sent"), "response_json": response})
    };
    let (name, body) = match kind {
        "button_reply" => ("button_reply", json!({"id": text("id", "yes"), "title": text("title", "Yes")})),
        "list_reply" => (
            "list_reply",
            json!({"id": text("id", "priority_express"), "title": text("title", "Priority Mail Express"),
            "description": text("description", "Next Day to 2 Days")}),
        ),
        "nfm_reply" => ("nfm_reply", nfm("flow", r#"{"flow_token":"token-1","day":"Monday"}"#)),
        "nfm_address" => {
            ("nfm_reply", nfm("address_message", r#"{"saved_address_id":"address1","values":{"city":"Berlin"}}"#))
        }
        "nfm_invalid" => ("nfm_reply", nfm("flow", r#"{"flow_token":"#)),
        "nfm_list" => ("nfm_reply", nfm("flow", "[1,2]")),
        "call_permission_reply" => (
            kind,
            json!({"response": text("response", "accept"), "expiration_timestamp": 1_800_000_000,
            "response_source": "user_action"}),
        ),
        "payment_method" => {
            (kind, json!({"payment_method": "pix", "payment_timestamp": 1_790_000_000, "reference_id": "r-1"}))
        }
        "product" => (kind, json!({"catalog_id": "194836987003835", "product_retailer_id": "harbour-lamp-sand"})),
        _ => return None,
    };
    Some(json!({"type": "interactive", "interactive": {"type": name, name: body}}))
}

/// What Meta could not pass on.
fn broken(kind: &str) -> Option<Value> {
    let error = |code: u32, title: &str, details: &str| json!([{"code": code, "title": title, "message": title, "error_data": {"details": details}}]);
    let unknown = || error(131_051, "Message type unknown", "Message type is currently not supported.");
    Some(match kind {
        "unsupported" => json!({"type": "unsupported", "errors": unknown()}),
        "unsupported_poll" => {
            json!({"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": unknown()})
        }
        "unavailable" => json!({"type": "unsupported", "unsupported": {"type": "media_placeholder"},
            "errors": error(131_060, "This message is unavailable", "This message is currently unavailable.")}),
        "unknown" => json!({"type": "unknown", "errors": [{"code": 131_051, "title": "Unsupported message type",
            "details": "Message type is not currently supported"}]}),
        "media_error" => json!({"type": "image", "image": {"mime_type": "image/jpeg", "caption": "See this"},
            "errors": error(131_052, "Media download error", "Unable to download the media sent by the user.")}),
        "media_too_large" => json!({"type": "video", "video": {"mime_type": "video/mp4"},
            "errors": error(131_052, "Media download error", "File size exceeds the limit of 100 MB.")}),
        _ => return None,
    })
}
