//! People who write and do not give up: every message is sent with the same client id until it is acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use harness::{Agent, Doors, Http, Visitor, Widget, client_id};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::acks::{Ack, Acks};
use crate::stage::Stage;

/// Everybody who writes.
pub struct Load {
    /// What they were promised.
    pub acks: Acks,
    /// How often a send had to be tried again.
    pub retries: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    people: JoinSet<()>,
}

/// One who writes to one conversation.
struct Writer {
    http: Http,
    path: String,
    who: Who,
    doors: Doors,
    load: (Acks, Arc<AtomicU32>, Arc<AtomicBool>),
}

enum Who {
    Visitor { widget: Widget, handle: String },
    Agent { email: String },
}

impl Load {
    /// Visitors who each open a conversation, and as many agents' tabs as a tenth of them, answering there.
    pub async fn start(stage: &Stage, visitors: usize) -> Self {
        let mut load =
            Self { acks: Acks::start(), retries: Arc::default(), stop: Arc::default(), people: JoinSet::new() };
        for number in 0..visitors {
            let mut visitor = stage.visitor().await;
            load.open(&mut visitor).await;
            let conversation = visitor.conversation().to_owned();
            let who = Who::Visitor { widget: stage.widget.clone(), handle: visitor.handle.clone().expect("a handle") };
            let path = format!("/widget/v1/conversations/{conversation}/messages");
            load.add(stage, visitor.http.clone(), path, who);
            if number % 10 == 0 {
                let who = Who::Agent { email: stage.owner.email.clone() };
                let path = format!("/v1/conversations/{conversation}/messages");
                load.add(stage, stage.owner.http.clone(), path, who);
            }
        }
        load
    }

    async fn open(&self, visitor: &mut Visitor) {
        let opened = visitor.posts(json!({ "client_id": client_id(), "body": "the first words" })).await.is(201);
        visitor.keeps(&opened);
        self.acks.keep(Ack::of(&opened));
    }

    fn add(&mut self, stage: &Stage, http: Http, path: String, who: Who) {
        let load = (self.acks.clone(), self.retries.clone(), self.stop.clone());
        let writer = Writer { http, path, who, doors: stage.server.doors.clone(), load };
        self.people.spawn(writer.write());
    }

    /// Lets everybody finish the message in their hands.
    pub async fn end(&mut self) {
        self.stop.store(true, Ordering::Release);
        while let Some(done) = self.people.join_next().await {
            done.expect("nobody panicked");
        }
    }
}

impl Writer {
    async fn write(mut self) {
        let mut number = 0;
        while !self.load.2.load(Ordering::Acquire) {
            number += 1;
            let body = json!({ "client_id": client_id(), "body": format!("words number {number}") });
            let answer = self.until_acknowledged(&body).await;
            self.load.0.keep(Ack::of(&answer));
            // five messages a second, as a very fast writer
            sleep(Duration::from_millis(rand::random_range(100..300))).await;
        }
    }

    /// Nobody is waited for longer than a person would: but as long as it takes, since giving up proves nothing.
    async fn until_acknowledged(&mut self, body: &Value) -> Value {
        loop {
            match self.http.attempt(Method::POST, &self.path, Some(body.clone())).await {
                Ok(answer) if answer.status < 300 => return answer.body,
                Ok(answer) if answer.status == 401 => self.sign_in_again().await,
                Ok(answer) if answer.status == 503 => {}
                Ok(answer) => panic!("{}: {} {}", answer.asked, answer.status, answer.text),
                Err(_) => {}
            }
            self.load.1.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(rand::random_range(20..200))).await;
        }
    }

    /// Access tokens last ten minutes; a long run outlives them.
    async fn sign_in_again(&mut self) {
        self.http = match &self.who {
            Who::Visitor { widget, handle } => Visitor::arrives(&self.doors, widget, Some(handle)).await.http,
            Who::Agent { email } => Agent::signs_in(&self.doors, email).await.http,
        };
    }
}

/// Fewest kills that prove anything, however short the run was to be.
pub const FEWEST: usize = 4;

/// A number from the environment.
pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
