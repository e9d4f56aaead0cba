//! Who may attach what: the platform's ceiling, the operator's word, the tenant's policy, the widget's settings; each
//! narrows the one before.

use std::collections::BTreeSet;

use inspect::{FORMATS, Format};
use kernel::wire::{FileCeiling, FilePolicy, FileRules, ScanPolicy, WidgetFiles};
use kernel::{Actor, Error, Result, Role, Scope, TenantId, WidgetId};

use super::Ceilings;
use super::tables::{policy, quota};
use crate::{Ctx, widgets};

/// What a tenant allows unless it says otherwise.
const MOST: i32 = 3;
const MAX_BYTES: i64 = 10 * 1024 * 1024;
/// Below this nothing useful could be attached.
const LEAST_BYTES: i64 = 1024;

/// A tenant's policy beside what it may be, for those who change it.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The policy.
    pub policy: FilePolicy,
    /// The most it may be.
    pub ceiling: FileCeiling,
    /// Bytes of all the tenant's files.
    pub used_bytes: i64,
    /// Whether a virus scanner is configured.
    pub scanning: bool,
}

/// What the tenant allows. Admins only.
pub async fn show_policy(ctx: &Ctx, scope: &Scope) -> Result<Allowed> {
    scope.require(Role::Admin)?;
    let conn = &ctx.db.read(scope);
    let row = policy::find(conn, scope.tenant()).await?;
    let used_bytes = quota::used(conn, scope.tenant()).await?;
    Ok(Allowed { policy: own(&row), ceiling: ceiling(ctx, &row), used_bytes, scanning: ctx.files.is_scanning() })
}

/// Changes what the tenant allows. Admins only.
pub async fn change_policy(ctx: &Ctx, scope: &Scope, new: FilePolicy) -> Result<Allowed> {
    scope.require(Role::Admin)?;
    let unit = ctx.db.write(scope).await?;
    let ceiling = ceiling(ctx, &policy::find(unit.conn(), scope.tenant()).await?);
    let new = checked(new, &ceiling)?;
    if new.legacy_office && !ctx.files.is_scanning() {
        let words = "Old office files need a virus scanner, and this installation has none.";
        return Err(Error::field("legacy_office", "scanner_needed", words));
    }
    policy::save(unit.conn(), scope.tenant(), &new, ctx.clock().now()).await?;
    unit.commit().await?;
    show_policy(ctx, scope).await
}

fn checked(mut new: FilePolicy, ceiling: &FileCeiling) -> Result<FilePolicy> {
    if !(0..=ceiling.most).contains(&new.most) {
        return Err(Error::field("most", "out_of_range", format!("A message may have up to {} files.", ceiling.most)));
    }
    if !(LEAST_BYTES..=ceiling.max_bytes).contains(&new.max_bytes) {
        let words = format!("A file may have {LEAST_BYTES} to {} bytes.", ceiling.max_bytes);
        return Err(Error::field("max_bytes", "out_of_range", words));
    }
    if let Some(strange) = new.types.iter().find(|one| !ceiling.types.contains(one)) {
        let words = format!("{} is not a type that can be allowed.", strange.chars().take(20).collect::<String>());
        return Err(Error::field("types", "unknown_type", words));
    }
    new.types = new.types.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    Ok(new)
}

fn own(row: &policy::Row) -> FilePolicy {
    row.policy.clone().unwrap_or_else(|| FilePolicy {
        most: MOST,
        max_bytes: MAX_BYTES,
        types: endings(|format| format.default_on && !format.needs_scanner),
        legacy_office: false,
        scan: ScanPolicy::default(),
    })
}

/// Endings of the formats that fit, in the order of the table.
fn endings(fits: impl Fn(&Format) -> bool) -> Vec<String> {
    let fitting = FORMATS.iter().filter(|format| fits(format));
    fitting.flat_map(|format| format.extensions.iter().map(|ending| (*ending).to_owned())).collect()
}

fn ceiling(ctx: &Ctx, row: &policy::Row) -> FileCeiling {
    let Ceilings { max_bytes, most, tenant_quota_bytes, .. } = ctx.files.ceilings;
    FileCeiling {
        most,
        max_bytes: row.max_bytes.map_or(max_bytes, |operators| operators.min(max_bytes)),
        types: endings(|format| !format.needs_scanner),
        quota_bytes: row.quota_bytes.unwrap_or(tenant_quota_bytes),
    }
}

/// What holds for one upload or message.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What this person may attach.
    pub rules: FileRules,
    /// Bytes of all files of the tenant.
    pub quota_bytes: i64,
}

/// What the caller may attach.
pub async fn rules(ctx: &Ctx, scope: &Scope) -> Result<FileRules> {
    Ok(rules_of(ctx, scope).await?.rules)
}

/// What visitors of a widget may attach, for their session.
pub async fn rules_of_widget(ctx: &Ctx, tenant: TenantId, widget: WidgetId) -> Result<FileRules> {
    let row = policy::find(ctx.db.platform(), tenant).await?;
    Ok(narrowed(tenants(ctx, &row), &settings(ctx, widget).await?))
}

/// What the caller may attach, with what their tenant may keep.
pub(super) async fn rules_of(ctx: &Ctx, scope: &Scope) -> Result<Rules> {
    let row = policy::find(&ctx.db.read(scope), scope.tenant()).await?;
    let rules = tenants(ctx, &row);
    let rules = match scope.actor() {
        Actor::Visitor { widget, .. } => narrowed(rules, &settings(ctx, *widget).await?),
        Actor::Agent { role, .. } => FileRules { enabled: rules.enabled && *role >= Role::Agent, ..rules },
        Actor::Contact { .. } | Actor::Phone | Actor::System => rules,
        Actor::Operator { .. } => FileRules { enabled: false, ..rules },
    };
    Ok(Rules { rules, quota_bytes: ceiling(ctx, &row).quota_bytes })
}

/// What holds for files that channels bring.
pub(super) struct RoomOfChannels {
    /// Bytes of one file.
    pub max_bytes: u64,
    /// Bytes of all files of the tenant.
    pub quota_bytes: i64,
}

/// The tenant's ceiling: what it lets its own people and visitors attach says nothing about others.
pub(super) async fn room_of_channels(ctx: &Ctx, tenant: TenantId) -> Result<RoomOfChannels> {
    let ceiling = ceiling(ctx, &policy::find(ctx.db.platform(), tenant).await?);
    Ok(RoomOfChannels { max_bytes: u64::try_from(ceiling.max_bytes).unwrap_or(0), quota_bytes: ceiling.quota_bytes })
}

/// What the tenant says of scanners.
pub(super) async fn scan_policy(ctx: &Ctx, tenant: TenantId) -> Result<ScanPolicy> {
    Ok(own(&policy::find(ctx.db.platform(), tenant).await?).scan)
}

/// A widget that is gone or switched off lets nobody attach anything.
async fn settings(ctx: &Ctx, widget: WidgetId) -> Result<WidgetFiles> {
    let live = widgets::live(ctx, widget).await?;
    Ok(live.map_or_else(|| WidgetFiles { enabled: false, ..WidgetFiles::default() }, |live| live.widget.settings.files))
}

/// The tenant's policy within its ceiling: the operator may have lowered that since.
fn tenants(ctx: &Ctx, row: &policy::Row) -> FileRules {
    let (own, ceiling) = (own(row), ceiling(ctx, row));
    let mut types: Vec<_> = own.types.into_iter().filter(|one| ceiling.types.contains(one)).collect();
    if own.legacy_office && ctx.files.is_scanning() {
        types.extend(endings(|format| format.needs_scanner));
    }
    enabled_if_possible(FileRules {
        enabled: true,
        most: own.most.min(ceiling.most),
        max_bytes: own.max_bytes.min(ceiling.max_bytes),
        types,
    })
}

fn narrowed(rules: FileRules, widget: &WidgetFiles) -> FileRules {
    let FileRules { enabled, most, max_bytes, types } = rules;
    let wanted = |one: &String| widget.types.as_ref().is_none_or(|wanted| wanted.contains(one));
    enabled_if_possible(FileRules {
        enabled: enabled && widget.enabled,
        most: widget.most.map_or(most, |own| own.min(most)),
        max_bytes: widget.max_bytes.map_or(max_bytes, |own| own.min(max_bytes)),
        types: types.into_iter().filter(wanted).collect(),
    })
}

fn enabled_if_possible(rules: FileRules) -> FileRules {
    let possible = rules.most > 0 && rules.max_bytes > 0 && !rules.types.is_empty();
    FileRules { enabled: rules.enabled && possible, ..rules }
}

/// Refuses a message with more files than the caller may attach.
pub async fn admit(ctx: &Ctx, scope: &Scope, files: usize) -> Result<()> {
    if files == 0 {
        return Ok(());
    }
    let rules = rules(ctx, scope).await?;
    if !rules.enabled {
        return Err(off());
    }
    let most = usize::try_from(rules.most).unwrap_or(0);
    if files > most {
        let words = format!("A message may have {most} files; send the others in another one.");
        return Err(Error::field("file_ids", "too_many_files", words));
    }
    Ok(())
}

/// The refusal where nothing may be attached.
pub(super) fn off() -> Error {
    Error::forbidden("files_off", "Files cannot be sent here.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> FileRules {
        FileRules { enabled: true, most: 3, max_bytes: 10_000, types: vec!["png".into(), "pdf".into()] }
    }

    #[test]
    fn a_widget_narrows_and_never_widens() {
        let wide = WidgetFiles {
            enabled: true,
            most: Some(9),
            max_bytes: Some(99_999),
            types: Some(vec!["exe".into(), "pdf".into()]),
        };
        let narrowed_rules = narrowed(rules(), &wide);
        assert_eq!(narrowed_rules, FileRules { types: vec!["pdf".into()], ..rules() });
        let none = WidgetFiles { types: Some(vec!["exe".into()]), ..WidgetFiles::default() };
        assert!(!narrowed(rules(), &none).enabled);
        assert!(!narrowed(rules(), &WidgetFiles { most: Some(0), ..WidgetFiles::default() }).enabled);
        assert!(narrowed(rules(), &WidgetFiles::default()).enabled);
        assert!(!narrowed(FileRules { enabled: false, ..rules() }, &WidgetFiles::default()).enabled);
    }

    #[test]
    fn a_policy_stays_below_its_ceiling() {
        let ceiling = FileCeiling { most: 10, max_bytes: 20_000, types: vec!["png".into()], quota_bytes: 1 };
        let fine = FilePolicy {
            most: 10,
            max_bytes: 20_000,
            types: vec!["png".into()],
            legacy_office: false,
            scan: ScanPolicy::default(),
        };
        assert!(checked(fine.clone(), &ceiling).is_ok());
        for bad in [
            FilePolicy { most: 11, ..fine.clone() },
            FilePolicy { most: -1, ..fine.clone() },
            FilePolicy { max_bytes: 20_001, ..fine.clone() },
            FilePolicy { max_bytes: 0, ..fine.clone() },
            FilePolicy { types: vec!["svg".into()], ..fine },
        ] {
            assert!(checked(bad, &ceiling).is_err());
        }
    }
}
