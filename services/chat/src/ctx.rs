//! The one handle every operation takes.

use std::sync::Arc;

use dashmap::DashMap;
use kernel::{Clock, Origin, Secret, Timestamp, WidgetId};
use net::Net;
use store::Db;

use crate::domains::Pass;
use crate::files::Files;
use crate::identity::Keys;
use crate::inbox::HotPath;
use crate::vault::Vault;
use crate::widgets::Tally;

/// Where the product is reached, as configured and never as a request claims.
#[derive(Clone, Debug)]
pub struct Site {
    /// Origin of dashboard, widget API and frame, such as `https://chat.example.com`.
    pub public: Origin,
    /// Origin of the operator console.
    pub operator: Origin,
}

/// What must never be in the database.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Signs tokens; 32 bytes or more.
    pub sign: Secret<String>,
    /// Signed tokens until they were replaced; what they signed stays good until it ends.
    pub old_sign: Vec<Secret<String>>,
    /// Seal secrets at rest, as [`Vault::new`] takes them; may be empty.
    pub vault: Vec<Secret<String>>,
}

impl Secrets {
    /// Refuses what could be guessed or cannot be read.
    pub fn check(&self) -> kernel::Result<()> {
        Keys::with_old(&self.sign, &self.old_sign)?;
        Vault::with_old(&self.vault, &self.sign, &self.old_sign).map(drop)
    }
}

/// Database, outside world, clock, keys. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: Db,
    /// The outside world.
    pub net: Net,
    /// Where bytes are kept, and who looks at them.
    pub files: Arc<Files>,
    /// Where we are reached.
    pub site: Arc<Site>,
    /// What tokens are signed with.
    pub keys: Arc<Keys>,
    /// Seals what must be used as it is and may not rest readable.
    pub vault: Arc<Vault>,
    /// Writes that share commits.
    pub hot: Arc<HotPath>,
    /// Page loads not yet written.
    pub tally: Arc<Tally>,
    /// Looks of the gate that are still fresh.
    pub gate: Arc<DashMap<WidgetId, (Timestamp, Vec<Pass>)>>,
}

impl Ctx {
    /// Puts the parts together.
    pub fn new(db: Db, net: Net, files: Files, site: Site, secrets: &Secrets) -> kernel::Result<Self> {
        let keys = Arc::new(Keys::with_old(&secrets.sign, &secrets.old_sign)?);
        let vault = Arc::new(Vault::with_old(&secrets.vault, &secrets.sign, &secrets.old_sign)?);
        let hot = Arc::new(HotPath::start(&db));
        Ok(Self {
            db,
            net,
            files: Arc::new(files),
            site: Arc::new(site),
            keys,
            vault,
            hot,
            tally: Arc::default(),
            gate: Arc::default(),
        })
    }

    /// The same product for work nobody waits for, such as jobs.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self { db: self.db.in_background(), ..self.clone() }
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        self.db.clock()
    }
}
