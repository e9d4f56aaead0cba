//! Conversations with a watch in hand: how long each text took to be acknowledged, and to be heard.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use harness::{Agent, Http, Live, PATIENCE, Visitor, client_id};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::Outage;
use crate::acks::{Ack, Acks};
use crate::stage::Stage;

const TALKS: usize = 6;

/// Somebody who listens all along, and when they heard which message first.
pub struct Ear(watch::Receiver<HashMap<String, Instant>>);

impl Ear {
    /// One more tab of the team's.
    pub async fn of_team(stage: &Stage) -> Self {
        let mut tab = stage.another_tab().await;
        tab.opens_inbox().await;
        let (heard, ear) = watch::channel(HashMap::new());
        tokio::spawn(async move { listen(Agent::live(&mut tab), &heard).await });
        Self(ear)
    }

    async fn of_visitor(mut visitor: Visitor) -> Self {
        visitor.position = Value::Null;
        visitor.listens().await;
        let (heard, ear) = watch::channel(HashMap::new());
        tokio::spawn(async move { listen(visitor.live(), &heard).await });
        Self(ear)
    }

    /// Waits until all of these were heard.
    pub async fn heard(&self, ids: impl Iterator<Item = String>) {
        let ids: Vec<String> = ids.collect();
        let mut ear = self.0.clone();
        let all = ear.wait_for(|heard| ids.iter().all(|id| heard.contains_key(id)));
        let in_time = matches!(timeout(PATIENCE * 3, all).await, Ok(Ok(_)));
        let heard = self.0.borrow();
        let missing: Vec<_> = ids.iter().filter(|id| !heard.contains_key(*id)).collect();
        assert!(in_time, "{} of {} texts were never heard: {missing:?}", missing.len(), ids.len());
    }

    fn when(&self, id: &str) -> Instant {
        self.0.borrow()[id]
    }
}

/// Until the socket closes, which it must not.
async fn listen(live: &mut Live, heard: &watch::Sender<HashMap<String, Instant>>) {
    while live.closed.is_none() {
        let Some(frame) = live.frame(Instant::now() + PATIENCE).await else { continue };
        if frame["type"] == "message_posted" {
            let id = frame["message"]["id"].as_str().expect("an id").to_owned();
            heard.send_modify(|heard| {
                heard.entry(id).or_insert_with(Instant::now);
            });
        }
    }
}

/// One text of whom, and when.
#[derive(Clone)]
struct Text {
    id: String,
    talk: usize,
    of_visitor: bool,
    sent: Instant,
    acked: Instant,
}

/// Visitors and agents who talk in turn.
pub struct Talks {
    /// What they were promised.
    pub acks: Acks,
    texts: Arc<Mutex<Vec<Text>>>,
    visitors: Vec<Ear>,
    stop: Arc<AtomicBool>,
    people: JoinSet<()>,
}

impl Talks {
    pub async fn start(stage: &Stage) -> Self {
        let (acks, texts, stop) = (Acks::start(), Arc::<Mutex<Vec<Text>>>::default(), Arc::<AtomicBool>::default());
        let (mut people, mut visitors) = (JoinSet::new(), Vec::new());
        for talk in 0..TALKS {
            let mut visitor = stage.visitor().await;
            visitor.says("Hello?").await;
            // a connection that others left idle may be closed by the server just when it is taken up again
            let tab = stage.another_tab().await;
            let sides = [(&visitor.http, "/widget"), (&tab.http, "")];
            let conversation = visitor.conversation();
            let path = |start: &str| format!("{start}/v1/conversations/{conversation}/messages");
            let sides = sides.map(|(http, start)| (http.clone(), path(start)));
            visitors.push(Ear::of_visitor(visitor).await);
            let (acks, texts, stop) = (acks.clone(), texts.clone(), stop.clone());
            people.spawn(async move {
                while !stop.load(Ordering::Acquire) {
                    for (side, of_visitor) in sides.iter().zip([true, false]) {
                        let text = said(side, talk, of_visitor, &acks).await;
                        texts.lock().unwrap_or_else(PoisonError::into_inner).push(text);
                        sleep(Duration::from_millis(rand::random_range(50..150))).await;
                    }
                }
            });
        }
        Self { acks, texts, visitors, stop, people }
    }

    /// Lets everybody finish the words in their mouths.
    pub async fn end(&mut self) {
        self.stop.store(true, Ordering::Release);
        while let Some(done) = self.people.join_next().await {
            done.expect("nobody panicked");
        }
    }

    fn all(&self) -> Vec<Text> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every visitor heard what the team said to them.
    pub async fn heard_by_visitors(&self) {
        let texts = self.all();
        for (talk, ear) in self.visitors.iter().enumerate() {
            let theirs = texts.iter().filter(|text| text.talk == talk && !text.of_visitor);
            ear.heard(theirs.map(|text| text.id.clone())).await;
        }
    }

    /// To be asked when all were heard.
    pub fn times(&self, team: &Ear, quiet: &[(Instant, Instant)], outages: &[Outage]) -> Measured {
        let away = outages.iter().map(|outage| (*outage, Times::default())).collect();
        let mut all = Measured { quiet: Times::default(), beside: Times::default(), away };
        for text in self.all() {
            let ear = if text.of_visitor { team } else { &self.visitors[text.talk] };
            let heard = ear.when(&text.id);
            let end = heard.max(text.acked);
            let met = all.away.iter_mut().find(|(outage, _)| outage.touches(text.sent, end));
            let times = match met {
                Some((_, times)) => times,
                None if quiet.iter().any(|(from, to)| text.sent > *from && end < *to) => &mut all.quiet,
                None => &mut all.beside,
            };
            times.acked.0.push(millis(text.acked - text.sent));
            times.heard.0.push(millis(heard - text.sent));
        }
        all
    }
}

/// Times of texts by what else was going on.
pub struct Measured {
    /// Nobody sent files.
    pub quiet: Times,
    /// Files were sent and looked at.
    pub beside: Times,
    /// The store was away.
    pub away: Vec<(Outage, Times)>,
}

/// A text that is refused fails the test: with the store away, none may be.
async fn said((http, path): &(Http, String), talk: usize, of_visitor: bool, acks: &Acks) -> Text {
    let body = json!({ "client_id": client_id(), "body": "Is it still there?" });
    let sent = Instant::now();
    let ack = Ack::of(&http.post(path, body).await.is(201));
    let acked = Instant::now();
    acks.keep(ack.clone());
    Text { id: ack.id, talk, of_visitor, sent, acked }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Times of texts sent under the same weather.
#[derive(Default)]
pub struct Times {
    acked: Sorted,
    heard: Sorted,
}

/// Milliseconds.
#[derive(Default)]
pub struct Sorted(Vec<f64>);

impl Times {
    pub fn count(&self) -> usize {
        self.acked.0.len()
    }

    /// Sorts them, too.
    pub fn shown(&mut self) -> String {
        format!("{} texts, acknowledged {}, heard {}", self.count(), self.acked.shown(), self.heard.shown())
    }

    /// What was timed, our times, theirs.
    pub fn beside<'a>(&'a self, other: &'a Self) -> [(&'static str, &'a Sorted, &'a Sorted); 2] {
        [("acknowledged", &self.acked, &other.acked), ("heard", &self.heard, &other.heard)]
    }
}

impl Sorted {
    /// The time that so large a part did not exceed.
    pub fn at(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get(((self.0.len() as f64 * part) as usize).min(last)).copied().unwrap_or(0.0)
    }

    fn shown(&mut self) -> String {
        self.0.sort_by(f64::total_cmp);
        format!("p50 {:.1} p99 {:.1} most {:.1} ms", self.at(0.5), self.at(0.99), self.at(1.0))
    }
}
