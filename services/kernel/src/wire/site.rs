//! Widgets and the hosts they may run on.

use serde::{Deserialize, Serialize};

use super::WidgetFiles;
use crate::{ClaimId, Timestamp, WidgetId};

/// How a widget stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Display {
    /// A launcher in the corner.
    Floating,
    /// Inside an element of the page.
    Embedded,
    /// Opened by the page.
    Popup,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the visitor's system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Which corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WidgetSide {
    /// Bottom right.
    #[default]
    Right,
    /// Bottom left.
    Left,
}

/// How a widget looks and what it says. Every member has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WidgetSettings {
    /// `#rrggbb`.
    pub color: String,
    /// Which corner.
    pub position: WidgetSide,
    /// Pixels from the side, 0 to 200.
    pub offset_x: i32,
    /// Pixels from the bottom, 0 to 200.
    pub offset_y: i32,
    /// Heading of the panel, up to 60 characters.
    pub title: String,
    /// Line below it, up to 120 characters.
    pub tagline: String,
    /// First words shown in an empty thread, up to 500 characters.
    pub greeting: String,
    /// Text beside the launcher's icon, up to 30 characters; empty for none.
    pub launcher_label: String,
    /// Light or dark.
    pub theme: Theme,
    /// Whether to ask gently for name and e-mail after the first message.
    pub ask_contact: bool,
    /// `auto` or a language tag.
    pub locale: String,
    /// What visitors may attach.
    pub files: WidgetFiles,
}

impl Default for WidgetSettings {
    fn default() -> Self {
        Self {
            color: "#3b5bdb".to_owned(),
            position: WidgetSide::Right,
            offset_x: 20,
            offset_y: 20,
            title: "Chat with us".to_owned(),
            tagline: "We usually answer within minutes.".to_owned(),
            greeting: "Hello! How can we help?".to_owned(),
            launcher_label: String::new(),
            theme: Theme::Auto,
            ask_contact: true,
            locale: "auto".to_owned(),
            files: WidgetFiles::default(),
        }
    }
}

/// A chat widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Widget {
    /// Id, as the snippet names it.
    pub id: WidgetId,
    /// Name, for the tenant's people.
    pub name: String,
    /// How it stands on the page.
    pub display: Display,
    /// Whether it answers at all.
    pub active: bool,
    /// Looks and words.
    pub settings: WidgetSettings,
    /// Grows by one with each change.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// How far a claim reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DomainScope {
    /// Exactly this host.
    Host,
    /// This host and every name below it; by DNS only.
    Subtree,
    /// A port of the developer's own machine, for seven days, without proof.
    Test,
}

/// How a claim is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DomainMethod {
    /// A TXT record.
    Dns,
    /// A file below `/.well-known/`.
    Http,
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DomainState {
    /// Waits for its proof.
    Pending,
    /// Proved.
    Verified,
    /// The proof is gone for now; widgets still run.
    Grace,
    /// The proof has been gone for too long; widgets are dark.
    Suspended,
    /// Over; a new claim is needed.
    Revoked,
    /// Never proved in time.
    Expired,
    /// Refused by the operator.
    Blocked,
}

impl DomainState {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Grace => "grace",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
        }
    }
    /// Whether widgets run on it.
    pub const fn may_embed(self) -> bool {
        matches!(self, Self::Verified | Self::Grace)
    }
}

/// The record to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DnsRecord {
    /// Full name of the record.
    pub name: String,
    /// Always `TXT`.
    #[serde(rename = "type")]
    pub record_type: String,
    /// Its value.
    pub value: String,
}

/// The file to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HttpFile {
    /// Where it must answer.
    pub url: String,
    /// What it must contain, as plain text.
    pub content: String,
}

/// What to publish to prove a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Instructions {
    /// By DNS.
    pub dns: Option<DnsRecord>,
    /// By file.
    pub http: Option<HttpFile>,
}

/// Why the last look found no proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DomainProblem {
    /// Stable code.
    pub code: String,
    /// A sentence a person can act on.
    pub text: String,
}

/// A tenant's claim to a host, for one widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Domain {
    /// Id.
    pub id: ClaimId,
    /// The widget it is for.
    pub widget_id: WidgetId,
    /// Host in ASCII; for a test claim with its port.
    pub host: String,
    /// As people read it.
    pub host_unicode: String,
    /// How far it reaches.
    pub scope: DomainScope,
    /// How it is proved.
    pub method: DomainMethod,
    /// Where it stands.
    pub state: DomainState,
    /// What to publish.
    pub instructions: Instructions,
    /// Why the last look found no proof.
    pub problem: Option<DomainProblem>,
    /// When we last looked.
    pub checked_at: Option<Timestamp>,
    /// When we look next.
    pub next_check_at: Option<Timestamp>,
    /// When it was first proved.
    pub verified_at: Option<Timestamp>,
    /// When it ends by itself (pending and test claims).
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
