//! Access tokens.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A token of a system user or a business.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Token {
    /// The token itself.
    pub token: String,
    /// The app it was made for.
    pub app: String,
    /// Permissions.
    pub scopes: BTreeSet<String>,
    /// Accounts it reaches; empty: all.
    pub targets: BTreeSet<String>,
    /// When it ends; 0: never.
    pub expires: i64,
    /// Taken back.
    pub revoked: bool,
}

impl Default for Token {
    fn default() -> Self {
        let scopes = ["whatsapp_business_messaging", "whatsapp_business_management", "business_management"];
        Self {
            token: String::new(),
            app: String::new(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            targets: BTreeSet::new(),
            expires: 0,
            revoked: false,
        }
    }
}

impl Token {
    /// Whether it has a permission for an account.
    pub fn reaches(&self, waba: &str) -> bool {
        self.targets.is_empty() || self.targets.contains(waba)
    }
}
