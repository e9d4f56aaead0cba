//! Finding what was said, and who said it.

use std::time::Duration;

use harness::{Tenant, TestApp, Visitor, client_id};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use store::{NewJob, Whose};

const SHOP: &str = "http://localhost:3000";

struct Scene {
    app: TestApp,
    tenant: Tenant,
    visitor: Visitor,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let mut tenant = app.tenant("Acme").await;
        let widget = tenant.has_widget(SHOP).await;
        let mut visitor = app.visitor(&widget).await;
        visitor.says("Where is my Parcel? I live in Łódź, 東京都.").await;
        tenant.owner.opens(visitor.conversation());
        Self { app, tenant, visitor }
    }

    async fn ask(&self, query: &str) -> Value {
        chat::inbox::catch_up(self.app.ctx()).await.expect("the search follows");
        self.tenant.owner.http.get(&format!("/v1/search?{query}")).await.ok()
    }

    async fn finds(&self, q: &str) -> Vec<i64> {
        numbers(&self.ask(&format!("q={q}")).await)
    }

    async fn notes(&self, words: &str) {
        let body = json!({ "client_id": client_id(), "body": words, "visibility": "note" });
        self.tenant.owner.posts(body).await.is(201);
    }
}

fn numbers(found: &Value) -> Vec<i64> {
    found["messages"].as_array().expect("a list").iter().filter_map(|one| one["seq"].as_i64()).collect()
}

#[tokio::test]
async fn the_beginning_of_a_word_finds_a_message_and_shows_where_it_stands() {
    let scene = Scene::set().await;
    let found = scene.ask("q=par").await;
    let hit = &found["messages"][0];
    assert_eq!(hit["conversation_id"], scene.visitor.conversation());
    assert_eq!(hit["seq"], 1);
    let marked: Vec<_> =
        hit["excerpt"].as_array().expect("stretches").iter().filter(|one| one["hit"] == true).collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["text"], "Parcel");
    for q in ["lodz", "PARCEL%20where", "京都", "東", "live%20in"] {
        assert_eq!(scene.finds(q).await, [1], "{q}");
    }
    for q in ["cel", "parcel%20lamp", "京東"] {
        assert!(scene.finds(q).await.is_empty(), "{q}");
    }
}

#[tokio::test]
async fn the_newest_is_found_first_and_pages_hold_each_once() {
    let mut scene = Scene::set().await;
    for n in 0..7 {
        scene.app.later(Duration::from_secs(1));
        scene.visitor.says(&format!("another lamp {n}")).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = scene.ask(&format!("q=lamp&limit=3{cursor}")).await;
        seen.extend(numbers(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [8, 7, 6, 5, 4, 3, 2]);
}

#[tokio::test]
async fn a_time_narrows_what_is_found() {
    let mut scene = Scene::set().await;
    scene.app.later(Duration::from_secs(60));
    let said = scene.visitor.says("parcel again").await;
    let at = said["message"]["created_at"]
        .as_str()
        .unwrap_or_else(|| said["created_at"].as_str().expect("a time"))
        .to_owned();
    assert_eq!(numbers(&scene.ask(&format!("q=parcel&from={at}")).await), [2]);
    assert_eq!(numbers(&scene.ask(&format!("q=parcel&to={at}")).await), [1]);
}

#[tokio::test]
async fn nobody_finds_what_another_tenant_said() {
    let scene = Scene::set().await;
    let rival = scene.app.tenant("Rival").await;
    chat::inbox::catch_up(scene.app.ctx()).await.expect("the search follows");
    let found = rival.owner.http.get("/v1/search?q=parcel").await.ok();
    assert!(numbers(&found).is_empty() && found["contacts"].as_array().is_some_and(Vec::is_empty));
    assert_eq!(scene.finds("parcel").await, [1], "the premise: it is there");
}

#[tokio::test]
async fn a_note_is_found_by_the_team_and_visitors_have_no_search() {
    let scene = Scene::set().await;
    scene.notes("a velvet secret").await;
    let found = scene.ask("q=velvet").await;
    assert_eq!(found["messages"][0]["visibility"], "note");
    assert!(scene.visitor.http.get("/v1/search?q=velvet").await.status >= 400);
}

#[tokio::test]
async fn a_deleted_conversation_is_found_no_more_even_if_the_search_was_behind() {
    let mut scene = Scene::set().await;
    assert_eq!(scene.finds("parcel").await, [1]);
    scene.visitor.says("nobody has followed this parcel yet").await;
    let path = format!("/v1/conversations/{}", scene.visitor.conversation());
    scene.tenant.owner.http.delete(&path).await.is(204);
    let at_once = scene.tenant.owner.http.get("/v1/search?q=parcel").await.ok();
    assert!(numbers(&at_once).is_empty());
    assert!(scene.finds("parcel").await.is_empty(), "what was behind does not bring it back");
}

#[tokio::test]
async fn people_are_found_by_name_address_and_number() {
    let scene = Scene::set().await;
    let list = scene.tenant.owner.http.get("/v1/contacts").await.ok();
    let contact = list["items"][0]["id"].as_str().expect("a contact").to_owned();
    let change = json!({ "name": "Zoë Müller", "email": "zoe@shop.example", "phone": "+49 170 1234567" });
    scene.tenant.owner.http.patch(&format!("/v1/contacts/{contact}"), change).await.ok();
    for q in ["zoe", "mull", "shop", "49170", "zoe%20muller"] {
        let found = scene.ask(&format!("q={q}")).await;
        assert_eq!(found["contacts"][0]["contact"]["id"], contact.as_str(), "{q}");
        assert_eq!(found["contacts"][0]["conversation_id"], scene.visitor.conversation());
    }
    assert!(scene.ask("q=anna").await["contacts"].as_array().is_some_and(Vec::is_empty));
}

#[tokio::test]
async fn a_question_without_a_word_is_refused() {
    let scene = Scene::set().await;
    let http = &scene.tenant.owner.http;
    assert_eq!(http.get("/v1/search?q=%3F%21").await.is(422)["fields"][0]["code"], "empty");
    assert_eq!(http.get(&format!("/v1/search?q={}", "x".repeat(201))).await.is(422)["fields"][0]["code"], "too_long");
    for q in ["%27%29%3B%20drop", "%22", "a%3A%2A%26%7C", "%00par"] {
        let status = http.get(&format!("/v1/search?q={q}")).await.status;
        assert!(status == 200 || status == 422, "{q}: {status}");
    }
}

#[tokio::test]
async fn what_was_said_before_the_search_existed_is_read_in_by_jobs() {
    let scene = Scene::set().await;
    assert_eq!(scene.finds("parcel").await, [1]);
    let ctx = scene.app.ctx();
    let unit = ctx.db.write(Whose::Platform).await.expect("a unit");
    unit.conn().execute_unprepared("delete from search_entry").await.expect("deleted");
    unit.commit().await.expect("committed");
    assert!(scene.finds("parcel").await.is_empty(), "the premise: it is gone");
    let mut unit = ctx.db.write(Whose::Platform).await.expect("a unit");
    let (payload, run_at) = (json!({ "of": "contacts" }), scene.app.clock().now());
    unit.enqueue(NewJob { kind: "search.fill", tenant: None, payload, run_at, unique_key: None });
    unit.commit().await.expect("committed");
    scene.app.run_due().await;
    assert_eq!(scene.finds("parcel").await, [1]);
}
