//! Domains as the dashboard and a client's page meet them. Contents, resolvers and the whole life of a claim are in
//! `tests/domains`, the network in `tests/net`.

use std::time::Duration;
use store::Whose;

use harness::fakes::Zone;
use harness::{Agent, Answer, Tenant, TestApp};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const HOST: &str = "shop.acme.com";
const PAGE: &str = "https://shop.acme.com";

/// A server that asks a name server of ours.
async fn world() -> (TestApp, Zone) {
    let zone = Zone::start().await;
    let dns = zone.address();
    let app = TestApp::with(&[("net.dns", &dns), ("net.dns_timeout_ms", "300"), ("limits.factor", "1000")]).await;
    (app, zone)
}

async fn widget(tenant: &Tenant) -> String {
    let body = json!({ "name": "Shop", "display": "floating" });
    let made = tenant.owner.http.post("/v1/widgets", body).await.is(201);
    made["id"].as_str().expect("an id").to_owned()
}

async fn claims(who: &Agent, widget: &str, host: &str, scope: &str, method: &str) -> Answer {
    let body = json!({ "host": host, "scope": scope, "method": method });
    who.http.post(&format!("/v1/widgets/{widget}/domains"), body).await
}

async fn claims_host(who: &Agent, widget: &str) -> Value {
    claims(who, widget, HOST, "host", "dns").await.is(201)
}

fn publish(zone: &Zone, domain: &Value) {
    let record = &domain["instructions"]["dns"];
    zone.txt(record["name"].as_str().expect("a name"), record["value"].as_str().expect("a value"));
}

/// Asks for a check and waits for its outcome.
async fn checks(app: &TestApp, who: &Agent, domain: &Value) -> Value {
    app.later(Duration::from_secs(15));
    let path = format!("/v1/domains/{}", domain["id"].as_str().expect("an id"));
    let asked = who.http.post(&format!("{path}/check"), json!({})).await.is(202);
    assert_eq!(asked["id"], domain["id"]);
    app.run_due().await;
    who.http.get(&path).await.ok()
}

async fn proves(app: &TestApp, zone: &Zone, who: &Agent, widget: &str) -> Value {
    let domain = claims_host(who, widget).await;
    publish(zone, &domain);
    let domain = checks(app, who, &domain).await;
    assert_eq!(domain["state"], "verified", "{domain}");
    domain
}

/// Letters about the domain; others are about signing in.
fn letters(app: &TestApp) -> usize {
    app.mails().iter().filter(|mail| mail.subject.contains(HOST)).count()
}

async fn bootstraps(app: &TestApp, widget: &str, origin: &str) -> Answer {
    app.http().with("origin", origin).post("/widget/v1/bootstrap", json!({ "widget": widget })).await
}

#[tokio::test]
async fn dv_01_a_proved_domain_lets_its_page_in_and_no_other() {
    let (app, zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = claims_host(&shop.owner, &widget).await;
    assert_eq!((&domain["state"], &domain["problem"]), (&json!("pending"), &Value::Null));
    assert_eq!(domain["instructions"]["dns"]["type"], "TXT");
    bootstraps(&app, &widget, PAGE).await.refused(403, "origin_not_authorized");
    let checked = checks(&app, &shop.owner, &domain).await;
    assert_eq!(checked["problem"]["code"], "dns_record_missing");
    assert!(checked["problem"]["text"].as_str().is_some_and(|text| text.contains("TXT record")));
    publish(&zone, &domain);
    let checked = checks(&app, &shop.owner, &domain).await;
    assert_eq!((&checked["state"], &checked["problem"]), (&json!("verified"), &Value::Null));
    assert!(bootstraps(&app, &widget, PAGE).await.ok()["ticket"].is_string());
    for foreign in ["https://www.acme.com", "http://shop.acme.com", "https://shop.acme.com:8443", "https://evil.com"] {
        bootstraps(&app, &widget, foreign).await.refused(403, "origin_not_authorized");
    }
    let frame = app.http().get(&format!("/widget/v1/frame/{widget}")).await;
    let policy = frame.header("content-security-policy").expect("a policy").to_owned();
    assert!(policy.contains(&format!("frame-ancestors {PAGE}")), "{policy}");
}

#[tokio::test]
async fn dv_64_letting_a_domain_go_shuts_its_page_out_at_once() {
    let (app, zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = proves(&app, &zone, &shop.owner, &widget).await;
    bootstraps(&app, &widget, PAGE).await.ok();
    app.effects().await;
    let path = format!("/v1/domains/{}", domain["id"].as_str().expect("an id"));
    shop.owner.http.delete(&path).await.is(204);
    assert_eq!(app.effects().await.events, ["domain_changed", "origin_revoked"]);
    bootstraps(&app, &widget, PAGE).await.refused(403, "origin_not_authorized");
    shop.owner.http.get(&path).await.refused(404, "not_found");
    let frame = app.http().get(&format!("/widget/v1/frame/{widget}")).await;
    assert!(frame.header("content-security-policy").is_some_and(|policy| policy.contains("frame-ancestors 'none'")));
}

#[tokio::test]
async fn admins_manage_domains_agents_look_and_strangers_find_nothing() {
    let (app, _zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let admin = shop.invites(&app, "Ada", "admin").await;
    let agent = shop.invites(&app, "Mia", "agent").await;
    let domain = claims(&admin, &widget, HOST, "host", "dns").await.is(201);
    let path = format!("/v1/domains/{}", domain["id"].as_str().expect("an id"));
    claims(&agent, &widget, "www.acme.com", "host", "dns").await.refused(403, "role_required");
    agent.http.post(&format!("{path}/check"), json!({})).await.refused(403, "role_required");
    agent.http.delete(&path).await.refused(403, "role_required");
    assert_eq!(agent.http.get(&path).await.ok(), domain);
    let listed = agent.http.get(&format!("/v1/widgets/{widget}/domains")).await.ok();
    assert_eq!(listed, json!({ "items": [domain], "next_cursor": null }));
    let other = app.tenant("Other").await.owner;
    other.http.get(&path).await.refused(404, "not_found");
    other.http.delete(&path).await.refused(404, "not_found");
    other.http.get(&format!("{path}/blocked")).await.refused(404, "not_found");
    other.http.post(&format!("{path}/check"), json!({})).await.refused(404, "not_found");
    other.http.get(&format!("/v1/widgets/{widget}/domains")).await.refused(404, "not_found");
    claims(&other, &widget, HOST, "host", "dns").await.refused(404, "not_found");
    app.http().get(&path).await.is(401);
}

#[tokio::test]
async fn dv_21_to_29_hosts_that_cannot_be_claimed_are_refused_with_the_reason() {
    let (app, _zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    for (host, scope, method, field, code) in [
        ("co.uk", "subtree", "dns", "host", "public_suffix"),
        ("github.io", "host", "dns", "host", "public_suffix"),
        ("me.github.io", "subtree", "dns", "scope", "shared_suffix"),
        ("shop.internal", "host", "dns", "host", "not_public"),
        ("2130706433", "host", "http", "host", "ip_literal"),
        ("a_b.acme.com", "host", "dns", "host", "malformed_host"),
        ("https://acme.com", "host", "dns", "host", "not_a_host"),
        ("acme.com", "subtree", "http", "method", "dns_needed"),
        ("acme.com", "test", "dns", "host", "not_loopback"),
    ] {
        let refused = claims(&shop.owner, &widget, host, scope, method).await.refused(422, "validation");
        assert_eq!((&refused["fields"][0]["field"], &refused["fields"][0]["code"]), (&json!(field), &json!(code)));
    }
    let unknown = json!({ "host": HOST, "scope": "host", "method": "dns", "state": "verified" });
    shop.owner.http.post(&format!("/v1/widgets/{widget}/domains"), unknown).await.refused(400, "invalid_json");
    let look_alike = claims(&shop.owner, &widget, "аррӏе.com", "host", "dns").await.is(201);
    assert_eq!((&look_alike["host"], &look_alike["host_unicode"]), (&json!("xn--80ak6aa92e.com"), &json!("аррӏе.com")));
    let again = claims(&shop.owner, &widget, "xn--80ak6aa92e.com", "host", "http").await;
    again.refused(409, "domain_claimed");
}

#[tokio::test]
async fn a_second_wish_within_fifteen_seconds_is_too_soon() {
    let (app, _zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = claims_host(&shop.owner, &widget).await;
    let path = format!("/v1/domains/{}/check", domain["id"].as_str().expect("an id"));
    shop.owner.http.post(&path, json!({})).await.is(202);
    shop.owner.http.post(&path, json!({})).await.refused(429, "checked_just_now");
    app.later(Duration::from_secs(15));
    shop.owner.http.post(&path, json!({})).await.is(202);
}

#[tokio::test]
async fn dv_65_owners_of_other_tenants_are_told_without_a_name() {
    let (app, zone) = world().await;
    let (brand, agency) = (app.tenant("Brand").await, app.tenant("Agency").await);
    let first = widget(&brand).await;
    proves(&app, &zone, &brand.owner, &first).await;
    app.run_due().await;
    assert_eq!(letters(&app), 0, "nobody else holds the domain yet");
    let second = widget(&agency).await;
    proves(&app, &zone, &agency.owner, &second).await;
    let letter = app.letter_to(&brand.owner.email).await;
    assert!(letter.subject.contains(HOST), "{}", letter.subject);
    assert!(!letter.text.contains("Agency") && !letter.text.contains(&agency.id), "{}", letter.text);
    assert_eq!(letters(&app), 1, "the one who proved it needs no letter");
    assert!(bootstraps(&app, &first, PAGE).await.ok()["ticket"].is_string(), "nothing was taken over");
}

#[tokio::test]
async fn owners_are_warned_when_a_proof_goes_missing_and_when_the_widget_goes_dark() {
    let (app, zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = proves(&app, &zone, &shop.owner, &widget).await;
    zone.clear(domain["instructions"]["dns"]["name"].as_str().expect("a name"));
    app.later(Duration::from_secs(29 * 3_600));
    let warned = app.letter_to(&shop.owner.email).await;
    assert!(warned.subject.contains("is missing"), "{}", warned.subject);
    bootstraps(&app, &widget, PAGE).await.ok();
    for _ in 0..13 {
        app.later(Duration::from_secs(6 * 3_600));
        app.run_due().await;
    }
    let dark = app.letter_to(&shop.owner.email).await;
    assert!(dark.subject.contains("is off"), "{}", dark.subject);
    bootstraps(&app, &widget, PAGE).await.refused(403, "origin_not_authorized");
    assert_eq!(letters(&app), 2, "one letter for each move");
}

#[tokio::test]
async fn pages_that_were_turned_away_are_counted_beside_the_domain_they_belong_to() {
    let (app, _zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = claims_host(&shop.owner, &widget).await;
    for page in ["https://www.acme.com", "https://www.acme.com", "https://evil.com"] {
        bootstraps(&app, &widget, page).await.refused(403, "origin_not_authorized");
    }
    let path = format!("/v1/domains/{}/blocked", domain["id"].as_str().expect("an id"));
    let around = shop.owner.http.get(&path).await.ok();
    assert_eq!(
        (&around["items"][0]["origin"], &around["items"][0]["count"]),
        (&json!("https://www.acme.com"), &json!(2))
    );
    assert_eq!(around["items"].as_array().map(Vec::len), Some(1));
    let all = shop.owner.http.get(&format!("/v1/widgets/{widget}/blocked")).await.ok();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_test_domain_needs_no_proof_and_ends_after_a_week() {
    let (app, _zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = claims(&shop.owner, &widget, "localhost:3000", "test", "dns").await.is(201);
    assert_eq!(
        (&domain["state"], &domain["instructions"]),
        (&json!("verified"), &json!({ "dns": null, "http": null }))
    );
    bootstraps(&app, &widget, "http://localhost:3000").await.ok();
    bootstraps(&app, &widget, "http://localhost:3001").await.refused(403, "origin_not_authorized");
    app.later(Duration::from_secs(7 * 86_400));
    bootstraps(&app, &widget, "http://localhost:3000").await.refused(403, "origin_not_authorized");
}

#[tokio::test]
async fn a_check_that_was_lost_is_planned_again() {
    let (app, zone) = world().await;
    let shop = app.tenant("Shop").await;
    let widget = widget(&shop).await;
    let domain = claims_host(&shop.owner, &widget).await;
    publish(&zone, &domain);
    let unit = app.ctx().db.write(Whose::Platform).await.expect("a write");
    let lost =
        store::sql(unit.conn().get_database_backend(), "delete from job where kind = ?", ["domains.check".into()]);
    unit.conn().execute_raw(lost).await.expect("the job is gone");
    unit.commit().await.expect("committed");
    let path = format!("/v1/domains/{}", domain["id"].as_str().expect("an id"));
    app.later(Duration::from_secs(300));
    app.run_due().await;
    assert_eq!(shop.owner.http.get(&path).await.ok()["state"], "pending", "nobody is left to look");
    app.later(Duration::from_secs(3_600));
    app.run_due().await;
    let owner = app.signs_in(&shop.owner.email).await;
    assert_eq!(owner.http.get(&path).await.ok()["state"], "verified");
}
