//! What a business does with its WhatsApp numbers and templates beside writing: profile, joining, filling a template.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{WhatsAppAccount, WhatsAppNumber};
use crate::{FileId, Timestamp, WaAppId};

/// The last thing Meta warned an account of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppAlert {
    /// In Meta's word: `ACCOUNT_VIOLATION`, `OBA_APPROVED` …
    pub kind: String,
    /// `INFORMATIONAL`, `WARNING`, `CRITICAL` or another word of Meta's.
    pub severity: Option<String>,
    /// What it says, for people.
    pub text: String,
    /// When Meta said it.
    pub at: Timestamp,
}

/// What customers see of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WhatsAppProfile {
    /// Up to 139 characters; once set it may not be emptied.
    pub about: String,
    /// Up to 256 characters.
    pub address: String,
    /// Up to 512 characters.
    pub description: String,
    /// Up to 128 characters.
    pub email: String,
    /// Up to two addresses of up to 256 characters that start with https:// or http://.
    pub websites: Vec<String>,
    /// What kind of business: `RETAIL`, `OTHER` … or empty.
    pub vertical: String,
}

/// What a browser needs to open Meta's own way of joining (Embedded Signup).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppSignup {
    /// The app to name when the code comes back; `null`: no app here has a configuration for it.
    pub app_id: Option<WaAppId>,
    /// Meta's id of it.
    pub meta_app_id: Option<String>,
    /// Meta's id of the configuration.
    pub config_id: Option<String>,
    /// Version of the Graph API.
    pub graph_version: String,
}

/// What became of joining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppJoined {
    pub account: WhatsAppAccount,
    pub number: WhatsAppNumber,
    /// Whether the number may send; a number that is used on a phone as well needs no registration.
    pub registered: bool,
    /// Why it was not registered; the account is connected all the same.
    pub problem: Option<String>,
}

/// Values for a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WhatsAppValues {
    /// For gaps in the heading, by name or number.
    pub header: BTreeMap<String, String>,
    /// For gaps in the text.
    pub body: BTreeMap<String, String>,
    /// For buttons, by their place from 0: the rest of a link, a code.
    pub buttons: BTreeMap<String, String>,
    /// For a heading that is a file: one that was sent up before.
    pub file_id: Option<FileId>,
}

/// A template as it will look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppPreview {
    /// The text, without heading and small print. A gap without a value stays as it is written.
    pub text: String,
    /// The heading, if it is words.
    pub header: Option<String>,
    /// The small print.
    pub footer: Option<String>,
    pub buttons: Vec<WhatsAppPreviewButton>,
}

/// A button as it will look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppPreviewButton {
    /// `QUICK_REPLY`, `URL`, `PHONE_NUMBER`, `COPY_CODE` or another word of Meta's.
    pub kind: String,
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Whom it calls.
    pub phone: Option<String>,
}
