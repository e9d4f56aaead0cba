//! The embedding chain over HTTP: bootstrap, ticket, frame, session. Real browsers walk it in `tests/browser`.

use std::time::Duration;

use harness::{Answer, Tenant, TestApp, Visitor, Widget};
use serde_json::{Value, json};

const SHOP: &str = "http://localhost:3000";

async fn scene() -> (TestApp, Tenant, Widget) {
    let app = TestApp::start().await;
    let tenant = app.tenant("Acme").await;
    let widget = tenant.has_widget(SHOP).await;
    (app, tenant, widget)
}

async fn boot(app: &TestApp, widget: &str, headers: &[(&str, &str)]) -> Answer {
    let http = headers.iter().fold(app.http(), |http, (name, value)| http.with(name, value));
    http.post("/widget/v1/bootstrap", json!({ "widget": widget })).await
}

async fn ticket(app: &TestApp, widget: &Widget) -> Value {
    Visitor::bootstrap(app.doors(), &widget.id, &widget.origin).await.ok()["ticket"].clone()
}

async fn redeem(app: &TestApp, ticket: &Value, parent: &str) -> Answer {
    let http = app.http().with("origin", app.public_url());
    http.post("/widget/v1/sessions", json!({ "ticket": ticket, "parent_origin": parent })).await
}

#[tokio::test]
async fn emb_01_to_05_only_the_exact_origin_is_let_in() {
    let (app, _tenant, widget) = scene().await;
    boot(&app, &widget.id, &[("origin", SHOP)]).await.ok();
    let strangers = [
        "null",
        "http://localhost:3001",
        "https://localhost:3000.evil.example",
        "http://evillocalhost:3000",
        "http://localhost",
        "http://localhost:3000/",
        "http://a@localhost:3000",
        "http://127.0.0.1:3000",
        "file://",
        "",
    ];
    for origin in strangers {
        boot(&app, &widget.id, &[("origin", origin)]).await.refused(403, "origin_not_authorized");
    }
    boot(&app, &widget.id, &[]).await.refused(403, "origin_not_authorized");
}

#[tokio::test]
async fn emb_06_headers_that_contradict_each_other_are_refused() {
    let (app, _tenant, widget) = scene().await;
    let fine = [
        ("origin", SHOP),
        ("referer", "http://localhost:3000/shoes"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-dest", "empty"),
    ];
    boot(&app, &widget.id, &fine).await.ok();
    for odd in [("referer", "http://evil.example/"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")] {
        boot(&app, &widget.id, &[("origin", SHOP), odd]).await.refused(403, "origin_not_authorized");
    }
}

#[tokio::test]
async fn cors_01_the_exact_origin_is_echoed_without_credentials() {
    let (app, _tenant, widget) = scene().await;
    let answer = boot(&app, &widget.id, &[("origin", SHOP)]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert!(answer.header("vary").is_some_and(|vary| vary.contains("Origin")));
    let elsewhere = app.http().with("origin", SHOP).get("/v1/widgets").await;
    assert_eq!(elsewhere.header("access-control-allow-origin"), None, "no other route answers other origins");
    let plain = app.http().with("origin", SHOP).with("content-type", "text/plain");
    assert_eq!(
        plain.post("/widget/v1/bootstrap", json!({ "widget": widget.id })).await.status,
        400,
        "a simple request cannot skip the pre-flight"
    );
}

#[tokio::test]
async fn every_refusal_looks_the_same_and_is_counted() {
    let (app, tenant, widget) = scene().await;
    let unknown = boot(&app, "wgt_00000000000070008000000000000000", &[("origin", SHOP)]).await;
    let nonsense = boot(&app, "nonsense", &[("origin", SHOP)]).await;
    let foreign = boot(&app, &widget.id, &[("origin", "https://evil.example")]).await;
    tenant.owner.http.patch(&format!("/v1/widgets/{}", widget.id), json!({ "active": false })).await.ok();
    let inactive = boot(&app, &widget.id, &[("origin", SHOP)]).await;
    for refused in [&nonsense, &foreign, &inactive] {
        assert_eq!(refused.fingerprint(), unknown.fingerprint());
    }
    let blocked = tenant.owner.http.get(&format!("/v1/widgets/{}/blocked", widget.id)).await.ok();
    assert_eq!(blocked["items"][0]["origin"], "https://evil.example");
    assert_eq!(blocked["items"][0]["count"], 1);
}

#[tokio::test]
async fn the_site_sees_where_its_widget_runs() {
    let (app, tenant, widget) = scene().await;
    for _ in 0..3 {
        boot(&app, &widget.id, &[("origin", SHOP)]).await.ok();
    }
    let seen = tenant.owner.http.get(&format!("/v1/widgets/{}/installation", widget.id)).await.ok();
    assert_eq!((seen["items"][0]["origin"].as_str(), seen["items"][0]["loads"].as_i64()), (Some(SHOP), Some(3)));
}

#[tokio::test]
async fn emb_15_a_ticket_is_good_once_for_its_page_for_a_minute() {
    let (app, tenant, widget) = scene().await;
    let used = ticket(&app, &widget).await;
    redeem(&app, &used, SHOP).await.is(201);
    redeem(&app, &used, SHOP).await.refused(403, "ticket_refused");
    tenant.allows(&widget.id, "http://localhost:3001").await;
    redeem(&app, &ticket(&app, &widget).await, "http://localhost:3001").await.refused(403, "ticket_refused");
    let old = ticket(&app, &widget).await;
    app.later(Duration::from_secs(61));
    redeem(&app, &old, SHOP).await.refused(403, "ticket_refused");
    let mut forged = ticket(&app, &widget).await.as_str().expect("a ticket").to_owned();
    forged.replace_range(0..1, if forged.starts_with('A') { "B" } else { "A" });
    redeem(&app, &json!(forged), SHOP).await.refused(403, "ticket_refused");
    redeem(&app, &json!(""), SHOP).await.refused(403, "ticket_refused");
}

#[tokio::test]
async fn tok_06_twenty_copies_of_a_ticket_make_one_session() {
    let (app, _tenant, widget) = scene().await;
    let ticket = ticket(&app, &widget).await;
    let answers = futures::future::join_all((0..20).map(|_| redeem(&app, &ticket, SHOP))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
}

#[tokio::test]
async fn sessions_are_given_to_our_own_frame_alone() {
    let (app, _tenant, widget) = scene().await;
    let body = json!({ "ticket": ticket(&app, &widget).await, "parent_origin": SHOP });
    for origin in [SHOP, "https://evil.example", "null"] {
        app.http()
            .with("origin", origin)
            .post("/widget/v1/sessions", body.clone())
            .await
            .refused(403, "foreign_origin");
    }
    app.http().post("/widget/v1/sessions", body.clone()).await.refused(403, "foreign_origin");
    app.http().with("origin", app.public_url()).post("/widget/v1/sessions", body).await.is(201);
}

#[tokio::test]
async fn emb_14_unknown_inactive_and_empty_widgets_are_framed_by_nobody_and_look_alike() {
    let (app, tenant, widget) = scene().await;
    let frame = async |id: &str| app.http().get(&format!("/widget/v1/frame/{id}")).await;
    let live = frame(&widget.id).await;
    assert!(
        live.header("content-security-policy")
            .is_some_and(|policy| policy.contains("frame-ancestors http://localhost:3000 "))
    );
    let body = json!({ "name": "Empty", "display": "floating" });
    let empty = tenant.owner.http.post("/v1/widgets", body).await.is(201)["id"].as_str().expect("an id").to_owned();
    tenant.owner.http.patch(&format!("/v1/widgets/{}", widget.id), json!({ "active": false })).await.ok();
    let unknown = frame("wgt_00000000000070008000000000000000").await;
    for other in [frame(&empty).await, frame(&widget.id).await, frame("nonsense").await] {
        assert_eq!(other.text, unknown.text);
        assert_eq!(other.text, live.text, "the page says nothing about a widget");
        assert!(
            other.header("content-security-policy").is_some_and(|policy| policy.ends_with("frame-ancestors 'none'"))
        );
    }
}

#[tokio::test]
async fn emb_10_a_page_that_lost_its_right_goes_dark() {
    let (app, tenant, widget) = scene().await;
    let mut visitor = app.visitor(&widget).await;
    visitor.says("still here").await;
    let claims = tenant.owner.http.get(&format!("/v1/widgets/{}/domains", widget.id)).await.ok();
    let claim = claims["items"][0]["id"].as_str().expect("a claim").to_owned();
    tenant.owner.http.delete(&format!("/v1/domains/{claim}")).await.is(204);
    app.later(Duration::from_secs(3));
    boot(&app, &widget.id, &[("origin", SHOP)]).await.refused(403, "origin_not_authorized");
    visitor.http.post("/widget/v1/sessions/refresh", json!({})).await.refused(403, "origin_not_authorized");
}

#[tokio::test]
async fn net_02_other_names_are_not_answered() {
    let (app, _tenant, _widget) = scene().await;
    assert_eq!(app.http().with("host", "rebound.example").get("/healthz").await.status, 421);
    assert_eq!(app.http().get("/healthz").await.status, 200);
}

#[tokio::test]
async fn settings_that_cannot_be_shown_are_refused() {
    let (_app, tenant, widget) = scene().await;
    let path = format!("/v1/widgets/{}", widget.id);
    let http = &tenant.owner.http;
    for bad in [
        json!({ "color": "red" }),
        json!({ "title": "x".repeat(61) }),
        json!({ "offset_x": 9999 }),
        json!({ "nonsense": 1 }),
    ] {
        let status = http.patch(&path, json!({ "settings": bad })).await.status;
        assert!((400..500).contains(&status), "{bad} gave {status}");
    }
    let changed = http.patch(&path, json!({ "settings": { "color": "#00aa88", "title": "Ask us" } })).await.ok();
    assert_eq!((changed["settings"]["title"].as_str(), changed["version"].as_i64()), (Some("Ask us"), Some(2)));
    let snippet = http.get(&format!("{path}/snippet")).await.ok();
    assert!(snippet["html"].as_str().is_some_and(|html| html.contains(&format!("data-widget=\"{}\"", widget.id))));
}
