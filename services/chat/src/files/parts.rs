//! What files need beside the database: a place for bytes, somebody who looks at them, and how much is too much.

use std::sync::Arc;

use blobs::Blobs;
use inspect::Inspector;
use kernel::Origin;
use net::scan::Scanner;
use tokio::sync::Semaphore;

use super::wait::Waiting;

/// How much is too much, for everybody on this platform.
#[derive(Clone, Debug)]
pub struct Ceilings {
    /// Bytes of one file.
    pub max_bytes: i64,
    /// Files in one message.
    pub most: i32,
    /// Bytes of all files of a tenant, unless its operator says otherwise.
    pub tenant_quota_bytes: i64,
    /// Uploads this process takes at once.
    pub uploads_at_once: usize,
    /// Checks this process makes at once.
    pub checks_at_once: usize,
    /// Uploads of one visitor in an hour.
    pub visitor_uploads_per_hour: i64,
    /// Bytes of one visitor in a day.
    pub visitor_bytes_per_day: i64,
    /// Milliseconds an upload waits for the verdict before it answers "checking".
    pub wait_ms: u64,
}

/// Everything files need beside the database.
pub struct Files {
    /// Where bytes are.
    pub blobs: Blobs,
    /// Where people fetch them; a host of their own, if one is configured.
    pub host: Option<Origin>,
    /// How much is too much.
    pub ceilings: Ceilings,
    pub(super) inspector: Inspector,
    pub(super) scanner: Option<Scanner>,
    pub(super) uploads: Arc<Semaphore>,
    pub(super) checks: Semaphore,
    pub(super) waiting: Waiting,
}

impl Files {
    /// Puts the parts together.
    pub fn new(
        blobs: Blobs,
        inspector: Inspector,
        scanner: Option<Scanner>,
        host: Option<Origin>,
        ceilings: Ceilings,
    ) -> Self {
        let uploads = Arc::new(Semaphore::new(ceilings.uploads_at_once.max(1)));
        let checks = Semaphore::new(ceilings.checks_at_once.max(1));
        Self { blobs, host, ceilings, inspector, scanner, uploads, checks, waiting: Waiting::default() }
    }

    /// From where pages may take pictures and media, as their policy spells it.
    pub fn source(&self) -> String {
        self.host.as_ref().map_or_else(|| "'self'".to_owned(), Origin::to_string)
    }

    /// Whether a virus scanner is configured.
    pub fn is_scanning(&self) -> bool {
        self.scanner.is_some()
    }
}
