//! People who do not give up: each thing is sent again, to whichever process answers, until it is acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::{Agent, Answer, Doors, Http, Visitor, client_id, files};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

/// A process that says nothing for so long may be frozen: the same is sent to another one.
const SILENT: Duration = Duration::from_secs(3);
/// Longer than this nothing may keep a message from being acknowledged: longer than any fault, and a start.
const LONGEST: Duration = Duration::from_secs(60);

/// One acknowledged message.
#[derive(Clone, Debug)]
pub struct Ack {
    pub conversation: String,
    pub client_id: String,
    pub id: String,
    pub seq: i64,
    pub body: String,
}

/// What somebody was promised, or all of them.
#[derive(Default)]
pub struct Promised {
    pub acks: Vec<Ack>,
    /// Addresses that were invited.
    pub letters: Vec<String>,
    /// Ids of files.
    pub files: Vec<String>,
    retries: usize,
    longest: Duration,
}

impl Promised {
    pub fn join(&mut self, mut other: Self) {
        self.acks.append(&mut other.acks);
        self.letters.append(&mut other.letters);
        self.files.append(&mut other.files);
        self.retries += other.retries;
        self.longest = self.longest.max(other.longest);
    }

    /// Prints what happened.
    pub fn told(&self, faults: &[&'static str]) {
        let mut kinds = BTreeMap::<_, u32>::new();
        faults.iter().for_each(|fault| *kinds.entry(*fault).or_default() += 1);
        println!("{} faults: {kinds:?}", faults.len());
        let (letters, files) = (self.letters.len(), self.files.len());
        println!(
            "{} acknowledged, {} retries, {letters} invitations, {files} files; longest wait {:.1?}",
            self.acks.len(),
            self.retries,
            self.longest
        );
    }
}

/// Where requests can be sent, and until when.
pub struct Paths {
    doors: Vec<Http>,
    stop: Arc<AtomicBool>,
}

impl Paths {
    pub fn to(doors: &[Doors], stop: &Arc<AtomicBool>) -> Self {
        Self { doors: doors.iter().map(Doors::http).collect(), stop: stop.clone() }
    }

    /// A visitor, in their own conversation.
    pub fn visitor(&self, visitor: &Visitor, at: usize) -> Person {
        let path = format!("/widget/v1/conversations/{}/messages", visitor.conversation());
        self.person(visitor.http.token(), path, visitor.conversation(), at)
    }

    /// One of the team, in somebody's conversation.
    pub fn team(&self, agent: &Agent, conversation: &str, at: usize) -> Person {
        let path = format!("/v1/conversations/{conversation}/messages");
        self.person(agent.http.token(), path, conversation, at)
    }

    fn person(&self, token: Option<&str>, path: String, conversation: &str, at: usize) -> Person {
        let token = token.expect("signed in");
        let ways: Vec<_> = self.doors.iter().map(|http| http.bearing(token)).collect();
        let (conversation, stop) = (conversation.to_owned(), self.stop.clone());
        Person { at: at % ways.len(), ways, path, conversation, stop, promised: Promised::default() }
    }
}

/// Somebody, and the process they talk to at the moment.
pub struct Person {
    ways: Vec<Http>,
    at: usize,
    path: String,
    conversation: String,
    stop: Arc<AtomicBool>,
    promised: Promised,
}

impl Person {
    /// Messages, one after the other.
    pub async fn writes(mut self) -> Promised {
        let path = self.path.clone();
        for number in 1.. {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            let (client_id, body) = (client_id(), format!("words number {number}"));
            let answer = self.until_acknowledged(&path, json!({ "client_id": client_id, "body": body })).await;
            let message = &answer.ok()["message"];
            let id = message["id"].as_str().expect("an id").to_owned();
            assert_eq!(
                (&message["client_id"], &message["body"]),
                (&json!(client_id), &json!(body)),
                "another's answer"
            );
            let (conversation, seq) = (self.conversation.clone(), message["seq"].as_i64().expect("a number"));
            self.promised.acks.push(Ack { conversation, client_id, id, seq, body });
            sleep(Duration::from_millis(rand::random_range(50..200))).await;
        }
        self.promised
    }

    /// Invites somebody now and then: a worker sends each a letter.
    pub async fn invites(mut self) -> Promised {
        for number in 0.. {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            let email = format!("colleague.{number}@acme.example.com");
            let body = json!({ "email": email, "role": "agent", "name": "Colleague" });
            self.until_acknowledged("/v1/invitations", body).await;
            self.promised.letters.push(email);
            sleep(Duration::from_millis(rand::random_range(300..900))).await;
        }
        self.promised
    }

    /// Sends a picture up now and then: a worker looks at each.
    pub async fn sends_files(mut self) -> Promised {
        while !self.stop.load(Ordering::Acquire) {
            let picture = files::png(rand::random_range(20..200), rand::random_range(20..200));
            let sent = self.ways[self.at].attempt_upload("/v1/files", ("a.png", "image/png"), &picture);
            match timeout(SILENT * 3, sent).await {
                Ok(Ok(answer)) if answer.status == 201 => {
                    self.promised.files.push(answer.body["file"]["id"].as_str().expect("an id").to_owned());
                }
                Ok(Ok(answer)) if answer.status != 503 => panic!("{}: {} {}", answer.asked, answer.status, answer.text),
                _ => self.goes_elsewhere().await,
            }
            sleep(Duration::from_millis(rand::random_range(300..900))).await;
        }
        self.promised
    }

    /// The same again and again. Somebody who was invited by an answer that was lost is invited.
    async fn until_acknowledged(&mut self, path: &str, body: Value) -> Answer {
        let began = Instant::now();
        loop {
            let sent = self.ways[self.at].attempt(Method::POST, path, Some(body.clone()));
            match timeout(SILENT, sent).await {
                Ok(Ok(answer)) if answer.status < 300 || answer.body["code"] == "already_invited" => {
                    self.promised.longest = self.promised.longest.max(began.elapsed());
                    return answer;
                }
                Ok(Ok(answer)) if answer.status == 503 => answer.assert_is_problem(),
                Ok(Ok(answer)) => panic!("{}: {} {}", answer.asked, answer.status, answer.text),
                _ => (),
            }
            assert!(began.elapsed() < LONGEST, "{path}: nothing is acknowledged for {LONGEST:?}");
            self.goes_elsewhere().await;
        }
    }

    async fn goes_elsewhere(&mut self) {
        self.promised.retries += 1;
        self.at = (self.at + 1) % self.ways.len();
        sleep(Duration::from_millis(rand::random_range(20..200))).await;
    }
}
