//! One generic id: a UUIDv7 with a text prefix on the wire, a plain `uuid` column in the tables.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Clock, Error};

/// What an id names; carries the prefix.
pub trait Named: 'static {
    /// Text before the underscore, three or four letters.
    const PREFIX: &'static str;
}

/// An id of a `K`. Sorts by time of creation.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// Declares what ids name; kinds are empty types and never made.
mod kinds {
    pub enum Tenant {}
    pub enum Account {}
    pub enum Agent {}
    pub enum Session {}
    pub enum Invitation {}
    pub enum Widget {}
    pub enum Claim {}
    pub enum Contact {}
    pub enum Conversation {}
    pub enum Message {}
    pub enum Operator {}
    pub enum IdentityKey {}
    pub enum Job {}
    pub enum File {}
    pub enum WaApp {}
    pub enum WaAccount {}
    pub enum WaNumber {}
    pub enum WaDelivery {}
    pub enum WaTemplate {}
    pub enum WaSend {}
    pub enum ContactMerge {}
}

impl Named for kinds::Tenant {
    const PREFIX: &'static str = "ten";
}
impl Named for kinds::Account {
    const PREFIX: &'static str = "acc";
}
impl Named for kinds::Agent {
    const PREFIX: &'static str = "agt";
}
impl Named for kinds::Session {
    const PREFIX: &'static str = "ses";
}
impl Named for kinds::Invitation {
    const PREFIX: &'static str = "inv";
}
impl Named for kinds::Widget {
    const PREFIX: &'static str = "wgt";
}
impl Named for kinds::Claim {
    const PREFIX: &'static str = "dom";
}
impl Named for kinds::Contact {
    const PREFIX: &'static str = "con";
}
impl Named for kinds::Conversation {
    const PREFIX: &'static str = "cnv";
}
impl Named for kinds::Message {
    const PREFIX: &'static str = "msg";
}
impl Named for kinds::Operator {
    const PREFIX: &'static str = "opr";
}
impl Named for kinds::IdentityKey {
    const PREFIX: &'static str = "key";
}
impl Named for kinds::File {
    const PREFIX: &'static str = "fil";
}
impl Named for kinds::WaApp {
    const PREFIX: &'static str = "wap";
}
impl Named for kinds::WaAccount {
    const PREFIX: &'static str = "wac";
}
impl Named for kinds::WaNumber {
    const PREFIX: &'static str = "wan";
}
impl Named for kinds::WaDelivery {
    const PREFIX: &'static str = "wdl";
}
impl Named for kinds::WaTemplate {
    const PREFIX: &'static str = "wtp";
}
impl Named for kinds::WaSend {
    const PREFIX: &'static str = "wsn";
}
impl Named for kinds::ContactMerge {
    const PREFIX: &'static str = "mrg";
}
impl Named for kinds::Job {
    const PREFIX: &'static str = "job";
}

/// A business whose people use the product.
pub type TenantId = Id<kinds::Tenant>;
/// A person's log-in, which may be an agent of several tenants.
pub type AccountId = Id<kinds::Account>;
/// A person within one tenant.
pub type AgentId = Id<kinds::Agent>;
/// One log-in on one device.
pub type SessionId = Id<kinds::Session>;
/// An invitation to become an agent.
pub type InvitationId = Id<kinds::Invitation>;
/// A chat widget of a tenant.
pub type WidgetId = Id<kinds::Widget>;
/// A tenant's claim to a host.
pub type ClaimId = Id<kinds::Claim>;
/// A person who writes to a tenant; seen through a widget, a visitor.
pub type ContactId = Id<kinds::Contact>;
/// A conversation with one contact.
pub type ConversationId = Id<kinds::Conversation>;
/// One message.
pub type MessageId = Id<kinds::Message>;
/// Staff of the platform.
pub type OperatorId = Id<kinds::Operator>;
/// A key a tenant signs visitors' identities with; its text is the `kid`.
pub type IdentityKeyId = Id<kinds::IdentityKey>;
/// An attachment.
pub type FileId = Id<kinds::File>;
/// A Meta app that calls us.
pub type WaAppId = Id<kinds::WaApp>;
/// A WhatsApp Business Account of a tenant.
pub type WaAccountId = Id<kinds::WaAccount>;
/// A tenant's WhatsApp number.
pub type WaNumberId = Id<kinds::WaNumber>;
/// One call of Meta's, as it arrived.
pub type WaDeliveryId = Id<kinds::WaDelivery>;
/// A template in one language.
pub type WaTemplateId = Id<kinds::WaTemplate>;
/// One call that sends a message or a part of it; also our mark that comes back with what became of it.
pub type WaSendId = Id<kinds::WaSend>;
/// That two contacts turned out to be one person.
pub type ContactMergeId = Id<kinds::ContactMerge>;
/// A stored job.
pub type JobId = Id<kinds::Job>;

impl<K> Id<K> {
    /// A fresh id stamped with the clock's time.
    #[expect(clippy::disallowed_methods, reason = "the only place that makes ids")]
    pub fn new(clock: &Clock) -> Self {
        let millis = clock.now().millis().max(0).unsigned_abs();
        let seconds = millis / 1000;
        let nanos = u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000;
        let stamp = uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos);
        Self(Uuid::new_v7(stamp), PhantomData)
    }

    /// Wraps a stored value.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare value, for a column or a hash.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Named> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.as_simple())
    }
}
impl<K: Named> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Named> FromStr for Id<K> {
    type Err = Error;

    /// Exactly `prefix_` and 32 lower-case hex digits; anything else is `invalid_id`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::invalid("invalid_id", format!("An id that starts with {}_ is needed.", K::PREFIX));
        let hex = text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or_else(bad)?;
        if hex.len() != 32 || hex.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(bad());
        }
        Uuid::try_parse(hex).map(Self::from_uuid).map_err(|_| bad())
    }
}

impl<K: Named> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: Named> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom(format_args!("an id that starts with {}_ is needed", K::PREFIX)))
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{Id, Named};
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    use utoipa::openapi::{RefOr, Schema};

    impl<K: Named> utoipa::PartialSchema for Id<K> {
        fn schema() -> RefOr<Schema> {
            let pattern = format!("^{}_[0-9a-f]{{32}}$", K::PREFIX);
            ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
        }
    }
    impl<K: Named> utoipa::ToSchema for Id<K> {
        fn name() -> std::borrow::Cow<'static, str> {
            format!("Id_{}", K::PREFIX).into()
        }
    }
}

#[cfg(feature = "sql")]
mod sql {
    use super::{Id, Named};
    use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr};
    use sea_orm::{ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable};
    use uuid::Uuid;

    impl<K> From<Id<K>> for Value {
        fn from(id: Id<K>) -> Value {
            id.uuid().into()
        }
    }
    impl<K> TryGetable for Id<K> {
        fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
            Uuid::try_get_by(row, index).map(Id::from_uuid)
        }
    }
    impl<K: Named> ValueType for Id<K> {
        fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
            <Uuid as ValueType>::try_from(value).map(Id::from_uuid)
        }
        fn type_name() -> String {
            K::PREFIX.to_owned()
        }
        fn array_type() -> ArrayType {
            ArrayType::Uuid
        }
        fn column_type() -> ColumnType {
            ColumnType::Uuid
        }
    }
    impl<K> Nullable for Id<K> {
        fn null() -> Value {
            <Uuid as Nullable>::null()
        }
    }
    impl<K> TryFromU64 for Id<K> {
        fn try_from_u64(_: u64) -> Result<Self, DbErr> {
            Err(DbErr::ConvertFromU64("an id is not a number"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints_and_nothing_else() {
        let id = TenantId::new(&Clock::System);
        assert_eq!(id.to_string().parse::<TenantId>().ok(), Some(id));
        assert!(id.to_string().to_uppercase().parse::<TenantId>().is_err());
        assert!(id.to_string().parse::<AgentId>().is_err());
        assert!("ten_".parse::<TenantId>().is_err());
    }
}
