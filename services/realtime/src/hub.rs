//! All connections of this process, and the one task that hands events to them.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bus::{Bus, Heard, Hearers, Listener, Signal};
use bytestring::ByteString;
use chat::Ctx;
use dashmap::DashMap;
use futures::FutureExt;
use kernel::{Actor, AgentId, Audience, ConversationId, Error, Event, Position, Result, Stamped, TenantId};
use rand::RngExt;
use tokio::sync::Notify;

use crate::arrivals::Arrivals;
use crate::connection::Connection;
use crate::knock::Door;
use crate::lanes::Lanes;
use crate::meters::Meters;
use crate::nodes::{self, Others, Post, Said, merge};
use crate::product::Product;
use crate::protocol::Active;
use crate::room::Room;
use crate::sharing::Standing;
use crate::{Ending, HubConfig, Kind, Knock, Live, Pass, act, audience, frames, ticker};

/// All connections of this process. Cheap to clone.
#[derive(Clone)]
pub struct Hub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub product: Product,
    pub bus: Bus,
    pub config: HubConfig,
    pub rooms: DashMap<TenantId, Room>,
    /// What other processes said; asked while a room is held, never the other way round.
    pub others: Mutex<Others>,
    /// Where they are reached.
    pub post: Post,
    /// What they were told.
    pub standing: Mutex<Standing>,
    pub meters: Meters,
    /// Rung when somebody came or left.
    pub moved: Notify,
    door: Arc<Door>,
    arrivals: Arrivals,
    numbers: AtomicU64,
    began: Instant,
    is_draining: AtomicBool,
}

impl Hub {
    /// Starts delivering what `bus` carries. Metrics must have their recorder by now.
    pub fn start(ctx: Ctx, bus: Bus, config: HubConfig) -> Self {
        let post = Post::Bus(bus.clone());
        Self::over(Product::Chat(Box::new(ctx)), bus, post, config)
    }

    pub(crate) fn over(product: Product, bus: Bus, post: Post, config: HubConfig) -> Self {
        let listener = bus.listen();
        let inner = Inner {
            product,
            bus,
            arrivals: Arrivals::new(&config),
            config,
            rooms: DashMap::new(),
            others: Mutex::default(),
            post,
            standing: Mutex::default(),
            meters: Meters::new(),
            moved: Notify::new(),
            door: Arc::default(),
            numbers: AtomicU64::new(1),
            began: Instant::now(),
            is_draining: AtomicBool::new(false),
        };
        let hub = Self(Arc::new(inner));
        tokio::spawn(hub.clone().deliver_all(listener));
        tokio::spawn(ticker::run(Arc::downgrade(&hub.0)));
        hub
    }

    /// Notes a socket that has not said who it is yet; refuses when there are too many, or too many came at once.
    pub fn knock(&self, from: IpAddr) -> Result<Knock> {
        if self.is_draining() {
            return Err(stopping());
        }
        self.0.arrivals.admit(&self.0.config, Instant::now())?;
        self.0.door.knock(from, &self.0.config)
    }

    /// Registers a bearer. From here on what is revoked ends the connection, and nothing that happens is missed; the
    /// caller then looks once more whether the proof still holds, and calls [`Live::begin`].
    pub fn join(&self, pass: Pass, kind: Kind) -> Result<Live> {
        if self.is_draining() {
            return Err(stopping());
        }
        let tenant = pass.scope.tenant();
        let place = self.0.product.head(tenant);
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        let mut room = self.0.rooms.entry(tenant).or_default();
        room.admit(&pass.scope, &self.0.config)?;
        let connection = Arc::new(Connection::new(number, kind, pass, place, self.millis()));
        room.join(connection.clone());
        drop(room);
        self.count(&connection, 1.0);
        Ok(Live::new(self.clone(), connection))
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.0.rooms.iter().map(|room| room.everyone().count()).sum()
    }

    /// State of each of a tenant's people who is connected, to whatever process.
    pub fn agents_there(&self, tenant: TenantId) -> Vec<(AgentId, Active)> {
        let here = self.0.rooms.get(&tenant).map(|room| room.who_is_there()).unwrap_or_default();
        merge(here, self.others().agents(tenant))
    }

    /// Whether one of a tenant's people is at the screen.
    pub fn is_online(&self, tenant: TenantId) -> bool {
        self.agents_there(tenant).iter().any(|(_, state)| *state == Active::Online)
    }

    /// Whether new connections are refused because the process stops.
    pub fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Acquire)
    }

    /// Sends everybody elsewhere, each at a moment of their own, and ends the connections of those who stay.
    /// Returns when all are gone; takes [`HubConfig::drain`] and a little more at most.
    #[expect(clippy::disallowed_methods, reason = "spreads departures; no secret")]
    pub async fn drain(&self) {
        self.0.is_draining.store(true, Ordering::Release);
        let most = u64::try_from(self.0.config.drain.as_millis()).unwrap_or(u64::MAX);
        let mut leaving = Vec::new();
        for room in self.0.rooms.iter() {
            for connection in room.everyone() {
                let after_ms = rand::rng().random_range(0..=most);
                connection.signal(&frames::reconnect(after_ms), &self.0.config);
                leaving.push((after_ms, connection.clone()));
            }
        }
        leaving.sort_by_key(|(after_ms, _)| *after_ms);
        let began = tokio::time::Instant::now();
        for (after_ms, connection) in leaving {
            tokio::time::sleep_until(began + Duration::from_millis(after_ms)).await;
            connection.end_after(Ending::Restart);
        }
        // they are on their way to other processes
        self.0.post.send(nodes::write(Said::Bye {}));
        let patience = began + self.0.config.drain + Duration::from_secs(5);
        while self.connections() > 0 && tokio::time::Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Milliseconds of this hub's life.
    pub(crate) fn millis(&self) -> u64 {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Tells whoever is concerned, on every process.
    pub(crate) fn say(&self, tenant: TenantId, to: Hearers, except: Option<AgentId>, text: ByteString) {
        self.0.bus.signal(Signal { tenant, to, except, text });
    }

    pub(crate) fn leave(&self, connection: &Connection) {
        let room = self.0.rooms.get_mut(&connection.tenant);
        let viewed = room.and_then(|mut room| room.leave(connection, Instant::now()));
        if let Some(conversation) = viewed {
            self.tell_viewing(connection.tenant, conversation);
        }
        self.count(connection, -1.0);
        self.0.moved.notify_one();
    }

    fn count(&self, connection: &Connection, by: f64) {
        match connection.with_scope(|scope| matches!(scope.actor(), Actor::Visitor { .. })) {
            true => self.0.meters.visitors.increment(by),
            false => self.0.meters.agents.increment(by),
        }
    }

    async fn deliver_all(self, mut listener: Listener) {
        let mut lanes = Lanes::default();
        loop {
            if lanes.is_empty() && !self.take(listener.hear().await, &mut lanes) {
                return;
            }
            while !lanes.is_full()
                && let Some(heard) = listener.hear().now_or_never()
            {
                if !self.take(heard, &mut lanes) {
                    return;
                }
            }
            lanes.turn(|work| self.work(&work));
            tokio::task::consume_budget().await;
        }
    }

    /// Puts what was heard into its lane; `false` when the bus is gone.
    fn take(&self, heard: Heard, lanes: &mut Lanes<Work>) -> bool {
        match heard {
            Heard::Events(events) => {
                events.iter().for_each(|event| lanes.push(event.tenant, Work::Event(event.clone())));
            }
            Heard::Signal(signal) => lanes.push(signal.tenant, Work::Signal(signal)),
            Heard::Note(note) if note.topic == nodes::TOPIC => self.hear_note(note.from, &note.bytes),
            Heard::Note(_) => {}
            Heard::Behind => {
                // what was heard is delivered, revocations above all
                while !lanes.is_empty() {
                    lanes.turn(|work| self.work(&work));
                }
                self.fall_behind();
            }
            Heard::Over => return false,
        }
        true
    }

    /// Delivers; says to how many.
    fn work(&self, work: &Work) -> usize {
        match work {
            Work::Event(event) => self.deliver(event),
            Work::Signal(signal) => self.hand_on(signal),
        }
    }

    /// Control first: who is out must not hear of it as an insider.
    fn deliver(&self, event: &Stamped) -> usize {
        let demanded = act::demanded(event);
        if let Some(demanded) = &demanded {
            self.0.product.forget(event.tenant, demanded);
        }
        let Some(mut room) = self.0.rooms.get_mut(&event.tenant) else { return 0 };
        if let Some(demanded) = &demanded {
            act::act(&mut room, event.tenant, demanded);
        }
        let slow = room.deliver(event, &self.0.config);
        self.0.meters.slow.increment(slow);
        self.0.meters.lag.record(self.0.product.now().since(event.at).as_secs_f64());
        if let Audience::Visitor(contact) = event.audience
            && audience::kind(event) == "message_posted"
            && let Some(seat) = room.visitors.get_mut(&contact)
            && let Some(Event::MessagePosted { conversation_id, .. }) = audience::read(event)
            && seat.learn(conversation_id)
        {
            room.is_stirred = true;
            self.0.moved.notify_one();
        }
        room.agents.len()
    }

    fn hand_on(&self, signal: &Signal) -> usize {
        let Some(room) = self.0.rooms.get(&signal.tenant) else { return 0 };
        room.signal(signal.to, signal.except, &signal.text, &self.0.config);
        if signal.to == Hearers::Visitors { room.count } else { room.agents.len() }
    }

    /// This task was too slow for the bus: every connection reads back what it missed, none is closed.
    fn fall_behind(&self) {
        self.0.meters.behind.increment(1);
        tracing::warn!(connections = self.connections(), "the hub fell behind; connections read back what they missed");
        for room in self.0.rooms.iter() {
            let head: Position = self.0.product.head(*room.key());
            room.everyone().for_each(|connection| connection.fall_behind(head.n));
        }
    }

    /// Notes what an agent looks at and whether they are there.
    pub(crate) fn set_presence(&self, connection: &Connection, state: Active, viewing: Option<ConversationId>) {
        let Ok((agent, _)) = connection.scope().agent() else { return };
        let before = {
            let Some(mut room) = self.0.rooms.get_mut(&connection.tenant) else { return };
            let seat = room.agents.get_mut(&agent);
            let Some(screen) = seat.and_then(|seat| seat.screen(connection.number)) else { return };
            screen.state = state;
            let before = std::mem::replace(&mut screen.viewing, viewing);
            room.is_stirred = true;
            before
        };
        if before != viewing {
            let both = before.into_iter().chain(viewing);
            both.for_each(|conversation| self.tell_viewing(connection.tenant, conversation));
        }
        self.0.moved.notify_one();
    }
}

/// Something to deliver.
enum Work {
    Event(Stamped),
    Signal(Arc<Signal>),
}

fn stopping() -> Error {
    Error::unavailable("stopping", "The server is restarting; connect again in a moment.")
}
