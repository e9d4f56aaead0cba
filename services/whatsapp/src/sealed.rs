//! The sealed columns of this crate.

use kernel::{WaAccountId, WaAppId, WaDeliveryId, WaNumberId};
use store::Sealed;
use uuid::Uuid;

use crate::{account, app, echo, history};

const fn of(table: &'static str, column: &'static str, bound: fn(Uuid, &str) -> String) -> Sealed {
    Sealed { table, key: ("id", None), about: None, column, only: "", bound }
}

const fn by_hash(table: &'static str, column: &'static str, bound: fn(Uuid, &str) -> String) -> Sealed {
    Sealed { table, key: ("number_id", Some("hash")), about: None, column, only: "", bound }
}

/// All of them.
pub const SEALED: [Sealed; 10] = [
    of("wa_app", "secret", |id, _| app::place(WaAppId::from_uuid(id), "secret")),
    of("wa_app", "old_secret", |id, _| app::place(WaAppId::from_uuid(id), "secret")),
    of("wa_app", "verify_token", |id, _| app::place(WaAppId::from_uuid(id), "verify")),
    of("wa_account", "token", |id, _| account::place(WaAccountId::from_uuid(id))),
    of("wa_number", "pin", |id, _| format!("{} pin", WaNumberId::from_uuid(id))),
    of("wa_delivery", "body", |id, _| WaDeliveryId::from_uuid(id).to_string()),
    Sealed { about: Some("wamid_hash"), ..of("outgoing", "wamid", |_, hash| hash.to_owned()) },
    by_hash("wa_message", "wamid", |_, hash| hash.to_owned()),
    by_hash("wa_past", "body", |_, hash| history::sealed_for(hash)),
    by_hash("wa_echo", "body", |_, hash| echo::seal(hash)),
];
