//! Every kind of message the documentation knows, at least two of each, and what the inbox shows of it.

use serde_json::{Value, json};

use crate::inbox::{ANN, message, words};
use crate::world::{Stage, id, items};

/// Pushes one message per row, all in one delivery, and compares words and content.
async fn shows(rows: &[(&str, Value, &str, Value)]) {
    let stage = Stage::connected().await;
    let sent: Vec<Value> = rows
        .iter()
        .enumerate()
        .map(|(n, (kind, inner, ..))| message(&stage, &format!("wamid.{n}"), ANN, kind, inner.clone()))
        .collect();
    stage.brings(&sent).await;
    let thread = stage.thread().await;
    assert_eq!(thread.len(), rows.len(), "{thread:#?}");
    for (shown, (kind, inner, body, content)) in thread.iter().zip(rows) {
        assert_eq!(shown["author"]["kind"], "visitor");
        assert_eq!(shown["body"], *body, "{kind} {inner}: {shown}");
        let held = &shown["extra"]["content"];
        for (member, value) in content.as_object().expect("members") {
            assert_eq!(&held[member], value, "{kind} {inner}: {shown}");
        }
        assert_eq!(held.is_null(), content == &json!({}), "{kind} {inner}: {shown}");
    }
}

#[tokio::test]
async fn words_come_as_they_were_written() {
    shows(&[
        ("text", json!({ "body": "caf\u{e9} 😀 漢字" }), "café 😀 漢字", json!({})),
        ("text", json!({ "body": "two\nlines\u{0}\u{8}" }), "two\nlines", json!({})),
        ("text", json!({ "body": "" }), "", json!({ "type": "unsupported", "what": "text" })),
        ("text", json!(["not", "an", "object"]), "", json!({ "type": "unsupported", "what": "text" })),
    ])
    .await;
}

#[tokio::test]
async fn media_stand_in_the_inbox_before_their_files_come() {
    let media = |kind: &str| json!({ "type": "media", "kind": kind });
    let named = |kind: &str, name: &str| json!({ "type": "media", "kind": kind, "name": name });
    shows(&[
        (
            "image",
            json!({ "id": "1", "mime_type": "image/jpeg", "sha256": "x=", "caption": "Look" }),
            "Look",
            media("image"),
        ),
        ("image", json!({ "id": 2, "mime_type": "image/png" }), "", media("image")),
        ("video", json!({ "id": "3", "caption": "Film" }), "Film", media("video")),
        ("video", json!({ "id": "4", "mime_type": "video/3gpp" }), "", media("video")),
        ("audio", json!({ "id": "5", "voice": false }), "", media("audio")),
        ("audio", json!({ "id": "6", "mime_type": "audio/mpeg" }), "", media("audio")),
        ("audio", json!({ "id": "7", "voice": true, "mime_type": "audio/ogg; codecs=opus" }), "", media("voice")),
        ("voice", json!({ "id": "8" }), "", media("voice")),
        (
            "document",
            json!({ "id": "9", "filename": "Currículum café.pdf" }),
            "",
            named("document", "Currículum café.pdf"),
        ),
        ("document", json!({ "id": "10", "caption": "Terms" }), "Terms", media("document")),
        ("sticker", json!({ "id": "11", "animated": true }), "", media("sticker")),
        ("sticker", json!({ "id": "12", "mime_type": "image/webp" }), "", media("sticker")),
        (
            "image",
            json!({ "caption": "no id" }),
            "no id",
            json!({ "type": "media", "state": "missing", "reason": "no_id" }),
        ),
    ])
    .await;
}

#[tokio::test]
async fn places_cards_taps_forms_and_orders_keep_what_they_hold() {
    let choice =
        |title: &str, description: Value| json!({ "type": "choice", "title": title, "description": description });
    let form = |answers: Value| json!({ "type": "form", "answers": answers });
    shows(&[
        (
            "location",
            json!({ "latitude": 37.483, "longitude": -122.15, "name": "Main Street", "address": "1 Hacker Way" }),
            "",
            json!({ "type": "location", "latitude": 37.483, "longitude": -122.15, "name": "Main Street", "address": "1 Hacker Way" }),
        ),
        ("location", json!({ "latitude": "52.5", "longitude": 13 }), "", json!({ "type": "location", "latitude": 52.5, "name": null })),
        ("location", json!({ "latitude": 137.0, "longitude": 0 }), "", json!({ "type": "unsupported", "what": "location" })),
        (
            "contacts",
            json!([{ "name": { "formatted_name": "Ann Lee" }, "phones": [{ "phone": "+1 650", "wa_id": "1650" }],
                "emails": [{ "email": "ann@example.com" }], "org": { "company": "Acme" } }, { "phones": [{ "wa_id": "49170" }] }]),
            "",
            json!({ "type": "contacts", "cards": [
                { "name": "Ann Lee", "phones": ["+1 650"], "emails": ["ann@example.com"], "organisation": "Acme" },
                { "name": "49170", "phones": ["49170"], "emails": [], "organisation": null }] }),
        ),
        ("contacts", json!([{ "name": { "first_name": "Bo" }, "origin": "contact_request" }]), "",
            json!({ "cards": [{ "name": "Bo", "phones": [], "emails": [], "organisation": null }] })),
        ("interactive", json!({ "type": "button_reply", "button_reply": { "id": "y", "title": "Yes" } }), "", choice("Yes", json!(null))),
        ("interactive", json!({ "type": "button_reply", "button_reply": { "id": "only-id" } }), "", choice("only-id", json!(null))),
        ("interactive", json!({ "type": "list_reply", "list_reply": { "id": "r", "title": "Row", "description": "Second" } }), "", choice("Row", json!("Second"))),
        ("interactive", json!({ "type": "list_reply", "list_reply": { "id": "r", "title": "Bare" } }), "", choice("Bare", json!(null))),
        ("interactive", json!({ "type": "nfm_reply", "nfm_reply": { "name": "flow", "body": "Sent", "response_json": "{\"flow_token\":\"t\",\"size\":42}" } }), "",
            form(json!([{ "label": "size", "value": "42" }]))),
        ("interactive", json!({ "type": "nfm_reply", "nfm_reply": { "name": "address_message", "response_json": "{\"values\":{\"city\":\"Pune\"}}" } }), "",
            form(json!([{ "label": "city", "value": "Pune" }]))),
        ("interactive", json!({ "type": "nfm_reply", "nfm_reply": { "response_json": "{broken" } }), "", form(json!([{ "label": "answer", "value": "{broken" }]))),
        ("interactive", json!({ "type": "call_permission_reply", "call_permission_reply": { "response": "accept" } }), "", choice("accept", json!("call permission"))),
        ("interactive", json!({ "type": "payment_method", "payment_method": {} }), "", json!({ "type": "unsupported", "what": "interactive payment_method" })),
        ("interactive", json!({ "type": "product" }), "", json!({ "type": "unsupported", "what": "interactive product" })),
        ("button", json!({ "payload": "STOP", "text": "Stop promotions" }), "", choice("Stop promotions", json!(null))),
        ("button", json!({ "payload": "p" }), "", choice("p", json!(null))),
        (
            "order",
            json!({ "catalog_id": "c", "text": "Both please", "product_items": [
                { "product_retailer_id": "sku-1", "quantity": 2, "item_price": 9.5, "currency": "EUR" },
                { "product_retailer_id": "sku-2", "quantity": "3", "item_price": "1.10", "currency": "EUR" }] }),
            "Both please",
            json!({ "type": "order", "items": [
                { "product": "sku-1", "quantity": 2, "price": "9.5", "currency": "EUR" },
                { "product": "sku-2", "quantity": 3, "price": "1.10", "currency": "EUR" }] }),
        ),
        ("order", json!({ "catalog_id": 1, "product_items": [] }), "", json!({ "type": "order", "items": [] })),
    ])
    .await;
}

#[tokio::test]
async fn what_nobody_understands_is_shown_as_such() {
    let odd = |what: Value| json!({ "type": "unsupported", "what": what });
    shows(&[
        ("unsupported", json!({ "type": "poll_creation" }), "", odd(json!("poll_creation"))),
        ("unsupported", json!(null), "", odd(json!(null))),
        ("unknown", json!(null), "", odd(json!(null))),
        ("unknown", json!({ "x": 1 }), "", odd(json!(null))),
        ("request_welcome", json!({}), "", odd(json!("request_welcome"))),
        ("request_welcome", json!(null), "", odd(json!("request_welcome"))),
        ("hologram", json!({ "id": 1 }), "", odd(json!("hologram"))),
        ("edit", json!({ "message": {} }), "", odd(json!("edit"))),
        ("reaction", json!({ "emoji": "👍" }), "", odd(json!("reaction"))),
    ])
    .await;
}

#[tokio::test]
async fn media_meta_could_not_fetch_keep_their_words_and_say_why_the_file_is_missing() {
    let stage = Stage::connected().await;
    let mut image = message(&stage, "wamid.1", ANN, "image", json!({ "id": "1", "caption": "Look" }));
    image["errors"] = json!([{ "code": 131_052, "title": "Media download error" }]);
    let mut document = message(&stage, "wamid.2", ANN, "document", json!({ "id": "2", "filename": "big.pdf" }));
    document["errors"] = json!([{ "code": 400 }]);
    let mut away = message(&stage, "wamid.3", ANN, "unsupported", json!(null));
    away["errors"] = json!([{ "code": 131_060, "title": "This message is unavailable" }]);
    stage.brings(&[image, document, away]).await;
    let thread = stage.thread().await;
    assert_eq!(thread[0]["body"], "Look");
    for message in &thread[..2] {
        let content = &message["extra"]["content"];
        assert_eq!((&content["state"], &content["reason"]), (&json!("missing"), &json!("meta_failed")), "{message}");
    }
    assert_eq!(thread[2]["extra"]["content"]["what"], "unavailable");
}

#[tokio::test]
async fn a_sign_is_put_under_a_message_changed_and_taken_away_in_both_spellings() {
    let stage = Stage::connected().await;
    let signs = async || stage.thread().await[0]["extra"]["reactions"].clone();
    let react = |n: &str, inner: Value| message(&stage, n, ANN, "reaction", inner);
    stage
        .brings(&[
            words(&stage, "wamid.A", ANN, "Hello"),
            react("wamid.1", json!({ "message_id": "wamid.A", "emoji": "👍🏽" })),
        ])
        .await;
    assert_eq!(signs().await, json!([{ "side": "visitor", "emoji": "👍🏽" }]));
    stage.brings(&[react("wamid.2", json!({ "message_id": "wamid.A", "emoji": "❤️" }))]).await;
    assert_eq!(signs().await, json!([{ "side": "visitor", "emoji": "❤️" }]));
    stage.brings(&[react("wamid.3", json!({ "message_id": "wamid.A" }))]).await;
    assert_eq!(signs().await, json!(null), "without a sign nothing is left to say");
    stage.brings(&[react("wamid.4", json!({ "message_id": "wamid.A", "emoji": "😂" }))]).await;
    stage.brings(&[react("wamid.5", json!({ "message_id": "wamid.A", "emoji": "" }))]).await;
    assert_eq!(signs().await, json!(null));
    assert_eq!(stage.conversation().await["unread"], 1, "a sign is no message");
    let window = stage.conversation().await["window"]["last_inbound_at"].clone();
    stage.app.later(std::time::Duration::from_secs(120));
    stage.brings(&[react("wamid.6", json!({ "message_id": "wamid.A", "emoji": "😮" }))]).await;
    assert_eq!(stage.conversation().await["window"]["last_inbound_at"], window, "and opens no window");
}

#[tokio::test]
async fn what_is_said_about_a_message_before_it_comes_waits_for_it() {
    let stage = Stage::connected().await;
    let about = |n: &str, kind: &str, inner: Value| message(&stage, n, ANN, kind, inner);
    stage.brings(&[about("wamid.1", "reaction", json!({ "message_id": "wamid.A", "emoji": "👍" }))]).await;
    stage.brings(&[about("wamid.2", "revoke", json!({ "original_message_id": "wamid.B" }))]).await;
    assert_eq!(stage.conversations().await.len(), 0);
    let lines = items(&stage.tenant.owner, "/v1/whatsapp/deliveries?state=ignored").await;
    assert_eq!(lines.iter().filter(|line| line["error"] == "unknown_target").count(), 2, "{lines:?}");
    // in the same delivery, and before its message
    let first = about("wamid.3", "reaction", json!({ "message_id": "wamid.C", "emoji": "🙂" }));
    let all = [
        first,
        words(&stage, "wamid.C", ANN, "C"),
        words(&stage, "wamid.A", ANN, "A"),
        words(&stage, "wamid.B", ANN, "B"),
    ];
    stage.brings(&all).await;
    let thread = stage.thread().await;
    assert_eq!(stage.said().await, ["C", "A", ""]);
    assert_eq!(thread[0]["extra"]["reactions"][0]["emoji"], "🙂");
    assert_eq!(thread[1]["extra"]["reactions"][0]["emoji"], "👍");
    assert!(!thread[2]["extra"]["revoked_at"].is_null());
}

#[tokio::test]
async fn an_edit_puts_other_words_in_place_and_only_the_latest_counts() {
    let stage = Stage::connected().await;
    let edit = |n: &str, seconds: i64, inner: Value| {
        let mut edit = message(&stage, n, ANN, "edit", json!({ "original_message_id": "wamid.A", "message": inner }));
        edit["timestamp"] = json!(stage.app.clock().now().seconds() + seconds);
        edit
    };
    stage.brings(&[words(&stage, "wamid.A", ANN, "Frist")]).await;
    stage.brings(&[edit("wamid.2", 60, json!({ "type": "text", "text": { "body": "First" } }))]).await;
    stage.brings(&[edit("wamid.1", 30, json!({ "type": "text", "text": { "body": "Firts" } }))]).await;
    let thread = stage.thread().await;
    assert_eq!(stage.said().await, ["First"]);
    assert!(!thread[0]["extra"]["edited_at"].is_null());
    let shown = stage.conversation().await;
    assert_eq!((&shown["preview"], &shown["unread"]), (&json!("First"), &json!(1)));
    // a caption
    let image = message(&stage, "wamid.B", ANN, "image", json!({ "id": "9", "caption": "befor" }));
    let inner = json!({ "original_message_id": "wamid.B", "message": { "type": "image", "image": { "id": "9", "caption": "before" } } });
    stage.brings(&[image, message(&stage, "wamid.3", ANN, "edit", inner)]).await;
    assert_eq!(stage.said().await, ["First", "before"]);
}

#[tokio::test]
async fn an_edit_of_a_message_nobody_has_is_that_message() {
    let stage = Stage::connected().await;
    let inner =
        json!({ "original_message_id": "wamid.A", "message": { "type": "text", "text": { "body": "Second try" } } });
    stage.brings(&[message(&stage, "wamid.1", ANN, "edit", inner)]).await;
    assert_eq!(stage.said().await, ["Second try"]);
    assert!(!stage.thread().await[0]["extra"]["edited_at"].is_null());
    // the original comes late, and something answers it
    let mut answer = words(&stage, "wamid.2", ANN, "And?");
    answer["context"] = json!({ "from": "1", "id": "wamid.A" });
    stage.brings(&[words(&stage, "wamid.A", ANN, "First try"), answer]).await;
    let thread = stage.thread().await;
    assert_eq!(stage.said().await, ["Second try", "And?"]);
    assert_eq!(thread[1]["reply_to"], thread[0]["id"]);
}

#[tokio::test]
async fn a_message_that_is_taken_back_loses_its_words_and_stays_as_a_line() {
    let stage = Stage::connected().await;
    let revoke = |n: &str, target: &str| message(&stage, n, ANN, "revoke", json!({ "original_message_id": target }));
    stage.brings(&[words(&stage, "wamid.A", ANN, "Secret"), words(&stage, "wamid.B", ANN, "Kept")]).await;
    stage.brings(&[revoke("wamid.1", "wamid.A")]).await;
    let thread = stage.thread().await;
    assert_eq!(stage.said().await, ["", "Kept"]);
    assert!(!thread[0]["extra"]["revoked_at"].is_null());
    // an edit that comes late brings nothing back
    let inner =
        json!({ "original_message_id": "wamid.A", "message": { "type": "text", "text": { "body": "Secret!" } } });
    stage.brings(&[message(&stage, "wamid.2", ANN, "edit", inner), revoke("wamid.3", "wamid.B")]).await;
    assert_eq!(stage.said().await, ["", ""]);
    assert_eq!(stage.conversation().await["preview"], "Message deleted");
}

#[tokio::test]
async fn answers_name_what_they_answer_and_forwards_say_so() {
    let stage = Stage::connected().await;
    let with = |n: &str, context: Value| {
        let mut message = words(&stage, n, ANN, n);
        message["context"] = context;
        message
    };
    stage
        .brings(&[
            words(&stage, "wamid.A", ANN, "Hello"),
            with("wamid.B", json!({ "from": "15550783881", "id": "wamid.A" })),
            with("wamid.C", json!({ "from": "106540352242922", "id": "wamid.never" })),
            with("wamid.D", json!({ "forwarded": true })),
            with("wamid.E", json!({ "frequently_forwarded": true })),
            with(
                "wamid.F",
                json!({ "from": "1", "referred_product": { "catalog_id": "c7", "product_retailer_id": "sku-9" } }),
            ),
        ])
        .await;
    let thread = stage.thread().await;
    assert_eq!(thread[1]["reply_to"], thread[0]["id"]);
    assert!(thread[2]["reply_to"].is_null() && thread[2]["extra"]["quotes_unknown"] == true, "{}", thread[2]);
    assert_eq!(thread[3]["extra"]["forwarded"], "once");
    assert_eq!(thread[4]["extra"]["forwarded"], "often");
    let product = &thread[5]["extra"]["referral"];
    assert_eq!((&product["kind"], &product["headline"]), (&json!("product"), &json!("Product sku-9")));
}

#[tokio::test]
async fn an_advertisement_that_led_here_is_named_and_leads_nowhere_else() {
    let stage = Stage::connected().await;
    let led = |n: &str, url: &str| {
        let mut message = words(&stage, n, ANN, "Is this still there?");
        message["referral"] = json!({ "source_url": url, "source_type": "ad", "source_id": "1", "headline": "Sale",
            "body": "Half price", "ctwa_clid": "c", "media_type": "image" });
        message
    };
    stage.brings(&[led("wamid.1", "https://fb.me/3cr4Wqqkv"), led("wamid.2", "javascript:alert(1)")]).await;
    let thread = stage.thread().await;
    let expected = json!({ "url": "https://fb.me/3cr4Wqqkv", "kind": "ad", "headline": "Sale", "body": "Half price" });
    assert_eq!(thread[0]["extra"]["referral"], expected);
    assert_eq!(
        (&thread[1]["extra"]["referral"]["url"], &thread[1]["extra"]["referral"]["headline"]),
        (&json!(null), &json!("Sale"))
    );
    assert_eq!(stage.rows("wa_entry").await, 1);
}

#[tokio::test]
async fn what_a_group_says_stands_apart_from_what_its_members_say() {
    let stage = Stage::connected().await;
    let in_group = |n: &str, from: &str, group: &str| {
        let mut message = words(&stage, n, from, n);
        message["group_id"] = json!(group);
        message
    };
    stage
        .brings(&[
            words(&stage, "alone", ANN, "alone"),
            in_group("wamid.1", ANN, "Y2FwaV9ncm91cA"),
            in_group("wamid.2", crate::inbox::BEN, "Y2FwaV9ncm91cA"),
            in_group("wamid.3", ANN, "another"),
        ])
        .await;
    let all = stage.conversations().await;
    assert_eq!(all.len(), 3, "{all:#?}");
    let own = all.iter().find(|one| one["group"].is_null()).expect("her own");
    assert_eq!(stage.tenant.owner.reads(id(own)).await.len(), 1);
    let group = all.iter().find(|one| one["group"] == "Y2FwaV9ncm91cA").expect("the group's");
    assert_eq!(group["contact"]["name"], "Group Y2FwaV");
    let said = stage.tenant.owner.reads(id(group)).await;
    let names: Vec<&str> = said.iter().map(|message| message["author"]["name"].as_str().expect("a name")).collect();
    assert_eq!(names, [format!("Name of {ANN}"), format!("Name of {}", crate::inbox::BEN)]);
}

#[tokio::test]
async fn old_messages_say_when_they_were_sent_and_only_what_counts_opens_the_window() {
    let stage = Stage::connected().await;
    let now = stage.app.clock().now().seconds();
    let mut old = words(&stage, "wamid.1", ANN, "An hour ago");
    old["timestamp"] = json!((now - 3_600).to_string());
    let mut ahead = words(&stage, "wamid.3", ANN, "From next year");
    ahead["timestamp"] = json!(now + 31_536_000);
    stage.brings(&[old, message(&stage, "wamid.2", ANN, "unsupported", json!({ "type": "gif" }))]).await;
    let (thread, shown) = (stage.thread().await, stage.conversation().await);
    let sent = thread[0]["extra"]["sent_at"].as_str().expect("a time").to_owned();
    assert_eq!(shown["window"]["last_inbound_at"], json!(sent), "{shown}");
    assert!(thread[1]["extra"]["sent_at"].is_null());
    stage.brings(&[ahead]).await;
    let until = stage.conversation().await["window"]["open_until"].as_str().expect("a time").to_owned();
    let tomorrow = stage.app.clock().now().plus(std::time::Duration::from_secs(86_400));
    assert_eq!(json!(until), json!(tomorrow), "nothing was written in the future");
}

#[tokio::test]
async fn a_problem_without_a_message_is_a_line_and_harms_nothing() {
    let stage = Stage::connected().await;
    let metadata = json!({ "phone_number_id": graph_sim::Setup::NUMBER });
    let value =
        json!({ "metadata": metadata, "errors": [{ "code": 131_000, "title": "Unsupported webhook payload" }, "odd"] });
    stage.takes(&crate::inbox::delivery(&[json!({ "field": "messages", "value": value })])).await;
    let lines = items(&stage.tenant.owner, "/v1/whatsapp/deliveries").await;
    let of = |state: &str| lines.iter().filter(|line| line["kind"] == "problem" && line["state"] == state).count();
    assert_eq!((of("done"), of("failed")), (1, 1), "{lines:?}");
}
