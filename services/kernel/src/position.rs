//! Where in the stream of events a reader stands.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;

/// `(epoch, shard, n)`: within one shard and epoch, `n` has no gaps and every event before it is visible.
/// The epoch changes when a database is restored, so that readers start over instead of missing data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Which life of the database.
    pub epoch: u32,
    /// Which counter; a tenant always belongs to one shard.
    pub shard: u16,
    /// The event's number, from 1; 0 is before the first.
    pub n: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}-{}", self.epoch, self.shard, self.n)
    }
}

impl FromStr for Position {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::field("after", "invalid_position", "This position did not come from here.");
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().ok_or_else(bad);
        let (epoch, shard, n) = (next()?, next()?, next()?);
        let n: i64 = n.parse().map_err(|_| bad())?;
        if n < 0 {
            return Err(bad());
        }
        Ok(Self {
            epoch: u32::from_str_radix(epoch, 16).map_err(|_| bad())?,
            shard: shard.parse().map_err(|_| bad())?,
            n,
        })
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    use utoipa::openapi::{RefOr, Schema};
    impl utoipa::PartialSchema for super::Position {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new().schema_type(Type::String).into()
        }
    }
    impl utoipa::ToSchema for super::Position {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_back_what_it_prints_and_refuses_the_rest() {
        let position = Position { epoch: 0xbeef, shard: 3, n: 42 };
        assert_eq!(position.to_string().parse::<Position>().ok(), Some(position));
        for bad in ["", "1", "1-2", "1-2-x", "1-2--3", "zz-1-1", "1-99999-1"] {
            assert!(bad.parse::<Position>().is_err(), "{bad} was taken");
        }
    }
}
