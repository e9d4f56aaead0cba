//! The words every other crate speaks: ids, time, scope, errors, names, positions and events.
//!
//! Promises: nothing here does I/O or knows a framework. `wire` holds the JSON shapes that events
//! and REST answers share; they live here because an event *is* the wire.

mod clock;
mod error;
mod event;
mod host;
mod ids;
mod origin;
mod page;
mod position;
mod scope;
mod secret;
mod text;
pub mod trace;
pub mod wire;

pub use clock::{Clock, Timestamp};
pub use error::{Error, FieldError, Kind, Result};
pub use event::{Audience, Draft, Event, Stamped};
pub use host::{Host, HostProblem, Suffix};
pub use ids::{
    AccountId, AgentId, ClaimId, ContactId, ContactMergeId, ConversationId, FileId, Id, IdentityKeyId, InvitationId,
    JobId, MessageId, Named, OperatorId, SessionId, TenantId, WaAccountId, WaAppId, WaDeliveryId, WaNumberId, WaSendId,
    WaTemplateId, WidgetId,
};
pub use origin::Origin;
pub use page::{Cursor, Limit, Page};
pub use position::Position;
pub use scope::{Actor, Role, Scope};
pub use secret::{Secret, digest_hex_length, random_digits, random_token};
pub use text::{Email, Name};
