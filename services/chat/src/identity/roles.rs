//! Who may manage whom: owners everybody, admins those below them.

use kernel::{Error, Result, Role, Scope};

/// The rank somebody manages people with; operators and the product itself act as an owner would.
pub(crate) fn authority(scope: &Scope) -> Result<Role> {
    scope.require(Role::Admin)?;
    Ok(scope.agent().map_or(Role::Owner, |(_, role)| role))
}

/// Refuses to touch somebody at or above one's own rank, and to give such a rank; owners may do both.
pub(crate) fn may_manage(with: Role, whose: Role) -> Result<()> {
    match with {
        Role::Owner => Ok(()),
        Role::Admin if whose < Role::Admin => Ok(()),
        _ => Err(Error::forbidden("role_required", "Only an owner may do this for owners and admins.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_manage_all_admins_those_below_others_nobody() {
        let all = [Role::Viewer, Role::Agent, Role::Supervisor, Role::Admin, Role::Owner];
        let may = |with| all.into_iter().filter(|whose| may_manage(with, *whose).is_ok()).count();
        assert_eq!(all.map(may), [0, 0, 0, 3, 5]);
    }
}
