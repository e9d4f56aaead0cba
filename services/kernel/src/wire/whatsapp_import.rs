//! What was written on a phone before its number was connected, on its way here.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhatsAppImportState {
    /// Nobody asked for it and nothing came.
    None,
    /// Asked for; nothing came yet.
    Asked,
    /// Pieces come.
    Receiving,
    /// All that will come is here and is being written into the inbox.
    Writing,
    /// It is in the inbox.
    Done,
    /// The business does not share it; that is decided on the phone.
    Declined,
    /// Meta refused; `problem` says why.
    Refused,
}

/// What was written before a number was connected, on its way here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppImport {
    /// Where it stands.
    pub state: WhatsAppImportState,
    /// How much the phone has sent, of 100, as it says.
    pub progress: i32,
    /// Messages that came and were not here before.
    pub messages: i64,
    /// People whose past is in the inbox.
    pub people: i64,
    /// Why there is none, for people.
    pub problem: Option<String>,
    /// When it was asked for.
    pub asked_at: Option<Timestamp>,
    /// When anything changed.
    pub updated_at: Timestamp,
}
