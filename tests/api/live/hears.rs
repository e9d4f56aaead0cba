//! What is heard, and by whom.

use std::collections::BTreeSet;

use harness::client_id;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id in {object}")).to_owned()
}

fn message_ids(frames: &[Value]) -> Vec<String> {
    let messages = frames.iter().filter(|frame| frame["type"] == "message_posted");
    messages.map(|frame| id_of(&frame["message"])).collect()
}

fn ids(messages: &[Value]) -> BTreeSet<String> {
    messages.iter().map(id_of).collect()
}

/// A listener of the differential oracle: what it heard over however many sockets.
#[derive(Default)]
struct Ear {
    heard: Vec<String>,
    after: Option<String>,
}

impl Ear {
    fn hears(&mut self, frames: &[Value]) {
        self.heard.extend(message_ids(frames));
        let last = frames.iter().rev().find_map(|frame| frame["position"].as_str().filter(|_| frame["at"].is_string()));
        self.after = last.map(str::to_owned).or(self.after.take());
    }
}

#[tokio::test]
async fn ws_01_what_http_shows_is_what_the_socket_tells_and_what_the_model_says() {
    let app = TestApp::start().await;
    let (tenant, widget) = acme(&app).await;
    let rival = app.tenant("Rival").await;
    let mut stranger = rival.owner;
    stranger.opens_inbox().await;
    let mut team = vec![tenant.invites(&app, "Mia", "agent").await, tenant.invites(&app, "Vera", "viewer").await];
    team.push(tenant.owner);
    let mut visitors = Vec::new();
    for _ in 0..3 {
        visitors.push(app.visitor(&widget).await);
    }
    let start = visitors[0].position.as_str().map(str::to_owned);
    for agent in &mut team {
        agent.listens(start.as_deref()).await;
    }
    let mut model: Vec<BTreeSet<String>> = vec![BTreeSet::new(); visitors.len()];
    for (at, visitor) in visitors.iter_mut().enumerate() {
        visitor.listens().await;
        model[at].insert(id_of(&visitor.says("hello").await));
    }
    let mut notes = BTreeSet::new();
    let seed = rand::random();
    let mut dice = StdRng::seed_from_u64(seed);
    let mut ears: Vec<Ear> = (0..team.len() + visitors.len()).map(|_| Ear::default()).collect();
    for step in 0..120 {
        let at = dice.random_range(0..visitors.len());
        let author = [0, 2][dice.random_range(0..2)];
        let conversation = visitors[at].conversation().to_owned();
        match dice.random_range(0..10) {
            0..4 => {
                let said = visitors[at].says(&format!("v{step}")).await;
                model[at].insert(id_of(&said));
            }
            4..7 => {
                let said = team[author].answers(&visitors[at], &format!("a{step}")).await;
                model[at].insert(id_of(&said));
            }
            7 => {
                let note = json!({ "client_id": client_id(), "body": format!("n{step}"), "visibility": "note" });
                team[author].opens(&conversation);
                let said = team[author].posts(note).await.is(201);
                notes.insert(id_of(&said["message"]));
            }
            8 => {
                let status = ["open", "pending", "resolved"][dice.random_range(0..3)];
                let path = format!("/v1/conversations/{conversation}");
                team[author].http.patch(&path, json!({ "status": status })).await.ok();
            }
            _ => {
                reconnect(dice.random_range(0..ears.len()), &mut team, &mut visitors, &mut ears, start.as_deref()).await
            }
        }
    }
    for (at, visitor) in visitors.iter_mut().enumerate() {
        model[at].insert(id_of(&visitor.says(&format!("last {at}")).await));
    }
    for (at, visitor) in visitors.iter_mut().enumerate() {
        let ear = &mut ears[team.len() + at];
        ear.hears(&everything_until(visitor.live(), &format!("last {at}")).await);
        let heard = dense(&ear.heard, seed);
        assert_eq!(heard, ids(&visitor.reads().await), "visitor {at}: socket and HTTP differ, seed {seed}");
        assert_eq!(heard, model[at], "visitor {at}: socket and model differ, seed {seed}");
    }
    let all: BTreeSet<String> = model.into_iter().flatten().chain(notes).collect();
    for (at, agent) in team.iter_mut().enumerate() {
        ears[at].hears(&everything_until(agent.live(), "last 2").await);
        let heard = dense(&ears[at].heard, seed);
        let mut shown = BTreeSet::new();
        for visitor in &visitors {
            shown.extend(ids(&agent.reads(visitor.conversation()).await));
        }
        assert_eq!(heard, shown, "agent {at}: socket and HTTP differ, seed {seed}");
        assert_eq!(heard, all, "agent {at}: socket and model differ, seed {seed}");
    }
    assert!(message_ids(&stranger.live().settled().await).is_empty(), "another tenant heard something");
}

/// Each exactly once.
fn dense(heard: &[String], seed: u64) -> BTreeSet<String> {
    let set: BTreeSet<String> = heard.iter().cloned().collect();
    assert_eq!(set.len(), heard.len(), "something was heard twice, seed {seed}");
    set
}

/// Somebody's connection breaks at whatever it had heard and comes back there.
async fn reconnect(at: usize, team: &mut [Agent], visitors: &mut [Visitor], ears: &mut [Ear], start: Option<&str>) {
    let ear = &mut ears[at];
    if let Some(agent) = team.get_mut(at) {
        ear.hears(&agent.live().settled().await);
        agent.listens(ear.after.as_deref().or(start)).await;
    } else {
        let visitor = &mut visitors[at - team.len()];
        ear.hears(&visitor.live().settled().await);
        if let Some(after) = &ear.after {
            visitor.position = json!(after);
        }
        visitor.listens().await;
    }
}

#[tokio::test]
async fn ws_07_two_browsers_hear_their_own_contact_only() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut anna = writer(&app, &widget).await;
    let mut ben = writer(&app, &widget).await;
    let mut phone = Visitor::arrives(app.doors(), &widget, anna.handle.as_deref()).await;
    assert_eq!(phone.id, anna.id, "the handle brings the same person back");
    phone.listens().await;
    tenant.owner.answers(&anna, "for anna").await;
    tenant.owner.answers(&ben, "for ben").await;
    anna.sees("for anna").await;
    phone.sees("for anna").await;
    let his = everything_until(ben.live(), "for ben").await;
    let others = his.iter().filter(|frame| !frame["conversation_id"].is_null());
    let foreign: Vec<_> = others.filter(|frame| frame["conversation_id"] != ben.conversation()).collect();
    assert!(foreign.is_empty(), "ben heard {foreign:?}");
}

#[tokio::test]
async fn ws_08_a_guessed_id_opens_nothing() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut rival = app.tenant("Rival").await.owner;
    let mut anna = writer(&app, &widget).await;
    let mut ben = writer(&app, &widget).await;
    tenant.owner.opens_inbox().await;
    rival.opens_inbox().await;
    tenant.owner.answers(&anna, "question").await;
    anna.sees("question").await;
    let path = format!("/v1/conversations/{}", anna.conversation());
    let before = tenant.owner.http.get(&path).await.ok()["conversation"]["receipts"].clone();
    let guess = anna.conversation().to_owned();
    let guesses = [
        json!({ "type": "typing", "conversation_id": guess, "on": true }),
        json!({ "type": "seen", "conversation_id": guess, "seq": 2, "state": "read" }),
        json!({ "type": "presence", "state": "online", "viewing": guess }),
    ];
    for live in [ben.live(), rival.live()] {
        for frame in &guesses {
            live.send(frame.clone()).await;
        }
        live.settled().await;
    }
    ben.says("done").await;
    let told = everything_until(tenant.owner.live(), "done").await;
    let crossed: Vec<_> = told.iter().filter(|frame| frame["type"] == "typing" || frame["type"] == "viewing").collect();
    assert!(crossed.is_empty(), "agents were told {crossed:?}");
    assert_eq!(
        tenant.owner.http.get(&path).await.ok()["conversation"]["receipts"],
        before,
        "a stranger moved a receipt"
    );
    // the premise: the visitor's own frames do all of it
    anna.live().send(guesses[0].clone()).await;
    anna.live().send(guesses[1].clone()).await;
    tenant.owner.live().expect(|frame| frame["type"] == "typing" && frame["conversation_id"] == guess).await;
    tenant.owner.live().expect(|frame| frame["type"] == "receipt_moved" && frame["seq"] == 2).await;
}

#[tokio::test]
async fn ws_10_typing_presence_and_viewing_stay_within_their_conversation_and_tenant() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut mia = tenant.invites(&app, "Mia", "agent").await;
    let mut rival = app.tenant("Rival").await.owner;
    rival.opens_inbox().await;
    let mut anna = writer(&app, &widget).await;
    let mut ben = writer(&app, &widget).await;
    tenant.owner.opens_inbox().await;
    mia.opens_inbox().await;
    let conversation = anna.conversation().to_owned();
    mia.live().send(json!({ "type": "presence", "state": "online", "viewing": conversation })).await;
    mia.live().send(json!({ "type": "typing", "conversation_id": conversation, "on": true })).await;
    let told = anna.live().sees("typing").await;
    assert_eq!((&told["author"]["kind"], &told["author"]["name"]), (&json!("agent"), &json!("Mia")));
    let viewing = tenant.owner.live().sees("viewing").await;
    assert_eq!(viewing["agents"], json!([{ "id": mia.id, "name": "Mia" }]));
    let here = json!({ "type": "presence", "conversation_id": conversation, "visitor": "online" });
    tenant.owner.live().expect(|frame| *frame == here).await;
    anna.live().expect(|frame| frame["type"] == "presence" && frame["online"] == true).await;

    mia.opens(ben.conversation());
    mia.says("the end").await;
    let his = everything_until(ben.live(), "the end").await;
    for kind in ["typing", "viewing"] {
        assert!(his.iter().all(|frame| frame["type"] != kind), "{kind} crossed to another conversation");
    }
    let theirs = rival.live().settled().await;
    let crossed =
        |frame: &&Value| matches!(frame["type"].as_str(), Some("typing" | "viewing")) || !frame["visitor"].is_null();
    assert_eq!(theirs.iter().find(crossed), None, "something crossed to another tenant");
    let others = theirs.iter().flat_map(|frame| frame["agents"].as_array().into_iter().flatten());
    assert!(others.into_iter().all(|agent| agent["id"] == rival.id), "another tenant's people were listed");

    drop(mia);
    let gone = json!({ "type": "viewing", "conversation_id": conversation, "agents": [] });
    tenant.owner.live().expect(|frame| *frame == gone).await;
}

#[tokio::test]
async fn receipts_travel_over_the_socket_and_back() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut anna = writer(&app, &widget).await;
    tenant.owner.opens_inbox().await;
    let (seen, conversation) = (json!("read"), anna.conversation().to_owned());
    let read = json!({ "type": "seen", "conversation_id": conversation, "seq": 1, "state": seen });
    tenant.owner.live().send(read).await;
    let moved = anna.live().sees("receipt_moved").await;
    assert_eq!(
        (&moved["side"], &moved["state"], &moved["seq"], &moved["unread"]),
        (&json!("agent"), &seen, &json!(1), &json!(0))
    );
    assert_eq!(anna.reads().await[0]["delivery"], "read");
}
