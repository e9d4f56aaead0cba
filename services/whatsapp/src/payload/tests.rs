//! Payloads written from the platform's documentation, at least two of each kind.

use serde_json::{Value, json};

use super::*;
use crate::alias::Alias;

fn content(kind: &str, inner: Value) -> Content {
    message(&json!({ "id": "wamid.A", "from": "16505551234", "timestamp": "1749416383", "type": kind, kind: inner }))
        .expect("a message")
        .content
}

#[test]
fn every_change_of_every_entry_is_seen() {
    let body = json!({ "entry": [
        { "id": "1", "changes": [{ "field": "messages", "value": { "metadata": { "phone_number_id": "11" } } }, { "field": "messages", "value": { "metadata": { "phone_number_id": "12" } } }] },
        { "id": 2, "time": 1749416383, "changes": [{ "field": "account_update", "value": { "event": "DISABLED_UPDATE" } }] },
        { "id": "3" },
    ], "object": "whatsapp_business_account" });
    let found = changes(body.to_string().as_bytes()).expect("a delivery");
    let seen: Vec<_> =
        found.iter().map(|change| (change.account.as_str(), change.field.as_str(), change.number())).collect();
    assert_eq!(seen, [("1", "messages", Some("11")), ("1", "messages", Some("12")), ("2", "account_update", None)]);
    assert!(changes(b"{\"entry\":null}").expect("JSON").is_empty());
    assert!(changes(b"[1,2").is_err());
}

#[test]
fn words_come_as_text() {
    assert_eq!(content("text", json!({ "body": "caf\u{e9}" })), Content::Text("café".into()));
    assert_eq!(content("text", json!({ "body": "" })), Content::Text(String::new()));
}

#[test]
fn media_of_every_kind() {
    let Content::Media(image) =
        content("image", json!({ "id": 7, "mime_type": "image/jpeg", "sha256": "x=", "caption": "ours" }))
    else {
        panic!()
    };
    assert_eq!(
        (image.kind, image.id.as_deref(), image.caption.as_deref()),
        (MediaKind::Image, Some("7"), Some("ours"))
    );
    let kinds = [
        ("video", json!({ "id": "1" }), MediaKind::Video),
        ("audio", json!({ "id": "1", "voice": false }), MediaKind::Audio),
        ("audio", json!({ "id": "1", "voice": true }), MediaKind::Voice),
        ("voice", json!({ "id": "1" }), MediaKind::Voice),
        ("document", json!({ "filename": "../../Currículum café.pdf" }), MediaKind::Document),
        ("document", json!({ "id": "1" }), MediaKind::Document),
        ("sticker", json!({ "id": "1", "animated": true }), MediaKind::Sticker),
    ];
    for (kind, inner, expected) in kinds {
        assert!(matches!(content(kind, inner), Content::Media(media) if media.kind == expected), "{kind}");
    }
}

#[test]
fn media_that_meta_could_not_fetch_is_still_a_message() {
    let item = json!({ "id": "w", "type": "image", "image": { "caption": "see" }, "errors": [{ "code": 131052, "title": "Media download error" }] });
    let read = message(&item).expect("a message");
    assert_eq!(read.problems[0].code, 131052);
    assert!(matches!(read.content, Content::Media(media) if media.caption.as_deref() == Some("see")));
}

#[test]
fn places_and_cards() {
    let Content::Location(place) =
        content("location", json!({ "latitude": 37.48, "longitude": "-122.1", "name": "HQ" }))
    else {
        panic!()
    };
    assert_eq!((place.latitude, place.longitude), (37.48, -122.1));
    assert_eq!(content("location", json!({ "latitude": 137.0, "longitude": 0 })), Content::Other("location".into()));
    let cards = content(
        "contacts",
        json!([{ "name": { "first_name": "Ann", "last_name": "Lee" }, "phones": [{ "wa_id": "1650" }] }, { "emails": [{ "email": "a@b.example" }], "origin": "contact_request" }]),
    );
    let Content::Contacts(cards) = cards else { panic!() };
    assert_eq!((cards[0].name.as_deref(), cards[0].phones[0].as_str()), (Some("Ann Lee"), "1650"));
    assert!(cards[1].name.is_none() && cards[1].asked_for);
}

#[test]
fn a_reaction_is_taken_away_in_both_ways() {
    let gone = Content::Reaction { target: "wamid.B".into(), emoji: None };
    assert_eq!(content("reaction", json!({ "message_id": "wamid.B" })), gone);
    assert_eq!(content("reaction", json!({ "message_id": "wamid.B", "emoji": "" })), gone);
    assert!(matches!(
        content("reaction", json!({ "message_id": "wamid.B", "emoji": "👍🏽" })),
        Content::Reaction { emoji: Some(_), .. }
    ));
}

#[test]
fn taps_forms_and_orders() {
    let button =
        content("interactive", json!({ "type": "button_reply", "button_reply": { "id": "yes", "title": "Yes" } }));
    assert_eq!(button, Content::Choice { id: Some("yes".into()), title: "Yes".into(), description: None });
    let row = content(
        "interactive",
        json!({ "type": "list_reply", "list_reply": { "id": "r", "title": "Row", "description": "d" } }),
    );
    assert!(matches!(row, Content::Choice { description: Some(_), .. }));
    assert!(
        matches!(content("button", json!({ "payload": "p", "text": "Stop" })), Content::Choice { title, .. } if title == "Stop")
    );
    let sound = content(
        "interactive",
        json!({ "type": "nfm_reply", "nfm_reply": { "name": "flow", "response_json": "{\"a\":1}" } }),
    );
    assert!(matches!(sound, Content::Form { answers, .. } if answers == json!({ "a": 1 })));
    let broken = content("interactive", json!({ "type": "nfm_reply", "nfm_reply": { "response_json": "{a" } }));
    assert!(matches!(broken, Content::Form { answers, .. } if answers == json!("{a")));
    let order = content(
        "order",
        json!({ "catalog_id": 1, "product_items": [{ "product_retailer_id": "sku", "quantity": "2", "item_price": 9.5, "currency": "EUR" }] }),
    );
    let Content::Order { items, .. } = order else { panic!() };
    assert_eq!((items[0].quantity, items[0].price.as_deref()), (2, Some("9.5")));
}

#[test]
fn people_who_change_their_number_are_followed_in_every_dialect() {
    let new = json!({ "id": "w", "from": "15550001111", "type": "system", "system": { "type": "user_changed_number", "wa_id": "15550002222", "user_id": "US.2", "previous_user_id": "US.1" } });
    let Content::System(told) = message(&new).expect("a message").content else { panic!() };
    assert_eq!(told.before, Some(Alias::User("US.1".into())));
    assert_eq!(told.now, [Alias::User("US.2".into()), Alias::Wa("15550002222".into())]);
    let old = json!({ "id": "w", "type": "system", "system": { "type": "customer_changed_number", "customer": "15550001111", "new_wa_id": "15550002222" } });
    let Content::System(told) = message(&old).expect("a message").content else { panic!() };
    assert_eq!((told.before, told.now), (Some(Alias::Wa("15550001111".into())), vec![Alias::Wa("15550002222".into())]));
}

#[test]
fn edits_and_revocations_name_what_they_change() {
    let edit = content(
        "edit",
        json!({ "original_message_id": "wamid.B", "message": { "type": "text", "text": { "body": "new" } } }),
    );
    assert_eq!(edit, Content::Edit { original: "wamid.B".into(), content: Box::new(Content::Text("new".into())) });
    assert_eq!(
        content("revoke", json!({ "original_message_id": "wamid.B" })),
        Content::Revoke { original: "wamid.B".into() }
    );
    let nested =
        json!({ "original_message_id": "a", "message": { "type": "edit", "edit": { "original_message_id": "b" } } });
    assert!(
        matches!(content("edit", nested), Content::Edit { content, .. } if *content == Content::Other("edit".into()))
    );
}

#[test]
fn what_is_not_understood_is_kept_by_name() {
    assert_eq!(
        content("unsupported", json!({ "type": "poll_creation" })),
        Content::Unsupported(Some("poll_creation".into()))
    );
    assert_eq!(content("unknown", json!(null)), Content::Unsupported(None));
    assert_eq!(content("hologram", json!({ "id": 1 })), Content::Other("hologram".into()));
    assert_eq!(content("text", json!(["not", "an", "object"])), Content::Other("text".into()));
    assert_eq!(message(&json!({ "type": "text" })), None, "without an id nothing can be kept once");
}

#[test]
fn times_come_in_three_ways_and_names_in_four() {
    let at = |timestamp: Value| {
        message(&json!({ "id": "w", "timestamp": timestamp })).expect("a message").at.map(|at| at.millis())
    };
    assert_eq!(at(json!("1749416383")), Some(1_749_416_383_000));
    assert_eq!(at(json!(1_749_416_383)), Some(1_749_416_383_000));
    assert_eq!(at(json!("1749416383123")), Some(1_749_416_383_123));
    assert_eq!(at(json!("soon")), None);
    let from = |item: Value| message(&item).expect("a message").from;
    assert_eq!(from(json!({ "id": "w", "from": "", "from_user_id": "US.1" })), [Alias::User("US.1".into())]);
    assert_eq!(from(json!({ "id": "w", "from": "US.1" })), [Alias::User("US.1".into())]);
    assert_eq!(from(json!({ "id": "w" })), []);
}

#[test]
fn senders_are_found_by_name_not_by_place() {
    let people: Vec<_> = [
        json!({ "wa_id": "15550001111", "profile": { "name": "Ann", "username": "@ann" } }),
        json!({ "user_id": "US.2", "profile": {} }),
        json!({ "wa_id": "" }),
    ]
    .iter()
    .filter_map(person)
    .collect();
    assert_eq!(people.len(), 2);
    assert_eq!(sender(&people, &[Alias::User("US.2".into())]).and_then(|p| p.name.clone()), None);
    assert_eq!(
        sender(&people, &[Alias::Wa("15550001111".into())]).and_then(|p| p.username.clone()),
        Some("ann".into())
    );
    assert_eq!(sender(&people, &[]), None);
}

#[test]
fn replies_forwards_and_advertisements() {
    let quoted = message(&json!({ "id": "w", "context": { "from": "1", "id": "wamid.Q" } }))
        .expect("a message")
        .context
        .expect("a quote");
    assert_eq!((quoted.id.as_deref(), quoted.forwarded), (Some("wamid.Q"), false));
    let forwarded = message(&json!({ "id": "w", "context": { "frequently_forwarded": true } }))
        .expect("a message")
        .context
        .expect("a quote");
    assert!(forwarded.id.is_none() && forwarded.forwarded && forwarded.often);
    let led = message(
        &json!({ "id": "w", "referral": { "source_url": "https://fb.me/1", "source_type": "ad", "headline": "Sale" } }),
    )
    .expect("a message");
    assert_eq!(led.referral.and_then(|referral| referral.headline), Some("Sale".into()));
    assert_eq!(message(&json!({ "id": "w", "group_id": "Y2F" })).expect("a message").group, Some("Y2F".into()));
}

#[test]
fn statuses_only_move_forward_and_strange_ones_say_nothing() {
    assert!(
        Reached::Sent < Reached::Delivered && Reached::Delivered < Reached::Read && Reached::Read < Reached::Played
    );
    let read = status(&json!({ "id": "w", "status": "delivered", "recipient_user_id": "US.1", "biz_opaque_callback_data": "msg_1", "pricing": { "type": "regular", "category": "utility" } })).expect("a status");
    assert_eq!(
        (read.ours.as_deref(), read.price),
        (Some("msg_1"), Some((Some("regular".into()), Some("utility".into()))))
    );
    let failed =
        status(&json!({ "id": "w", "status": "failed", "errors": [{ "code": "131047", "error_data": "as text" }] }))
            .expect("a status");
    assert_eq!((failed.problems[0].code, failed.problems[0].details.as_deref()), (131047, Some("as text")));
    assert_eq!(status(&json!({ "id": "w", "status": "warning" })), None);
}

fn told(field: &str, value: Value) -> News {
    news(&Change { account: "1".into(), time: Some(1), field: field.into(), value })
}

#[test]
fn news_of_accounts_and_numbers_is_understood() {
    let ban =
        told("account_update", json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": "DISABLE" } }));
    assert_eq!(ban, News::Account { event: "DISABLED_UPDATE".into(), reason: Some("DISABLE".into()) });
    let left = told(
        "account_update",
        json!({ "event": "PARTNER_REMOVED", "disconnection_info": { "reason": "PRIMARY_INACTIVITY" } }),
    );
    assert!(matches!(left, News::Account { reason: Some(reason), .. } if reason == "PRIMARY_INACTIVITY"));
    let quality = told(
        "phone_number_quality_update",
        json!({ "display_phone_number": "1", "event": "DOWNGRADE", "current_limit": "TIER_250" }),
    );
    assert!(matches!(quality, News::Quality { limit: Some(limit), .. } if limit == "TIER_250"));
    assert!(
        matches!(told("account_alerts", json!({ "alert_info": { "alert_type": "OBA", "alert_severity": "INFORMATIONAL" } })), News::Alert { kind, .. } if kind == "OBA")
    );
    assert_eq!(told("partner_solutions", json!({})), News::Other("partner_solutions".into()));
}

#[test]
fn news_of_templates_names_them_alike_in_every_spelling() {
    let paused = told(
        "message_template_status_update",
        json!({ "event": "PAUSED", "message_template_id": 12345678901234567890_u64, "message_template_name": "hi", "message_template_language": "en-US", "reason": "NONE" }),
    );
    let News::TemplateStatus { template, status, reason } = paused else { panic!() };
    assert_eq!(
        (template.id.as_deref(), template.language.as_str(), status.as_str(), reason),
        (Some("12345678901234567890"), "en_US", "PAUSED", None)
    );
    assert!(matches!(told("message_template_status_update", json!({ "event": "APPROVED" })), News::Other(_)));
}

#[test]
fn people_who_want_no_marketing_or_got_new_ids_are_named() {
    let stop = told(
        "user_preferences",
        json!({ "user_preferences": [{ "wa_id": "16505551234", "category": "marketing_messages", "value": "stop" }, { "value": "maybe" }] }),
    );
    assert_eq!(
        stop,
        News::Preferences(vec![Preference { who: vec![Alias::Wa("16505551234".into())], wants: false, at: None }])
    );
    let renamed =
        told("user_id_update", json!({ "user_id_update": [{ "user_id": { "previous": "US.1", "current": "US.2" } }] }));
    assert_eq!(renamed, News::Renamed(vec![(Alias::User("US.1".into()), Alias::User("US.2".into()))]));
}

#[test]
fn the_phone_app_tells_what_it_wrote_and_what_was_before() {
    let echo = echoes(
        &json!({ "message_echoes": [{ "from": "15550001111", "to": "16505551234", "id": "wamid.E", "timestamp": "1", "type": "text", "text": { "body": "from the phone" } }] }),
    );
    assert_eq!(echo[0].to, [Alias::Wa("16505551234".into())]);
    let pieces = history(&json!({ "history": [
        { "metadata": { "phase": 0, "chunk_order": 2, "progress": 40 }, "threads": [{ "id": "16505551234", "messages": [{ "id": "wamid.H", "type": "media_placeholder", "history_context": { "status": "READ" } }] }] },
        { "errors": [{ "code": 2593109, "title": "declined" }] },
    ], "messages": [{ "id": "wamid.H", "type": "image", "image": { "id": "9" } }] }));
    assert_eq!(
        (pieces.len(), pieces[0].progress, pieces[0].threads[0].messages[0].reached.as_deref()),
        (3, Some(40), Some("READ"))
    );
    assert_eq!((pieces[1].problems[0].code, pieces[2].media.len()), (2_593_109, 1));
    let book = known(
        &json!({ "state_sync": [{ "type": "contact", "action": "remove", "contact": { "phone_number": "+1 650 555 1234" } }, { "type": "label" }] }),
    );
    assert!(book.len() == 1 && book[0].removed);
}
