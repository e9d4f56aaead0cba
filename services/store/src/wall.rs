//! The second wall between tenants: on PostgreSQL every statement about a tenant's rows runs as a role that owns nothing
//! and sees only the rows of the tenants its transaction names (`migration/src/wall.rs` has the policies).
//!
//! Promises:
//! - whose rows a transaction may see is set for that transaction alone, so nothing is left on a pooled connection, and a
//!   pooler that hands connections out by transaction changes nothing;
//! - a statement that names no tenant sees none.
//!
//! SQLite has no such thing; there the `Scope` in every query stands alone.

use std::fmt::Write;

use kernel::{Scope, TenantId};

/// Whose rows a write may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of these tenants.
    Tenants(Vec<TenantId>),
    /// All, and the tables that have no tenant: log-ins, operators, deliveries nobody has claimed yet.
    Platform,
}

impl From<TenantId> for Whose {
    fn from(tenant: TenantId) -> Self {
        Self::Tenants(vec![tenant])
    }
}

impl From<&Scope> for Whose {
    fn from(scope: &Scope) -> Self {
        scope.tenant().into()
    }
}

impl From<Option<TenantId>> for Whose {
    fn from(tenant: Option<TenantId>) -> Self {
        tenant.map_or(Self::Platform, Into::into)
    }
}

/// What a transaction of these tenants begins with. Ids are hexadecimal and hyphens: nothing in them needs quoting.
pub(crate) fn narrowed(tenants: &[TenantId]) -> String {
    let mut text = String::from("set local role porchlight_tenant; set local porchlight.tenants = '{");
    for (place, tenant) in tenants.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // writing to a String cannot fail
        let _ = write!(text, "{comma}{}", tenant.uuid());
    }
    text.push_str("}'");
    text
}

#[cfg(test)]
mod tests {
    use kernel::Clock;

    use super::*;

    #[test]
    fn a_transaction_names_its_tenants_and_nothing_else() {
        let (one, two) = (TenantId::new(&Clock::System), TenantId::new(&Clock::System));
        let text = narrowed(&[one, two]);
        assert!(text.ends_with(&format!("porchlight.tenants = '{{{},{}}}'", one.uuid(), two.uuid())));
        assert!(narrowed(&[]).ends_with("'{}'"), "nobody's rows");
    }
}
