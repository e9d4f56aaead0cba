//! Platform staff: who they are, the tenants they look after, and what they did.
//!
//! Promises: everything an operator does to a tenant is written to the audit trail in the same commit; nothing here
//! reads what a tenant's people and visitors write, only how much of it there is.

mod audit;
mod deletion;
mod files;
mod me;
mod restored;
mod sessions;
mod staff;
mod status;
mod system;
mod tables;
mod tenants;

pub use audit::{AuditEntry, list_audit, note};
pub use deletion::{Going, delete_tenant, preview_deletion, restore_tenant};
pub use files::{change_room, show_room};
pub use me::{confirm_factor, disable_factor, me, offer_factor};
pub use restored::{Restored, settle_restored};
pub use sessions::{LogIn, LoggedIn, end_by_refresh, end_session, log_in, refresh};
pub use staff::{Operator, Staff, create, vouch};
pub use status::{resume, suspend};
pub use system::{DeadLetter, Head, System, system};
pub use tenants::{
    By, Owner, OwnerState, TenantFilter, TenantSummary, Usage, create_tenant, invite_owner, list_tenants, show_tenant,
};

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, store::Handler<crate::Ctx>)> {
    vec![(deletion::PURGE, deletion::run)]
}
