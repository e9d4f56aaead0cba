//! Those who listen all along: closed, cut off or not answered, they come back at their last position, elsewhere.

use std::collections::BTreeSet;
use std::time::Duration;

use harness::{Agent, Doors, Live, Visitor};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::Told;
use crate::stage::PUBLIC_URL;

/// How long a process may take to welcome somebody before they try another one.
const SILENT: Duration = Duration::from_secs(3);
/// How long the last of what was missed may take once all is well.
const LATEST: Duration = Duration::from_secs(60);

/// What one of them was told.
pub struct Heard {
    pub who: String,
    pub told: Told,
}

/// One who listens.
pub struct Ear {
    who: String,
    path: &'static str,
    token: String,
    after: String,
    live: Vec<Doors>,
    at: usize,
    told: Told,
}

impl Ear {
    pub fn of_team(agent: &Agent, after: &str, live: &[Doors], at: usize) -> Self {
        let token = agent.http.token().expect("signed in").to_owned();
        Self::new("the team", "/v1/live", token, after, live, at)
    }

    /// From before their first words.
    pub fn of_visitor(visitor: &Visitor, live: &[Doors], at: usize) -> Self {
        let token = visitor.http.token().expect("a session").to_owned();
        Self::new(&visitor.id, "/widget/v1/live", token, visitor.position.as_str().expect("a position"), live, at)
    }

    fn new(who: &str, path: &'static str, token: String, after: &str, live: &[Doors], at: usize) -> Self {
        let (who, after, live, told) = (who.to_owned(), after.to_owned(), live.to_vec(), Told::new());
        Self { who, path, token, after, live, at, told }
    }

    /// Listens until everything that is there at the end was heard. A visitor hears of their own conversation only.
    pub async fn hears(mut self, mut until: watch::Receiver<Option<BTreeSet<String>>>) -> Heard {
        let mut latest = None;
        loop {
            let Some(mut live) = self.connects().await else {
                self.at = (self.at + 1) % self.live.len();
                sleep(Duration::from_millis(rand::random_range(50..200))).await;
                continue;
            };
            while live.closed.is_none() {
                let frame = live.frame(Instant::now() + Duration::from_millis(500)).await;
                frame.iter().for_each(|frame| self.keeps(frame));
                let Some(all) = until.borrow_and_update().clone() else { continue };
                let latest = *latest.get_or_insert(Instant::now() + LATEST);
                let missing = self.missing(&all);
                if missing == 0 && frame.is_none() {
                    return Heard { who: self.who, told: self.told };
                }
                assert!(Instant::now() < latest, "{} was never told of {missing} messages", self.who);
            }
        }
    }

    fn missing(&self, all: &BTreeSet<String>) -> usize {
        let heard: BTreeSet<&String> = self.told.values().flatten().collect();
        match self.path {
            "/v1/live" => all.iter().filter(|id| !heard.contains(id)).count(),
            // what their conversation has is compared afterwards; here it is enough that it is quiet
            _ => 0,
        }
    }

    async fn connects(&self) -> Option<Live> {
        let base = &self.live[self.at].public;
        let mut live = timeout(SILENT, Live::open(base, self.path, PUBLIC_URL)).await.ok()?.ok()?;
        live.send(json!({ "type": "hello", "token": self.token, "after": self.after })).await;
        let welcome = live.frame(Instant::now() + SILENT).await?;
        // a process whose database is away says so and closes; whoever is welcomed must be told all they missed
        if welcome["type"] != "welcome" {
            return None;
        }
        assert_eq!(welcome["resumed"], true, "{}: {welcome}", self.who);
        Some(live)
    }

    fn keeps(&mut self, frame: &Value) {
        if let Some(position) = frame["position"].as_str().filter(|_| frame["at"].is_string()) {
            self.after = position.to_owned();
        }
        if frame["type"] == "message_posted" {
            let conversation = frame["conversation_id"].as_str().expect("a conversation").to_owned();
            let id = frame["message"]["id"].as_str().expect("an id").to_owned();
            self.told.entry(conversation).or_default().push(id);
        }
    }
}
