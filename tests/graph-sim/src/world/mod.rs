//! Everything there is on Meta's side, in memory.

mod account;
mod accounts;
mod app;
mod card;
mod find;
mod media;
mod number;
mod people;
mod phones;
mod setup;
mod template;
mod thread;
mod token;
mod wamid;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::fault::Faults;
use crate::journal::Journal;
use crate::send::{Limits, Sent};
use crate::switch::Switches;
use crate::webhook::Outbox;
use crate::{Agenda, Clock, Dice};

pub use account::Waba;
pub use app::{App, FIELDS, Override};
pub use media::{Media, Origin, Upload, sample, sha256};
pub use number::Number;
pub use people::User;
pub use phones::{canonical, variants};
pub use setup::Setup;
pub use template::Template;
pub use thread::{Bubble, Thread, preview};
pub use token::Token;
pub use wamid::{Direction, wamid};

/// One second of the virtual clock.
pub const SECOND: i64 = 1000;
/// One hour.
pub const HOUR: i64 = 3600 * SECOND;
/// One day.
pub const DAY: i64 = 24 * HOUR;

/// The whole of it.
pub struct World {
    /// Virtual time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// What is due.
    pub agenda: Agenda,
    /// What happened.
    pub journal: Journal,
    /// The disputed readings.
    pub switches: Switches,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// Pushes.
    pub outbox: Outbox,
    /// Buckets.
    pub limits: Limits,
    /// Where this simulator is reachable.
    pub base: String,
    /// Apps by id.
    pub apps: BTreeMap<String, App>,
    /// Accounts by id.
    pub wabas: BTreeMap<String, Waba>,
    /// Business numbers by phone number id.
    pub numbers: BTreeMap<String, Number>,
    /// Tokens by themselves.
    pub tokens: BTreeMap<String, Token>,
    /// Users by the phone they began with.
    pub users: BTreeMap<String, User>,
    /// Templates by id.
    pub templates: BTreeMap<String, Template>,
    /// Media by id.
    pub media: BTreeMap<String, Media>,
    /// Resumable uploads by id.
    pub uploads: BTreeMap<String, Upload>,
    /// What was sent through the API, by wamid.
    pub sent: BTreeMap<String, Sent>,
    /// What the phones show, by number and user.
    pub threads: BTreeMap<(String, String), Thread>,
    /// Embedded Signup codes: code → (token, expires).
    pub codes: BTreeMap<String, (String, i64)>,
    /// Which setup it began with, for a reset.
    pub setup: Setup,
}

impl World {
    /// A world as the setup says.
    pub fn new(setup: &Setup) -> Self {
        let mut world = Self {
            clock: Clock::at(setup.now, setup.rate),
            dice: Dice::new(setup.seed),
            agenda: Agenda::default(),
            journal: Journal::default(),
            switches: Switches::default(),
            faults: Faults::default(),
            outbox: Outbox::default(),
            limits: Limits::default(),
            base: String::new(),
            apps: BTreeMap::new(),
            wabas: BTreeMap::new(),
            numbers: BTreeMap::new(),
            tokens: BTreeMap::new(),
            users: BTreeMap::new(),
            templates: BTreeMap::new(),
            media: BTreeMap::new(),
            uploads: BTreeMap::new(),
            sent: BTreeMap::new(),
            threads: BTreeMap::new(),
            codes: BTreeMap::new(),
            setup: setup.clone(),
        };
        setup.furnish(&mut world);
        world
    }

    /// Begins again with this seed; pushes still on their way find nobody to report to.
    pub fn reset(&mut self, seed: Option<u64>) {
        let setup = Setup { seed: seed.unwrap_or(self.setup.seed), ..self.setup.clone() };
        let (base, flying) = (std::mem::take(&mut self.base), self.outbox.flying);
        *self = Self::new(&setup);
        self.base = base;
        self.outbox.flying = flying;
    }

    /// Virtual milliseconds.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// A timestamp as the payloads carry it: seconds, as text.
    pub fn stamp(&self) -> Value {
        json!((self.now() / SECOND).to_string())
    }

    /// Writes into the journal.
    pub fn note(&mut self, kind: &'static str, what: Value) {
        let now = self.now();
        self.journal.note(now, kind, what);
    }
}
