//! People who turned out to be one.

use serde::{Deserialize, Serialize};

use super::Author;
use crate::{ContactId, ContactMergeId, Timestamp};

/// Two contacts were made one: the kept one took what the gone one had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactMerge {
    /// Id.
    pub id: ContactMergeId,
    /// Who goes on.
    pub kept_id: ContactId,
    /// Who does not; their id answers with the kept one.
    pub gone_id: ContactId,
    /// What the gone one was called.
    pub gone_name: Option<String>,
    /// How many conversations moved.
    pub conversations: i64,
    /// Who said so; the product, when a channel did.
    pub by: Author,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}
