//! Conversations and messages, from both sides.

use harness::{Agent, Tenant, TestApp, Visitor, Widget, client_id};
use serde_json::{Value, json};

const SHOP: &str = "http://localhost:3000";

struct Scene {
    app: TestApp,
    tenant: Tenant,
    widget: Widget,
    visitor: Visitor,
}

impl Scene {
    /// A tenant, a widget and a visitor who has written `words`.
    async fn with(words: &str) -> Self {
        let app = TestApp::start().await;
        let mut tenant = app.tenant("Acme").await;
        let widget = tenant.has_widget(SHOP).await;
        let mut visitor = app.visitor(&widget).await;
        visitor.says(words).await;
        tenant.owner.opens(visitor.conversation());
        Self { app, tenant, widget, visitor }
    }

    async fn row(&self) -> Value {
        let path = format!("/v1/conversations/{}", self.visitor.conversation());
        self.owner().http.get(&path).await.ok()["conversation"].clone()
    }

    fn owner(&self) -> &Agent {
        &self.tenant.owner
    }

    async fn set_status(&self, status: &str) -> Value {
        let path = format!("/v1/conversations/{}", self.visitor.conversation());
        self.owner().http.patch(&path, json!({ "status": status })).await.ok()
    }
}

fn seqs(messages: &[Value]) -> Vec<i64> {
    messages.iter().filter_map(|message| message["seq"].as_i64()).collect()
}

#[tokio::test]
async fn words_travel_both_ways_with_dense_numbers() {
    let mut scene = Scene::with("Is the lamp in stock?").await;
    scene.owner().says("It is!").await;
    scene.visitor.says("Lovely").await;
    let messages = scene.owner().reads(scene.visitor.conversation()).await;
    assert_eq!(seqs(&messages), [1, 2, 3]);
    let kinds: Vec<_> = messages.iter().map(|message| message["author"]["kind"].as_str()).collect();
    assert_eq!(kinds, [Some("visitor"), Some("agent"), Some("visitor")]);
    assert_eq!(messages[1]["author"]["name"], "Olga Owner");
    let theirs: Vec<_> = scene.visitor.reads().await.iter().map(|message| message["body"].clone()).collect();
    assert_eq!(theirs, ["Is the lamp in stock?", "It is!", "Lovely"]);
}

#[tokio::test]
async fn rel_07_the_same_client_id_is_the_same_message() {
    let scene = Scene::with("hello").await;
    let body = json!({ "client_id": client_id(), "body": "once" });
    let first = scene.owner().posts(body.clone()).await.is(201);
    for _ in 0..5 {
        let again = scene.owner().posts(body.clone()).await.is(200);
        assert_eq!(again["message"]["id"], first["message"]["id"]);
        assert_eq!(again["message"]["seq"], first["message"]["seq"]);
    }
    let other = json!({ "client_id": body["client_id"], "body": "twice" });
    assert_eq!(scene.owner().posts(other).await.is(409)["code"], "client_id_reused");
    assert_eq!(seqs(&scene.visitor.reads().await), [1, 2]);
}

#[tokio::test]
async fn rel_07_copies_sent_at_once_become_one() {
    let scene = Scene::with("hello").await;
    let body = json!({ "client_id": client_id(), "body": "all at once" });
    let answers = futures::future::join_all((0..20).map(|_| scene.owner().posts(body.clone()))).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 1, "one is new, the rest are repeats");
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 200));
    assert_eq!(seqs(&scene.visitor.reads().await), [1, 2]);
}

#[tokio::test]
async fn rel_08_many_writers_share_one_dense_sequence() {
    let scene = Scene::with("hello").await;
    let writes =
        (0..100).map(|n| scene.owner().posts(json!({ "client_id": client_id(), "body": format!("line {n}") })));
    let answers = futures::future::join_all(writes).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert_eq!(seqs(&scene.owner().reads(scene.visitor.conversation()).await), (1..=101).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_first_words_are_answered_again_when_the_answer_was_lost() {
    let app = TestApp::start().await;
    let tenant = app.tenant("Acme").await;
    let widget = tenant.has_widget(SHOP).await;
    let visitor = app.visitor(&widget).await;
    let body = json!({ "client_id": client_id(), "body": "anybody there?" });
    let first = visitor.posts(body.clone()).await.is(201);
    let again = visitor.posts(body).await.is(200);
    assert_eq!(first["conversation"]["id"], again["conversation"]["id"]);
    assert_eq!(first["message"]["id"], again["message"]["id"]);
    assert_eq!(first["handle"], again["handle"], "whoever lost the answer is still recognised later");
    assert_eq!(tenant.owner.http.get("/v1/conversations").await.ok()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn race_01_two_tabs_that_begin_at_once_share_one_conversation() {
    let app = TestApp::start().await;
    let tenant = app.tenant("Acme").await;
    let widget = tenant.has_widget(SHOP).await;
    let visitor = app.visitor(&widget).await;
    let tabs = (0..8).map(|n| visitor.posts(json!({ "client_id": client_id(), "body": format!("tab {n}") })));
    let answers = futures::future::join_all(tabs).await;
    let ids: std::collections::BTreeSet<_> =
        answers.into_iter().map(|answer| answer.is(201)["conversation"]["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(tenant.owner.http.get("/v1/conversations").await.ok()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_closed_conversation_reopens_when_the_visitor_writes() {
    let mut scene = Scene::with("hello").await;
    for closed in ["resolved", "snoozed"] {
        assert_eq!(scene.set_status(closed).await["status"], closed);
        scene.visitor.says("one more thing").await;
        assert_eq!(scene.row().await["status"], "open", "from {closed}");
    }
    scene.set_status("archived").await;
    let refused = scene.visitor.posts(json!({ "client_id": client_id(), "body": "hello?" })).await.is(409);
    assert_eq!(refused["code"], "conversation_archived");
}

#[tokio::test]
async fn a_visitor_with_a_new_conversation_cannot_reopen_the_old_one() {
    let mut scene = Scene::with("the first").await;
    let old = scene.visitor.conversation().to_owned();
    scene.set_status("resolved").await;
    scene.visitor.conversation = None;
    scene.visitor.says("the second").await;
    assert_ne!(scene.visitor.conversation(), old);
    scene.visitor.conversation = Some(old.clone());
    let refused = scene.visitor.posts(json!({ "client_id": client_id(), "body": "back to the first" })).await.is(409);
    assert_eq!(refused["code"], "another_conversation_open");
    let refused =
        scene.owner().http.patch(&format!("/v1/conversations/{old}"), json!({ "status": "open" })).await.is(409);
    assert_eq!(refused["code"], "another_conversation_open");
}

#[tokio::test]
async fn notes_never_reach_the_visitor() {
    let mut scene = Scene::with("hello").await;
    scene.visitor.listens().await;
    let note = json!({ "client_id": client_id(), "body": "difficult customer", "visibility": "note" });
    scene.owner().posts(note).await.is(201);
    scene.owner().says("How can I help?").await;
    scene.visitor.sees("How can I help?").await;
    let heard = scene.visitor.live().settled().await;
    assert!(!serde_json::to_string(&heard).expect("json").contains("difficult"), "{heard:?}");
    assert!(scene.visitor.reads().await.iter().all(|message| message["visibility"] == "public"));
    assert_eq!(scene.owner().reads(scene.visitor.conversation()).await.len(), 3, "the team does see it");
    assert_eq!(scene.row().await["preview"], "How can I help?");
    let refused = scene.visitor.posts(json!({ "client_id": client_id(), "body": "x", "visibility": "note" })).await;
    assert_eq!(refused.status, 400, "visitors have no such member");
}

#[tokio::test]
async fn receipts_move_forward_and_unread_is_what_counting_gives() {
    let mut scene = Scene::with("one").await;
    scene.visitor.says("two").await;
    scene.visitor.says("three").await;
    assert_eq!(scene.row().await["unread"], 3);
    let read = format!("/v1/conversations/{}/read", scene.visitor.conversation());
    scene.owner().http.post(&read, json!({ "seq": 2 })).await.is(204);
    assert_eq!(scene.row().await["unread"], 1);
    scene.owner().http.post(&read, json!({ "seq": 1 })).await.is(204);
    assert_eq!(scene.row().await["receipts"]["agent_read_seq"], 2, "never backwards");
    scene.owner().http.post(&read, json!({ "seq": 999 })).await.is(204);
    assert_eq!(scene.row().await["receipts"]["agent_read_seq"], 3, "never beyond the last message");
    assert_eq!(scene.row().await["unread"], 0);
    let states: Vec<_> = scene.visitor.reads().await.iter().map(|message| message["delivery"].clone()).collect();
    assert_eq!(states, ["read", "read", "read"]);
    scene.owner().says("four").await;
    let mine = scene.visitor.http.get("/widget/v1/conversations").await.ok();
    assert_eq!(mine["items"][0]["unread"], 1);
    let read = format!("/widget/v1/conversations/{}/read", scene.visitor.conversation());
    scene.visitor.http.post(&read, json!({ "seq": 4 })).await.is(204);
    assert_eq!(scene.owner().reads(scene.visitor.conversation()).await[3]["delivery"], "read");
}

#[tokio::test]
async fn an_answer_reads_what_came_before_it() {
    let mut scene = Scene::with("one").await;
    scene.visitor.says("two").await;
    scene.owner().says("an answer").await;
    let row = scene.row().await;
    assert_eq!((row["unread"].as_i64(), row["receipts"]["agent_read_seq"].as_i64()), (Some(0), Some(3)));
    assert_eq!(scene.owner().http.get("/v1/unread").await.ok(), json!({ "total": 0, "mine": 0, "unassigned": 0 }));
}

#[tokio::test]
async fn lists_filter_sort_and_page_without_a_gap() {
    let app = TestApp::start().await;
    let tenant = app.tenant("Acme").await;
    let widget = tenant.has_widget(SHOP).await;
    let mut ids = Vec::new();
    for n in 0..7 {
        let mut visitor = app.visitor(&widget).await;
        visitor.says(&format!("number {n}")).await;
        ids.push(visitor.conversation().to_owned());
        app.later(std::time::Duration::from_secs(1));
    }
    let http = &tenant.owner.http;
    let mut seen = Vec::new();
    let mut path = "/v1/conversations?limit=3".to_owned();
    loop {
        let page = http.get(&path).await.ok();
        seen.extend(
            page["items"].as_array().expect("items").iter().map(|row| row["id"].as_str().expect("an id").to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/conversations?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    let mut newest_first = ids.clone();
    newest_first.reverse();
    assert_eq!(seen, newest_first);
    let oldest = http.get("/v1/conversations?sort=oldest&limit=1").await.ok();
    assert_eq!(oldest["items"][0]["id"], ids[0].as_str());
    let assign = format!("/v1/conversations/{}/assign", ids[2]);
    http.post(&assign, json!({ "agent_id": tenant.owner.id })).await.ok();
    let count = async |query: &str| {
        http.get(&format!("/v1/conversations?{query}")).await.ok()["items"].as_array().map(Vec::len)
    };
    assert_eq!(count("view=mine").await, Some(1));
    assert_eq!(count("view=unassigned").await, Some(6));
    assert_eq!(count(&format!("assignee={}", tenant.owner.id)).await, Some(1));
    assert_eq!(count("status=resolved").await, Some(0));
    for bad in ["view=x", "status=x", "sort=x", "limit=0", "limit=101", "cursor=x", "colour=red", "assignee=me"] {
        assert!((400..500).contains(&http.get(&format!("/v1/conversations?{bad}")).await.status), "{bad}");
    }
}

#[tokio::test]
async fn a_thread_pages_both_ways() {
    let scene = Scene::with("hello").await;
    for n in 0..9 {
        scene.owner().says(&format!("line {n}")).await;
    }
    let path = format!("/v1/conversations/{}/messages", scene.visitor.conversation());
    let part = async |query: &str| {
        let page = scene.owner().http.get(&format!("{path}?{query}")).await.ok();
        (seqs(page["items"].as_array().expect("items")), page["has_more"] == true)
    };
    assert_eq!(part("limit=4").await, (vec![7, 8, 9, 10], true));
    assert_eq!(part("limit=4&before_seq=7").await, (vec![3, 4, 5, 6], true));
    assert_eq!(part("limit=4&before_seq=3").await, (vec![1, 2], false));
    assert_eq!(part("limit=4&after_seq=8").await, (vec![9, 10], false));
    assert_eq!(scene.owner().http.get(&format!("{path}?before_seq=1&after_seq=1")).await.status, 422);
}

#[tokio::test]
async fn only_those_who_may_write_do() {
    let mut scene = Scene::with("hello").await;
    let mut viewer = scene.tenant.invites(&scene.app, "Vera Viewer", "viewer").await;
    let mut agent = scene.tenant.invites(&scene.app, "Anton Agent", "agent").await;
    for person in [&mut viewer, &mut agent] {
        person.opens(scene.visitor.conversation());
    }
    agent.says("I may").await;
    let refused = viewer.posts(json!({ "client_id": client_id(), "body": "may I?" })).await.is(403);
    assert_eq!(refused["code"], "role_required");
    let assign = format!("/v1/conversations/{}/assign", scene.visitor.conversation());
    agent.http.post(&assign, json!({ "agent_id": agent.id })).await.ok();
    viewer.http.post(&assign, json!({ "agent_id": null })).await.is(403);
    agent.http.post(&assign, json!({ "agent_id": viewer.id })).await.is(422);
    assert_eq!(viewer.reads(scene.visitor.conversation()).await.len(), 2, "a viewer does read");
    scene.visitor.says("thanks").await;
}

#[tokio::test]
async fn a_visitor_comes_back_to_their_words_and_sees_nobody_elses() {
    let scene = Scene::with("remember me").await;
    let handle = scene.visitor.handle.clone().expect("a handle");
    let back = Visitor::arrives(scene.app.doors(), &scene.widget, Some(&handle)).await;
    assert_eq!((back.id.as_str(), back.conversation()), (scene.visitor.id.as_str(), scene.visitor.conversation()));
    let mut stranger = Visitor::arrives(scene.app.doors(), &scene.widget, Some("vh_nonsense")).await;
    assert_ne!(stranger.id, scene.visitor.id);
    assert_eq!(stranger.conversation, None);
    stranger.says("somebody else").await;
    let path = format!("/widget/v1/conversations/{}/messages", scene.visitor.conversation());
    assert_eq!(stranger.http.get(&path).await.status, 404);
    assert_eq!(stranger.http.post(&path, json!({ "client_id": client_id(), "body": "x" })).await.status, 404);
}

#[tokio::test]
async fn nothing_exists_before_the_visitor_acts() {
    let app = TestApp::start().await;
    let tenant = app.tenant("Acme").await;
    let widget = tenant.has_widget(SHOP).await;
    let visitor = app.visitor(&widget).await;
    let context =
        json!({ "context": { "title": "Lamp" }, "page": { "url": "http://localhost:3000/lamp?x=1", "title": "Lamp" } });
    assert_eq!(visitor.http.patch("/widget/v1/visitor", context).await.ok()["known"], false);
    let contacts = async || tenant.owner.http.get("/v1/contacts").await.ok()["items"].as_array().map(Vec::len);
    assert_eq!(contacts().await, Some(0));
    let named = visitor.http.patch("/widget/v1/visitor", json!({ "name": "Nora" })).await.ok();
    assert_eq!((named["known"].as_bool(), named["verified"].as_bool()), (Some(true), Some(false)));
    assert_eq!(contacts().await, Some(1));
}

#[tokio::test]
async fn bulk_changes_many_and_says_what_they_are_now() {
    let scene = Scene::with("hello").await;
    let body = json!({ "ids": [scene.visitor.conversation()], "status": "resolved", "assignee": scene.owner().id });
    let changed = scene.owner().http.post("/v1/conversations/bulk", body).await.ok();
    assert_eq!(changed["items"][0]["status"], "resolved");
    assert_eq!(changed["items"][0]["assignee"]["id"], scene.owner().id.as_str());
    assert_eq!(scene.owner().http.post("/v1/conversations/bulk", json!({ "ids": [] })).await.status, 422);
}

#[tokio::test]
async fn conversations_of_somebody_who_left_become_nobodys() {
    let scene = Scene::with("hello").await;
    let agent = scene.tenant.invites(&scene.app, "Anton Agent", "agent").await;
    let assign = format!("/v1/conversations/{}/assign", scene.visitor.conversation());
    scene.owner().http.post(&assign, json!({ "agent_id": agent.id })).await.ok();
    assert_eq!(scene.row().await["assignee"]["name"], "Anton Agent");
    scene.owner().http.delete(&format!("/v1/agents/{}", agent.id)).await.is(204);
    scene.app.run_due().await;
    assert_eq!(scene.row().await["assignee"], Value::Null);
}
