//! A broker with the configuration an operator is given, and who gets in.

use std::path::{Path, PathBuf};

use async_nats::{Client, ConnectOptions, Event};
use futures::StreamExt;
use harness::PATIENCE;
use tempfile::TempDir;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::broker::Broker;

/// Log-ins of `deploy/nats/nats.conf`.
const ROLES: [&str; 4] = ["api", "realtime", "worker", "all"];

/// The broker as operators run it, and beside its own one log-in that may do everything: what a test spies with.
pub struct Guarded {
    pub broker: Broker,
    _folder: TempDir,
}

/// Somebody with a log-in, and what the broker refused them.
pub struct Peer {
    pub client: Client,
    refusals: UnboundedReceiver<String>,
}

/// Everything that was said while it listened: subject and payload.
pub struct Spy {
    heard: UnboundedReceiver<(String, Vec<u8>)>,
    kept: Vec<(String, Vec<u8>)>,
}

impl Guarded {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("nats.conf");
        std::fs::write(&file, configuration()).expect("a configuration");
        let broker = Broker::with(folder.path(), Some(file)).await;
        Self { broker, _folder: folder }
    }

    /// Where a role gets in.
    pub fn url(&self, role: &str) -> String {
        url_at(role, self.broker.port())
    }

    /// Gets in with a role's log-in.
    pub async fn peer(&self, role: &str) -> Peer {
        let (tell, refusals) = mpsc::unbounded_channel();
        let options = ConnectOptions::new().user_and_password(role.to_owned(), password(role));
        let options = options.event_callback(move |event| note(tell.clone(), event));
        Peer { client: options.connect(self.broker.url()).await.expect("let in"), refusals }
    }

    /// Listens to everything from now on.
    pub async fn spy(&self) -> Spy {
        let peer = self.peer("spy").await;
        let mut everything = peer.client.subscribe(">").await.expect("subscribed");
        // heard back, it proves that the broker knows of the subscription
        peer.client.publish("spy", "listens".into()).await.expect("said");
        everything.next().await.expect("heard");
        let (tell, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let _peer = peer;
            while let Some(message) = everything.next().await {
                let _ = tell.send((message.subject.to_string(), message.payload.to_vec()));
            }
        });
        Spy { heard, kept: Vec::new() }
    }
}

async fn note(tell: UnboundedSender<String>, event: Event) {
    if let Event::ServerError(error) = event {
        let _ = tell.send(error.to_string());
    }
}

impl Peer {
    /// Waits until the broker refuses something; gives its words.
    pub async fn is_refused(&mut self) -> String {
        self.client.flush().await.expect("the broker has it");
        let refusal = tokio::time::timeout(PATIENCE, self.refusals.recv()).await;
        refusal.expect("the broker refuses").expect("it says why")
    }

    /// Whether the broker refused what was asked before: it answers in order, and the last thing asked here is refused
    /// to everybody.
    pub async fn was_refused(&mut self) -> bool {
        let _mark = self.client.subscribe("mark.>").await.expect("asked");
        !self.is_refused().await.contains("mark.>")
    }
}

impl Spy {
    /// Waits until something is said on a subject that begins like this; gives its payload.
    pub async fn hears(&mut self, subject: &str) -> (String, Vec<u8>) {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.heard.recv()).await;
            let said = next.unwrap_or_else(|_| panic!("nothing was said on {subject}")).expect("the spy lives");
            self.kept.push(said.clone());
            if said.0.starts_with(subject) {
                return said;
            }
        }
    }

    /// Everything so far.
    pub fn everything(&mut self) -> &[(String, Vec<u8>)] {
        while let Ok(said) = self.heard.try_recv() {
            self.kept.push(said);
        }
        &self.kept
    }
}

pub fn url_at(role: &str, port: u16) -> String {
    format!("nats://{role}:{}@127.0.0.1:{port}", password(role))
}

fn password(role: &str) -> String {
    format!("p-{role}-of-a-test")
}

/// The operator's file with passwords in it and the spy beside the others.
fn configuration() -> String {
    let mut text = std::fs::read_to_string(place()).expect("the configuration operators are given");
    for role in ROLES {
        let variable = format!("$PORCHLIGHT_{}_PASSWORD", role.to_uppercase());
        assert!(text.contains(&variable), "{variable} is not in the configuration");
        text = text.replace(&variable, &format!("\"{}\"", password(role)));
    }
    let spy = format!("  users: [\n    {{ user: \"spy\", password: \"{}\" }}\n", password("spy"));
    text.replacen("  users: [\n", &spy, 1)
}

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/nats/nats.conf")
}
