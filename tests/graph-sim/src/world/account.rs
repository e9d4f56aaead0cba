//! WhatsApp Business Accounts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Override;

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Waba {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The business portfolio: BSUIDs and the messaging limit belong to it.
    pub portfolio: String,
    /// Apps subscribed to it, each with its override.
    pub subscribed: BTreeMap<String, Option<Override>>,
    /// `APPROVED`, `PENDING`, `REJECTED`, `RESTRICTED`, `DISABLED`.
    pub status: String,
    /// `TIER_250`, `TIER_2K`, `TIER_10K`, `TIER_100K`, `TIER_UNLIMITED`.
    pub tier: String,
    /// Whether there is a payment method; without one paid sends fail with 131042.
    pub pays: bool,
}

impl Default for Waba {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            id: String::new(),
            name: text("Account"),
            portfolio: text("portfolio-1"),
            subscribed: BTreeMap::new(),
            status: text("APPROVED"),
            tier: text("TIER_UNLIMITED"),
            pays: true,
        }
    }
}

impl Waba {
    /// Unique people outside windows in 24 h.
    pub fn reach(&self) -> usize {
        match self.tier.as_str() {
            "TIER_50" => 50,
            "TIER_250" => 250,
            "TIER_1K" => 1000,
            "TIER_2K" => 2000,
            "TIER_10K" => 10_000,
            "TIER_100K" => 100_000,
            _ => usize::MAX,
        }
    }
}
