//! What tenants and widgets allow, each within what the one above does.

use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{DESK, Desk, WIDGET, field};

async fn rules(desk: &Desk) -> Value {
    let ben = desk.app.visitor(&desk.widget).await;
    let renewed = ben.http.post("/widget/v1/sessions/refresh", json!({})).await.ok();
    renewed["files"].clone()
}

#[tokio::test]
async fn a_session_says_what_may_be_attached() {
    let desk = Desk::set().await;
    let types = json!(["jpg", "jpeg", "png", "webp", "gif", "pdf", "txt", "csv", "docx", "xlsx"]);
    let wanted = json!({ "enabled": true, "most": 3, "max_bytes": 10 * 1024 * 1024, "types": types });
    assert_eq!(rules(&desk).await, wanted);
    let ticket = harness::Visitor::bootstrap(desk.app.doors(), &desk.widget.id, &desk.widget.origin).await.ok();
    let begin = json!({ "ticket": ticket["ticket"], "parent_origin": desk.widget.origin });
    let http = desk.app.http().with("origin", desk.app.public_url());
    assert_eq!(http.post("/widget/v1/sessions", begin).await.is(201)["files"], wanted);
    assert_eq!(desk.mia.http.get("/v1/file-rules").await.ok(), wanted);
}

#[tokio::test]
async fn a_widget_narrows_what_its_visitors_attach_and_not_what_the_team_does() {
    let desk = Desk::set().await;
    desk.widget_allows(json!({ "enabled": true, "most": 2, "max_bytes": 2_000, "types": ["txt", "mp4"] })).await.ok();
    assert_eq!(rules(&desk).await, json!({ "enabled": true, "most": 2, "max_bytes": 2_000, "types": ["txt"] }));
    let (anna, mia) = (&desk.anna.http, &desk.mia.http);
    anna.upload(WIDGET, ("a.txt", "text/plain"), &[b'x'; 2_000]).await.is(201);
    anna.upload(WIDGET, ("a.txt", "text/plain"), &[b'x'; 2_001]).await.refused(413, "file_too_large");
    let refused = anna.upload(WIDGET, ("a.png", "image/png"), b"x").await.refused(422, "validation");
    assert_eq!(field(&refused), "file_type_refused");
    mia.upload(DESK, ("a.csv", "text/csv"), &[b'x'; 2_001]).await.is(201);
}

#[tokio::test]
async fn where_files_are_off_nothing_is_sent_up_or_attached() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    desk.widget_allows(json!({ "enabled": false })).await.ok();
    assert_eq!(rules(&desk).await["enabled"], false);
    desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.refused(403, "files_off");
    desk.anna_posts(&[&file]).await.refused(403, "files_off");
    desk.widget_allows(json!({ "enabled": true })).await.ok();
    desk.anna_posts(&[&file]).await.is(201);
    desk.allows(&[("most", json!(0))]).await;
    desk.mia.http.upload(DESK, ("a.txt", "text/plain"), b"words").await.refused(403, "files_off");
}

#[tokio::test]
async fn a_widgets_settings_are_checked() {
    let desk = Desk::set().await;
    for bad in [
        json!({ "most": -1 }),
        json!({ "max_bytes": 0 }),
        json!({ "types": [".png"] }),
        json!({ "types": ["PNG"] }),
        json!({ "types": ["x".repeat(9)] }),
    ] {
        desk.widget_allows(bad).await.refused(422, "validation");
    }
    desk.widget_allows(json!({ "colour": 1 })).await.refused(400, "invalid_json");
}

#[tokio::test]
async fn only_admins_see_and_change_the_policy_and_only_within_the_ceiling() {
    let desk = Desk::with(&[("files.max_bytes", "50000"), ("files.most", "5")]).await;
    desk.mia.http.get("/v1/file-policy").await.refused(403, "role_required");
    let shown = desk.tenant.owner.http.get("/v1/file-policy").await.ok();
    assert_eq!((&shown["ceiling"]["max_bytes"], &shown["ceiling"]["most"]), (&json!(50_000), &json!(5)));
    assert_eq!((&shown["scanning"], &shown["used_bytes"]), (&json!(false), &json!(0)));
    assert!(!shown["ceiling"]["types"].to_string().contains("svg"));
    let own = json!({ "most": 5, "max_bytes": 50_000, "types": ["png", "txt"], "legacy_office": false,
                      "scan": { "away": "warn", "too_large": "warn" } });
    let put = |http: &harness::Http, body: Value| {
        let http = http.clone();
        async move { http.send(Method::PUT, "/v1/file-policy", Some(body)).await }
    };
    put(&desk.mia.http, own.clone()).await.refused(403, "role_required");
    let owner = &desk.tenant.owner.http;
    let changed = put(owner, own.clone()).await.ok();
    assert_eq!((&changed["types"], &changed["scan"]), (&own["types"], &own["scan"]));
    for (member, bad) in [
        ("most", json!(6)),
        ("max_bytes", json!(50_001)),
        ("types", json!(["svg"])),
        ("types", json!(["doc"])),
        ("legacy_office", json!(true)),
    ] {
        let mut body = own.clone();
        body[member] = bad;
        put(owner, body).await.refused(422, "validation");
    }
    let rules = desk.mia.http.get("/v1/file-rules").await.ok();
    assert_eq!(rules, json!({ "enabled": true, "most": 5, "max_bytes": 50_000, "types": ["png", "txt"] }));
}

/// Old office files pass where a scanner is configured and the tenant asked for them.
#[tokio::test]
async fn old_office_files_need_the_tenants_wish_and_a_scanner() {
    let clamd = harness::fakes::Clamd::start(harness::fakes::Mood::Says("stream: OK")).await;
    let desk = Desk::with(&[("files.scan", &clamd.url()), ("files.scan_signature_hours", "0")]).await;
    let doc = harness::files::doc();
    let refused = desk.mia.http.upload(DESK, ("a.doc", "application/msword"), &doc).await.refused(422, "validation");
    assert_eq!(field(&refused), "file_type_refused");
    desk.allows(&[("legacy_office", json!(true))]).await;
    let file = desk.mia_sends_up(("a.doc", "application/msword"), &doc).await;
    assert_eq!((&file["state"], &file["scan"]), (&json!("ready"), &json!("clean")), "{file}");
}
