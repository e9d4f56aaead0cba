//! The switches and how they stand.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::LEDGER;

/// How the simulator reads what the documentation leaves open, and how it pushes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    pub wire: String,
    pub key_order: String,
    pub retry_horizon: String,
    pub retry_rebatch: bool,
    pub retry_all_apps: bool,
    pub webhook_timeout_ms: u64,
    pub parallel: usize,
    pub batch_ms: i64,
    pub batch_items: usize,
    pub mix: bool,
    pub hidden_phone: String,
    pub reaction_removal: String,
    pub rotation_link: String,
    pub bsuid_target: String,
    pub window_verdict: String,
    pub reaction_opens_window: bool,
    pub http_status: String,
    pub template_language: String,
    pub webhook_sha256: String,
    pub media_sha256: String,
    pub file_size: String,
    pub media_url: bool,
    pub display_number: String,
    pub failed_after: String,
    pub failed_contacts: String,
    pub verification_code: u32,
    pub username_at: bool,
    pub context_from: String,
    pub link_fetch: bool,
    pub delivered_skip: f64,
    pub calls_an_hour: u32,
    pub pair_limit: bool,
}

impl Default for Switches {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            wire: text("meta"),
            key_order: text("shuffled"),
            retry_horizon: text("7d"),
            retry_rebatch: false,
            retry_all_apps: true,
            webhook_timeout_ms: 10_000,
            parallel: 32,
            batch_ms: 0,
            batch_items: 1,
            mix: false,
            hidden_phone: text("omitted"),
            reaction_removal: text("omitted"),
            rotation_link: text("previous_user_id"),
            bsuid_target: text("recipient"),
            window_verdict: text("async"),
            reaction_opens_window: false,
            http_status: text("table"),
            template_language: text("dash"),
            webhook_sha256: text("base64"),
            media_sha256: text("hex"),
            file_size: text("number"),
            media_url: true,
            display_number: text("digits"),
            failed_after: text("nothing"),
            failed_contacts: text("absent"),
            verification_code: 2200,
            username_at: false,
            context_from: text("display"),
            link_fetch: true,
            delivered_skip: 0.0,
            calls_an_hour: 5000,
            pair_limit: true,
        }
    }
}

impl Switches {
    /// With some of them set otherwise; says what is wrong with a setting that is none.
    pub fn patched(&self, patch: &Value) -> Result<Self, String> {
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for (name, value) in patch.as_object().ok_or("switches are an object")? {
            Self::check(name, value)?;
            all[name] = value.clone();
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    fn check(name: &str, value: &Value) -> Result<(), String> {
        let Some(reading) = LEDGER.iter().find(|reading| reading.switch == name) else {
            return Err(format!("there is no switch {name}"));
        };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fine = reading.readings.is_empty() || reading.readings.contains(&text.as_str());
        if fine { Ok(()) } else { Err(format!("{name} is one of {}", reading.readings.join(", "))) }
    }
}
