//! Core NATS between processes: at most once, and no more is asked of it.
//!
//! Hints (ids and positions) travel as they are, because nobody believes them. Moments and notes are sealed, because
//! they are believed. Nothing here waits for the broker, and a broker that is away is only slower.

mod events;
mod heard_once;
mod incoming;
mod meters;
mod outgoing;
mod seal;
mod subject;

use std::sync::Arc;
use std::time::Duration;

use async_nats::ConnectOptions;
use kernel::{Error, Result};
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::config::Brokers;
use crate::{BusConfig, Carried, Hears, Nudge};
use events::Events;
use heard_once::HeardOnce;
use incoming::Incoming;
use outgoing::Outgoing;
pub(crate) use outgoing::Parcel;
use seal::Seal;

/// Messages of one kind that may wait here; past it the newest are dropped and everything is looked at once.
const WAITING: usize = 4096;
/// A broker that is silent for two of these is taken for gone.
const PING: Duration = Duration::from_secs(5);
/// Patience with one try to connect.
const CONNECT: Duration = Duration::from_secs(3);

/// The way to other processes. Ends when dropped.
pub(crate) struct Link {
    outgoing: Outgoing,
    _tasks: JoinSet<()>,
}

/// Whom to tell of what is heard.
pub(crate) struct Ears {
    pub heard: broadcast::WeakSender<Carried>,
    pub nudges: broadcast::Sender<Nudge>,
}

impl Link {
    /// Begins to connect and comes back at once: a broker that is away keeps nobody from starting.
    pub async fn open(config: &BusConfig, hears: Hears, node: Uuid, ears: Ears) -> Result<Self> {
        if config.secret.reveal().is_empty() {
            return Err(Error::invalid("bus_secret", "The bus needs auth.secret, which every process must share."));
        }
        let brokers = config.brokers()?;
        let seal = Arc::new(Seal::new(&config.secret));
        let options = options(config, &brokers, Events::new(ears.nudges.clone()));
        let client = options
            .connect(&brokers.servers)
            .await
            .map_err(|cause| Error::invalid("bus_url", format!("bus.url: NATS cannot be asked for ({cause}).")))?;
        let messages = incoming::subscribe(&client, hears).await?;
        let (outgoing, post) = Outgoing::new(client, seal.clone(), node);
        let incoming = Incoming { node, seal, heard: ears.heard, nudges: ears.nudges, once: HeardOnce::default() };
        let mut tasks = JoinSet::new();
        tasks.spawn(post.run());
        tasks.spawn(incoming.run(messages));
        Ok(Self { outgoing, _tasks: tasks })
    }

    pub fn send(&self, parcel: Parcel) {
        self.outgoing.send(parcel);
    }
}

fn options(config: &BusConfig, brokers: &Brokers, events: Events) -> ConnectOptions {
    let events = Arc::new(events);
    let options = ConnectOptions::new()
        .name("porchlight")
        .retry_on_initial_connect()
        .reconnect_delay_callback(events::pause)
        .connection_timeout(CONNECT)
        .ping_interval(PING)
        .subscription_capacity(WAITING)
        // who said it knows it
        .no_echo()
        .require_tls(brokers.is_tls)
        .event_callback(move |event| {
            let events = events.clone();
            async move { events.take(&event) }
        });
    let options = match &brokers.login {
        Some((user, password)) => options.user_and_password(user.clone(), password.clone()),
        None => options,
    };
    match &config.tls_ca {
        Some(file) => options.add_root_certificates(file.clone()),
        None => options,
    }
}
