//! Looking at a file: quarantine → inspector → scanner → what may be had.
//!
//! Safe to run twice and to be killed anywhere: every place it writes to is fixed when the job is left, the verdict is
//! written once, and what is left over after that is deleted by whoever comes second.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use blobs::{Area, Key};
use futures::future::BoxFuture;
use inspect::{Asked, Verdict};
use kernel::wire::{FileScan, FileState, ScanPolicy, ScannerAway, TooLargeToScan};
use kernel::{Error, FileId, Kind, Result, TenantId, Timestamp};
use net::scan::Scanned;
use serde::{Deserialize, Serialize};
use store::{NewJob, Outcome, Task};

use super::scratch::{self, Scratch};
use super::tables::file::{self, Row};
use super::tables::life;
use super::verdict::{self, Found};
use super::{measure, policy};
use crate::Ctx;

/// Job that looks at one file.
pub const KIND: &str = "files.check";

/// How long a file may wait for its scanner.
const HOLD: Duration = Duration::from_secs(24 * 3_600);

/// Where the bytes of one file are and will be; random, under the tenant's own prefix.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Keys {
    /// As they were sent.
    pub from: Key,
    /// As they may be had.
    pub to: Key,
    /// The small preview.
    pub small: Key,
    /// The large preview.
    pub large: Key,
}

impl Keys {
    /// Fresh ones.
    pub fn new(tenant: TenantId) -> Self {
        let preview = || Key::new(tenant, Area::Previews);
        Self {
            from: Key::new(tenant, Area::Quarantine),
            to: Key::new(tenant, Area::Files),
            small: preview(),
            large: preview(),
        }
    }

    /// All but those a row names.
    fn but(self, row: Option<&Row>) -> Vec<Key> {
        let named = |key: &Key| {
            let text = key.to_string();
            row.is_some_and(|row| row.object.as_ref() == Some(&text) || row.previews.iter().any(|one| one.key == text))
        };
        [self.from, self.to, self.small, self.large].into_iter().filter(|key| !named(key)).collect()
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    file: FileId,
    keys: Keys,
}

/// The job for a file that has just arrived.
pub fn job(tenant: TenantId, file: FileId, keys: &Keys, now: Timestamp) -> NewJob {
    let payload = serde_json::json!({ "file": file, "keys": keys });
    NewJob { kind: KIND, tenant: Some(tenant), payload, run_at: now, unique_key: Some(format!("{KIND}:{file}")) }
}

/// The keys of a check that gave up, where it may have left the bytes.
pub async fn given_up(ctx: &Ctx, tenant: TenantId, file: FileId) -> Result<Option<Keys>> {
    let payloads = life::payloads(ctx.db.platform(), KIND, Some(tenant)).await?;
    let mut found = payloads.into_iter().filter_map(|payload| serde_json::from_str::<Payload>(&payload).ok());
    Ok(found.rfind(|payload| payload.file == file).map(|payload| payload.keys))
}

/// Every key that a check may have put bytes under without a row that says so yet.
pub async fn planned_keys(ctx: &Ctx) -> Result<HashSet<Key>> {
    let payloads = life::payloads(ctx.db.platform(), KIND, None).await?;
    let found = payloads.into_iter().filter_map(|payload| serde_json::from_str::<Payload>(&payload).ok());
    Ok(found.flat_map(|Payload { keys, .. }| [keys.from, keys.to, keys.small, keys.large]).collect())
}

/// Runs [`KIND`].
pub fn run(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let Payload { file, keys } = serde_json::from_value(task.payload).map_err(Error::internal)?;
        // closed only when the process ends
        let _slot = ctx.files.checks.acquire().await.map_err(Error::internal)?;
        let row = file::by_id(ctx.db.platform(), file).await?;
        let Some(row) = row.filter(|row| row.file.state == FileState::Checking) else {
            return clear(&ctx, file, keys).await;
        };
        let began = Instant::now();
        let found = match look(&ctx, &row, &keys).await {
            Ok(found) => found,
            Err(error) if is_away(&error) => return Ok(later(&ctx, &row, &error)),
            Err(error) => return Err(error),
        };
        let Some(found) = found else { return Ok(Outcome::Again(wait(&ctx, &row))) };
        measure::check(found.word(), began.elapsed());
        verdict::decide(&ctx, &row, found).await?;
        ctx.files.waiting.ring(file);
        clear(&ctx, file, keys).await
    })
}

/// Deletes whatever no row names; comes last, and again when it fails.
async fn clear(ctx: &Ctx, id: FileId, keys: Keys) -> Result<Outcome> {
    let row = file::by_id(ctx.db.platform(), id).await?;
    match ctx.files.blobs.delete(&keys.but(row.as_ref())).await {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if is_away(&error) => {
            measure::failure(&error);
            Ok(Outcome::Again(Duration::from_secs(60)))
        }
        Err(error) => Err(error),
    }
}

fn is_away(error: &Error) -> bool {
    error.kind() == Kind::Unavailable
}

/// An inspector that fails has said nothing about the file, whatever failed.
fn nothing_known(error: Error) -> Error {
    Error::unavailable("inspector_unavailable", "The file cannot be looked at just now.").caused_by(error)
}

/// A store or an inspector that is away says nothing about the file: it waits, longer each time.
fn later(ctx: &Ctx, row: &Row, error: &Error) -> Outcome {
    measure::failure(error);
    tracing::warn!(file.id = %row.file.id, error = ?error, "a file waits to be looked at");
    Outcome::Again(wait(ctx, row))
}

/// As long as it has waited already: 5 s to an hour.
fn wait(ctx: &Ctx, row: &Row) -> Duration {
    ctx.clock().now().since(row.file.created_at).clamp(Duration::from_secs(5), Duration::from_secs(3_600))
}

/// What is found out; `None` when the scanner must be waited for.
async fn look(ctx: &Ctx, row: &Row, keys: &Keys) -> Result<Option<Found>> {
    let scratch = Scratch::new()?;
    if !scratch::fetch(ctx, row, keys, &scratch).await? {
        return Ok(Some(Found::Lost));
    }
    let asked =
        Asked { input: &scratch.input(), folder: &scratch.folder(), name: &row.file.name, declared: &row.declared };
    let fine = match ctx.files.inspector.inspect(asked).await.map_err(nothing_known)? {
        Verdict::Fine(fine) => fine,
        Verdict::Refused(reason) => return Ok(Some(Found::Refused(reason))),
    };
    let scan = match scanned(ctx, row, &scratch).await? {
        Scan::Pass(scan) => scan,
        Scan::Refuse(reason) => return Ok(Some(Found::Refused(reason))),
        Scan::Hold => return Ok(None),
    };
    verdict::keep(ctx, keys, fine, scan, &row.file).await.map(Some)
}

enum Scan {
    Pass(FileScan),
    Refuse(&'static str),
    Hold,
}

async fn scanned(ctx: &Ctx, row: &Row, scratch: &Scratch) -> Result<Scan> {
    let must = inspect::format_of(&row.file.name).is_none_or(|format| format.needs_scanner);
    let Some(scanner) = &ctx.files.scanner else {
        return Ok(if must { Scan::Refuse("type_not_allowed") } else { Scan::Pass(FileScan::Off) });
    };
    let policy = policy::scan_policy(ctx, row.tenant).await?;
    let said = scanner.scan(&scratch.input()).await;
    if let Scanned::Away(why) = &said {
        tracing::warn!(file.id = %row.file.id, %why, "the virus scanner cannot be asked");
    }
    let waited = ctx.clock().now().since(row.file.created_at);
    Ok(ruled(&said, policy, must, waited))
}

/// What a tenant makes of the scanner's word. `must`: of formats that pass with a clean scan only.
fn ruled(said: &Scanned, policy: ScanPolicy, must: bool, waited: Duration) -> Scan {
    match said {
        Scanned::Clean => Scan::Pass(FileScan::Clean),
        Scanned::Infected(_) => Scan::Refuse("infected"),
        Scanned::TooLarge if policy.too_large == TooLargeToScan::Warn && !must => Scan::Pass(FileScan::Unscanned),
        Scanned::TooLarge => Scan::Refuse("scan_too_large"),
        Scanned::Away(_) => match policy.away {
            ScannerAway::Warn if !must => Scan::Pass(FileScan::Unscanned),
            ScannerAway::Refuse => Scan::Refuse("scan_unavailable"),
            _ if waited >= HOLD => Scan::Refuse("scan_unavailable"),
            _ => Scan::Hold,
        },
    }
}
