//! Sending up: room is made before the first byte, and given back whatever happens.

use std::time::Duration;

use blobs::Stored;
use bytes::Bytes;
use futures::Stream;
use inspect::{Format, format_of};
use kernel::wire::{File, FileRules, FileState, Source};
use kernel::{Actor, Error, FileId, Kind, Result, Role, Scope, TenantId, Timestamp};
use store::{Unit, Whose};
use tokio::time::Instant;
use uuid::Uuid;

use super::check;
use super::policy::{self, Rules};
use super::tables::file::{self, New, Place};
use super::tables::quota::{self, Allowance};
use super::{measure, name};
use crate::Ctx;

/// A file that is about to come.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// As its sender named it.
    pub name: String,
    /// What its sender said it is.
    pub declared: String,
    /// It has no more bytes than this.
    pub at_most: u64,
    /// Through which channel its message will go.
    pub source: Source,
}

/// Takes a file from somebody who may attach one: agents and above, visitors as their widget says. Answers when it is
/// safe, and tries to wait for the verdict. Must not be dropped half way: give it a task of its own.
pub async fn upload(
    ctx: &Ctx,
    scope: &Scope,
    new: Arriving,
    body: impl Stream<Item = Result<Bytes>> + Send + Unpin,
) -> Result<File> {
    if !matches!(scope.actor(), Actor::Visitor { .. }) {
        scope.require(Role::Agent)?;
    }
    let Rules { rules, quota_bytes } = policy::rules_of(ctx, scope).await?;
    let (format, file) = fitting(ctx, &rules, &new)?;
    let most = most_of(format, &rules);
    if new.at_most > most.saturating_add(SLACK) {
        return Err(too_large(most));
    }
    let _slot = ctx.files.uploads.try_acquire().map_err(|_| {
        Error::unavailable("uploads_busy", "Many files are being sent just now; try again in a moment.")
    })?;
    let room = Room::make(ctx, scope, &new, &file, new.at_most.min(most), quota_bytes).await?;
    let result = receive(ctx, &room, body, most).await;
    measure::upload(&result);
    let expected = match result {
        Ok(stored) => room.keep(ctx, &stored).await,
        Err(error) => Err(error),
    };
    match expected {
        Ok(file) => Ok(file),
        Err(error) => {
            room.give_back(ctx, &error).await;
            Err(error)
        }
    }
}

/// How much longer a request may be than its file before it is refused unread.
const SLACK: u64 = 16 * 1024;

fn fitting(ctx: &Ctx, rules: &FileRules, new: &Arriving) -> Result<(&'static Format, File)> {
    if !rules.enabled {
        return Err(policy::off());
    }
    let name = name::clean(&new.name)?;
    let format = format_of(&name).filter(|_| rules.types.contains(&name::ending(&name)));
    let format = format.ok_or_else(|| {
        let words = format!("Files of this type cannot be sent here. These can: {}.", rules.types.join(", "));
        Error::field("file", "file_type_refused", words)
    })?;
    Ok((format, told(ctx, name, format)))
}

/// What can be said of a file before its bytes are here.
pub(super) fn told(ctx: &Ctx, name: String, format: &Format) -> File {
    File {
        id: FileId::new(ctx.clock()),
        name,
        kind: format.kind,
        media_type: format.media_type.to_owned(),
        bytes: 0,
        width: None,
        height: None,
        state: FileState::Checking,
        reason: None,
        scan: None,
        findings: Vec::new(),
        created_at: ctx.clock().now(),
    }
}

fn most_of(format: &Format, rules: &FileRules) -> u64 {
    format.most.min(u64::try_from(rules.max_bytes).unwrap_or(0))
}

pub(super) fn too_large(most: u64) -> Error {
    let words = format!("This file is too large: {most} bytes are the most.");
    Error::new(Kind::TooLarge, "file_too_large", words)
}

/// Stores the bytes in quarantine.
pub(super) async fn receive(
    ctx: &Ctx,
    room: &Room,
    body: impl Stream<Item = Result<Bytes>> + Send + Unpin,
    most: u64,
) -> Result<Stored> {
    let stored = ctx.files.blobs.put(&room.keys.from, most, body).await.map_err(|error| match error.code() {
        "file_too_large" => too_large(most),
        _ => error,
    })?;
    match stored.bytes {
        0 => Err(Error::field("file", "file_empty", "This file is empty.")),
        _ => Ok(stored),
    }
}

/// How often a waiting upload looks by itself: the check may be the work of another process, whose bell is not heard here.
const LOOK: Duration = Duration::from_millis(250);

/// What is set aside for one upload: a row, bytes of the tenant, and of a visitor an hour's share.
pub(super) struct Room {
    tenant: TenantId,
    owner: Uuid,
    hour: Option<i64>,
    reserved: i64,
    file: FileId,
    keys: check::Keys,
}

impl Room {
    pub(super) async fn make(
        ctx: &Ctx,
        scope: &Scope,
        new: &Arriving,
        file: &File,
        bytes: u64,
        quota: i64,
    ) -> Result<Self> {
        let (tenant, (kind, owner)) = (scope.tenant(), owner(scope));
        let reserved = i64::try_from(bytes).unwrap_or(i64::MAX);
        let hour = matches!(scope.actor(), Actor::Visitor { .. }).then(|| hour(file.created_at));
        let room = Self { tenant, owner, hour, reserved, file: file.id, keys: check::Keys::new(tenant) };
        let unit = ctx.db.write(scope).await?;
        if !quota::reserve(unit.conn(), tenant, reserved, quota).await? {
            return Err(Error::conflict(
                "storage_full",
                "There is no room left for files; delete some, or ask for more.",
            ));
        }
        if let Some(hour) = hour
            && !quota::count(unit.conn(), (tenant, owner), hour, reserved, allowance(ctx)).await?
        {
            let wait = HOUR - u32::try_from(file.created_at.seconds().rem_euclid(i64::from(HOUR))).unwrap_or(0);
            return Err(Error::limited("upload_limit", "That were many files at once. Try again later.", wait));
        }
        let object = room.keys.from.to_string();
        let (source, declared) = (new.source.word(), short(&new.declared));
        let row = New { tenant, owner: (kind, owner), source, declared, file, counted: reserved, object: &object };
        file::insert(unit.conn(), row).await?;
        unit.commit().await?;
        Ok(room)
    }

    /// The bytes are there: leaves the check behind and waits for it a moment.
    async fn keep(&self, ctx: &Ctx, stored: &Stored) -> Result<File> {
        let expected = ctx.files.waiting.expect(self.file);
        let mut unit = ctx.db.write(Whose::Platform).await?;
        self.arrive(ctx, &mut unit, stored).await?;
        unit.commit().await?;
        let deadline = Instant::now() + Duration::from_millis(ctx.files.ceilings.wait_ms);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            expected.wait(left.min(LOOK)).await;
            let row = file::by_id(ctx.db.platform(), self.file).await?.ok_or_else(Error::not_found)?;
            if row.file.state != FileState::Checking || Instant::now() >= deadline {
                return Ok(row.file);
            }
        }
    }

    /// The bytes are there: what was set aside becomes what they take, and the check is left behind. Gives how many.
    pub(super) async fn arrive(&self, ctx: &Ctx, unit: &mut Unit, stored: &Stored) -> Result<i64> {
        let bytes = i64::try_from(stored.bytes).map_err(Error::internal)?;
        if !file::arrived(unit.conn(), self.file, (bytes, &stored.sha256), ctx.clock().now()).await? {
            return Err(Error::conflict(
                "upload_too_slow",
                "This took so long that it was given up. Send the file again.",
            ));
        }
        quota::settle(unit.conn(), self.tenant, bytes - self.reserved, 0).await?;
        if let Some(hour) = self.hour {
            quota::discount(unit.conn(), self.owner, hour, 0, self.reserved - bytes).await?;
        }
        unit.enqueue(check::job(self.tenant, self.file, &self.keys, ctx.clock().now()));
        Ok(bytes)
    }

    /// Makes it a message's `nth` file.
    pub(super) async fn give(&self, ctx: &Ctx, unit: &Unit, place: &Place, nth: i32) -> Result<()> {
        file::give(unit.conn(), self.file, place, nth, ctx.clock().now()).await
    }

    /// Gives everything back. What cannot be given back now, the sweep finds.
    pub(super) async fn give_back(&self, ctx: &Ctx, why: &Error) {
        if let Err(error) = self.try_give_back(ctx, why).await {
            tracing::warn!(file.id = %self.file, error = ?error, "a broken upload is left to the sweep");
        }
    }

    async fn try_give_back(&self, ctx: &Ctx, why: &Error) -> Result<()> {
        let unit = ctx.db.write(Whose::Platform).await?;
        if let Some(counted) = file::forget_uploading(unit.conn(), self.file).await? {
            quota::settle(unit.conn(), self.tenant, -counted, -1).await?;
            if let Some(hour) = self.hour {
                // a visitor pays with one of their uploads for what they broke, not for what we did
                let ours = matches!(why.kind(), Kind::Unavailable | Kind::Internal);
                quota::discount(unit.conn(), self.owner, hour, i64::from(ours), counted).await?;
            }
        }
        unit.commit().await?;
        // a commit whose answer was lost left a file that is checked now
        match file::by_id(ctx.db.platform(), self.file).await? {
            Some(_) => Ok(()),
            None => ctx.files.blobs.delete(std::slice::from_ref(&self.keys.from)).await,
        }
    }
}

const HOUR: u32 = 3_600;

fn hour(at: Timestamp) -> i64 {
    at.seconds().div_euclid(i64::from(HOUR))
}

fn allowance(ctx: &Ctx) -> Allowance {
    let ceilings = &ctx.files.ceilings;
    Allowance { uploads_per_hour: ceilings.visitor_uploads_per_hour, bytes_per_day: ceilings.visitor_bytes_per_day }
}

fn owner(scope: &Scope) -> (&'static str, Uuid) {
    match scope.actor() {
        Actor::Visitor { id, .. } => ("visitor", id.uuid()),
        Actor::Agent { id, .. } => ("agent", id.uuid()),
        Actor::Contact { id } => ("contact", id.uuid()),
        Actor::Operator { id } => ("operator", id.uuid()),
        Actor::Phone | Actor::System => ("system", scope.tenant().uuid()),
    }
}

/// A declared type is kept for the check only.
fn short(declared: &str) -> &str {
    let end = declared.char_indices().nth(100).map_or(declared.len(), |(at, _)| at);
    &declared[..end]
}
