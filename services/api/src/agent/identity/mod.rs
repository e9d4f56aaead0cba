//! Sessions, people, invitations and the tenant itself.

mod agents;
mod identity_keys;
mod invitations;
mod me;
mod sessions;
mod tenant;

pub use me::{Code, SecondFactor};

use chat::identity::Caller;
use kernel::{Cursor, Error, Limit};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::Peer;

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    sessions::routes(config);
    me::routes(config);
    tenant::routes(config);
    agents::routes(config);
    invitations::routes(config);
    identity_keys::routes(config);
}

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// 1 to 100, 25 unless told.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Paging {
    /// Both, checked.
    pub fn parts(&self) -> Result<(Option<Cursor>, Limit), Error> {
        Ok((self.cursor.as_deref().map(Cursor::from_text), Limit::parse(self.limit)?))
    }
}

impl From<&Peer> for Caller {
    fn from(peer: &Peer) -> Self {
        Self { ip: peer.ip, agent: peer.agent.clone() }
    }
}
