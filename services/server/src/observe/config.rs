//! The keys of the `observe` section.

use kernel::Secret;
use serde::Deserialize;

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObserveConfig {
    pub otlp_url: String,
    pub otlp_authorization: Secret<String>,
    pub sample: f64,
    pub believe_proxies: bool,
    pub service: String,
}
