//! Business phone numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Override;

/// A business number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Number {
    /// Phone number id.
    pub id: String,
    /// The account it belongs to.
    pub waba: String,
    /// Digits with country code.
    pub digits: String,
    /// Country code, `1`.
    pub country: String,
    /// Name shown to people.
    pub verified_name: String,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: String,
    /// `VERIFIED`, `NOT_VERIFIED`, `EXPIRED`.
    pub code_verification: String,
    /// `APPROVED`, `PENDING_REVIEW`, `DECLINED`, …
    pub name_status: String,
    /// `CONNECTED`, `PENDING`, `FLAGGED`, `RESTRICTED`, `BANNED`, …
    pub status: String,
    /// Registered for the Cloud API.
    pub registered: bool,
    /// Two-step PIN.
    pub pin: Option<String>,
    /// Until when a throughput upgrade keeps it away.
    pub maintenance_until: i64,
    /// Messages a second.
    pub throughput: u32,
    /// The phone app is used beside the API.
    pub coexistence: bool,
    /// The profile's fields.
    pub profile: BTreeMap<String, Value>,
    /// Callback of this number alone.
    pub callback: Option<Override>,
    /// Users the business blocked, by key.
    pub blocked: BTreeSet<String>,
    /// Times of `register` and `deregister`.
    pub attempts: Vec<i64>,
    /// Code sent by SMS or voice, and when.
    pub code: Option<(String, i64)>,
    /// Sync types already asked for, and when it was onboarded.
    pub synced: BTreeSet<String>,
    /// When it was onboarded.
    pub onboarded: i64,
    /// Recipients a test number is limited to; empty: anybody.
    pub allowed: BTreeSet<String>,
}

impl Default for Number {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            id: String::new(),
            waba: String::new(),
            digits: String::new(),
            country: text("1"),
            verified_name: text("Porch Goods"),
            quality: text("GREEN"),
            code_verification: text("VERIFIED"),
            name_status: text("APPROVED"),
            status: text("CONNECTED"),
            registered: true,
            pin: None,
            maintenance_until: 0,
            throughput: 80,
            coexistence: false,
            profile: BTreeMap::new(),
            callback: None,
            blocked: BTreeSet::new(),
            attempts: Vec::new(),
            code: None,
            synced: BTreeSet::new(),
            onboarded: 0,
            allowed: BTreeSet::new(),
        }
    }
}

impl Number {
    /// Messages a second: a number that is also used in the phone app stays at 20.
    pub fn mps(&self) -> u32 {
        if self.coexistence { 20 } else { self.throughput }
    }

    /// `+1 555-078-3881`, as seen in the wild.
    pub fn formatted(&self) -> String {
        let rest = self.digits.strip_prefix(self.country.as_str()).unwrap_or(&self.digits);
        let (head, tail) = rest.split_at(rest.len().saturating_sub(4));
        let (area, middle) = head.split_at(head.len().min(3));
        let parts: Vec<_> = [area, middle, tail].into_iter().filter(|part| !part.is_empty()).collect();
        format!("+{} {}", self.country, parts.join("-"))
    }
}
