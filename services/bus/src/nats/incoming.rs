//! What other processes tell this one. Hints become nudges to look; what is sealed by this installation is handed on.

use std::sync::Arc;

use async_nats::{Message, Subscriber};
use futures::StreamExt;
use futures::stream::SelectAll;
use kernel::{Error, Result};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::nats::heard_once::HeardOnce;
use crate::nats::meters::{self, Lost};
use crate::nats::seal::{Opened, Seal};
use crate::nats::subject::{self, About};
use crate::{Carried, Hears, Note, Nudge, Signal};

pub(crate) struct Incoming {
    pub node: Uuid,
    pub seal: Arc<Seal>,
    /// Weak: listeners are told it is over when the last handle to the bus goes.
    pub heard: broadcast::WeakSender<Carried>,
    pub nudges: broadcast::Sender<Nudge>,
    pub once: HeardOnce,
}

/// What a process wants to hear; asking for more than its log-in allows is refused by the broker.
pub(crate) async fn subscribe(client: &async_nats::Client, hears: Hears) -> Result<SelectAll<Subscriber>> {
    let mut subjects = vec![subject::HINTS, subject::NOTES];
    subjects.extend(hears.jobs.then_some(subject::JOBS));
    subjects.extend(hears.signals.then_some(subject::MOMENTS));
    let mut all = SelectAll::new();
    for subject in subjects {
        all.push(client.subscribe(subject).await.map_err(Error::internal)?);
    }
    Ok(all)
}

impl Incoming {
    /// Listens until the connection is gone for good.
    pub async fn run(mut self, mut messages: SelectAll<Subscriber>) {
        while let Some(message) = messages.next().await {
            self.take(&message);
        }
    }

    fn take(&mut self, message: &Message) {
        match subject::about(&message.subject) {
            Some(About::Hint(shard)) => self.hint(shard, &message.payload),
            Some(About::Jobs) => self.nudge("jobs", Nudge::Jobs),
            Some(About::Signal) => self.signal(message),
            Some(About::Note(topic)) => self.note(topic, message),
            None => meters::dropped("strange", Lost::Forged),
        }
    }

    fn hint(&self, shard: u16, payload: &[u8]) {
        match std::str::from_utf8(payload).ok().and_then(|text| text.parse().ok()) {
            Some(n) => self.nudge("hint", Nudge::Head { shard, n }),
            None => meters::dropped("hint", Lost::Forged),
        }
    }

    fn nudge(&self, kind: &'static str, nudge: Nudge) {
        meters::heard(kind);
        // nobody reading is nobody to nudge
        let _ = self.nudges.send(nudge);
    }

    fn signal(&mut self, message: &Message) {
        let Some(opened) = self.opened("signal", message) else { return };
        match serde_json::from_slice::<Signal>(&opened.bytes) {
            Ok(signal) => self.hand_on("signal", Carried::Signal(Arc::new(signal))),
            // sealed by another release
            Err(error) => tracing::debug!(%error, "a signal is not understood"),
        }
    }

    fn note(&mut self, topic: &str, message: &Message) {
        let Some(opened) = self.opened("note", message) else { return };
        let note = Note { topic: topic.to_owned(), from: opened.from, bytes: opened.bytes.into() };
        self.hand_on("note", Carried::Note(Arc::new(note)));
    }

    fn hand_on(&self, kind: &'static str, carried: Carried) {
        meters::heard(kind);
        if let Some(heard) = self.heard.upgrade() {
            let _ = heard.send(carried);
        }
    }

    /// Opens what another process of ours sealed and nobody heard yet.
    fn opened(&mut self, kind: &'static str, message: &Message) -> Option<Opened> {
        let Some(opened) = self.seal.open(&message.subject, &message.payload) else {
            meters::dropped(kind, Lost::Forged);
            return None;
        };
        if opened.from == self.node || !self.once.is_first(opened.from, opened.number) {
            meters::dropped(kind, Lost::Repeated);
            return None;
        }
        Some(opened)
    }
}
