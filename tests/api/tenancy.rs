//! The wall between tenants: what is not yours is not there, byte for byte.

use harness::Http;
use reqwest::Method;
use serde_json::{Value, json};

use crate::document::Operation;
use crate::world::{Side, World, never};

/// Every route of the document that names an object, asked by people of another tenant.
#[tokio::test]
async fn iso_02_another_tenants_id_answers_like_one_that_never_was() {
    let world = World::new().await;
    let before = belongings(&world.acme).await;
    let mut tried = 0;
    for operation in world.operations.iter().filter(|operation| is_theirs(operation)) {
        let prefix = operation.object().expect("an object");
        let Some(foreign) = world.acme.ids.get(prefix) else { panic!("{}: Acme has no {prefix}", operation.path) };
        let body = operation.example();
        let theirs = world.call(&world.rival, operation, foreign, body.clone()).await;
        let nobodys = world.call(&world.rival, operation, &never(prefix), body).await;
        assert_eq!(theirs.fingerprint(), nobodys.fingerprint(), "{} {}", operation.method, operation.path);
        theirs.refused(404, "not_found");
        tried += 1;
    }
    assert!(tried > 15, "only {tried} routes were tried");
    assert_eq!(belongings(&world.acme).await, before, "something of Acme's was touched");
}

/// The premise of the sweep: the same ids work for those whose they are.
#[tokio::test]
async fn iso_02_their_own_people_see_what_the_sweep_hides() {
    let world = World::new().await;
    let reading = world.operations.iter().filter(|operation| is_theirs(operation) && operation.method == Method::GET);
    for operation in reading {
        let own = &world.acme.ids[operation.object().expect("an object")];
        let answer = world.call(&world.acme, operation, own, None).await;
        // Meta would be asked, and the account of the test was never connected
        if operation.path.ends_with("/profile") && operation.path.contains("/whatsapp/") {
            answer.refused(409, "account_disconnected");
            continue;
        }
        assert!(matches!(answer.status, 200..=299 | 302), "{}: {} {}", answer.asked, answer.status, answer.text);
    }
}

/// Ids inside bodies and queries are held to the same rule.
#[tokio::test]
async fn iso_02_foreign_ids_in_bodies_answer_like_ids_that_never_were() {
    let world = World::new().await;
    let (foreign, own) = (&world.acme.ids, &world.rival.ids);
    let http = &world.rival.tenant.owner.http;
    let assign = format!("/v1/conversations/{}/assign", own["cnv"]);
    same(http, Method::POST, &assign, |id| json!({ "agent_id": id }), &foreign["agt"]).await;
    same(
        http,
        Method::POST,
        "/v1/conversations/bulk",
        |id| json!({ "ids": [id], "status": "resolved" }),
        &foreign["cnv"],
    )
    .await;
    let bulk_assign = |id: &str| json!({ "ids": [own["cnv"]], "assignee": id });
    same(http, Method::POST, "/v1/conversations/bulk", bulk_assign, &foreign["agt"]).await;
    let reply = format!("/v1/conversations/{}/messages", own["cnv"]);
    let message = &world.acme.tenant.owner.reads(&foreign["cnv"]).await[0]["id"];
    let body = |id: &str| json!({ "client_id": "reply-1", "body": "hello", "reply_to": id });
    same(http, Method::POST, &reply, body, message.as_str().expect("an id")).await;
    for (filter, prefix) in [("assignee", "agt"), ("contact", "con")] {
        let theirs = http.get(&format!("/v1/conversations?{filter}={}", foreign[prefix])).await;
        let nobodys = http.get(&format!("/v1/conversations?{filter}={}", never(prefix))).await;
        assert_eq!(theirs.fingerprint(), nobodys.fingerprint(), "{filter}");
    }
    let merge = format!("/v1/contacts/{}/merge", own["con"]);
    same(http, Method::POST, &merge, |id| json!({ "with": id }), &foreign["con"]).await;
    let attach = |id: &str| json!({ "client_id": "attach-1", "file_ids": [id] });
    same(http, Method::POST, &reply, attach, &foreign["fil"]).await;
    let link = |id: &str| json!({ "items": [{ "id": id, "variant": "full" }] });
    let links = http.post("/v1/files/links", link(&foreign["fil"])).await;
    assert_eq!(links.fingerprint(), http.post("/v1/files/links", link(&never("fil"))).await.fingerprint());
    assert_eq!(world.acme.tenant.owner.reads(&foreign["cnv"]).await.len(), 2);
}

/// A visitor holds a capability for their own conversation and what is in it, and nothing else.
#[tokio::test]
async fn iso_01_a_visitor_reaches_no_conversation_but_their_own() {
    let world = World::new().await;
    let mut neighbour = world.app.visitor(&world.acme.widget).await;
    neighbour.says("me too").await;
    let operations =
        world.operations.iter().filter(|o| o.caller.as_deref() == Some("visitor") && o.path.contains("{id}"));
    let mut tried = 0;
    for operation in operations {
        let ask = |http: &Http, id: &str| {
            let (http, path) = (http.clone(), operation.path_of(id));
            async move { http.send(operation.method.clone(), &path, operation.example()).await }
        };
        let prefix = operation.object().expect("an object");
        let mine = &world.acme.ids[prefix];
        let nobodys = ask(&neighbour.http, &never(prefix)).await;
        for outsider in [&neighbour.http, &world.rival.visitor.http] {
            let refused = ask(outsider, mine).await;
            assert_eq!(refused.fingerprint(), nobodys.fingerprint(), "{} {}", operation.method, operation.path);
            refused.refused(404, "not_found");
        }
        let own = ask(&world.acme.visitor.http, mine).await;
        // a file that was sent is the team's to erase
        let wanted = if operation.method == Method::DELETE { 403..=403 } else { 200..=302 };
        assert!(wanted.contains(&own.status), "{}: {} {}", own.asked, own.status, own.text);
        tried += 1;
    }
    assert!(tried >= 6, "only {tried} routes were tried");
}

/// Lists, counts and searches of one tenant hold nothing of the other.
#[tokio::test]
async fn iso_02_lists_hold_only_ones_own() {
    let world = World::new().await;
    for operation in world.operations.iter().filter(|o| o.method == Method::GET && o.caller.as_deref() == Some("agent"))
    {
        if operation.path.contains('{') || operation.path.contains("live") {
            continue;
        }
        let own = world.call(&world.rival, operation, "", None).await;
        for (prefix, id) in &world.acme.ids {
            assert!(
                !own.text.contains(id.as_str()),
                "{} shows Rival the {prefix} of Acme: {}",
                operation.path,
                own.text
            );
        }
    }
    let found = world.rival.tenant.owner.http.get("/v1/contacts?q=a").await.ok();
    assert!(!found.to_string().contains(&world.acme.ids["con"]));
}

async fn same(http: &Http, method: Method, path: &str, body: impl Fn(&str) -> Value, foreign: &str) {
    let never = never(&foreign[..3]);
    let theirs = http.send(method.clone(), path, Some(body(foreign))).await;
    let nobodys = http.send(method, path, Some(body(&never))).await;
    assert!(theirs.status >= 400, "{path} took a foreign id: {}", theirs.text);
    assert_eq!(theirs.fingerprint(), nobodys.fingerprint(), "{path}");
}

/// Routes on an object of a tenant. The frame's page is the same for every unknown widget, see `embed.rs`; the
/// operators' routes stand above tenants.
fn is_theirs(operation: &Operation) -> bool {
    operation.path.contains('{') && matches!(operation.caller.as_deref(), Some("agent" | "visitor"))
}

/// Everything of a side as its owner sees it.
pub async fn belongings(side: &Side) -> Vec<Value> {
    let http = &side.tenant.owner.http;
    let (conversation, widget) = (&side.ids["cnv"], &side.ids["wgt"]);
    let paths = [
        format!("/v1/conversations/{conversation}"),
        format!("/v1/conversations/{conversation}/messages"),
        format!("/v1/widgets/{widget}"),
        format!("/v1/widgets/{widget}/domains"),
        format!("/v1/contacts/{}", side.ids["con"]),
        "/v1/invitations".to_owned(),
        "/v1/sessions".to_owned(),
    ];
    let mut all = Vec::new();
    for path in paths {
        let mut body = http.get(&path).await.ok();
        forget_activity(&mut body);
        all.push(body);
    }
    all
}

/// When somebody was last seen moves by looking.
fn forget_activity(body: &mut Value) {
    match body {
        Value::Object(members) => {
            members.remove("last_seen_at");
            members.remove("position");
            members.values_mut().for_each(forget_activity);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_activity),
        _ => {}
    }
}
