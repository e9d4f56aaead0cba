//! This process among the others: who it is, and that it still runs.

use std::sync::OnceLock;
use std::time::Duration;

use kernel::Timestamp;
use store::{Db, Node};
use uuid::Uuid;

use crate::roles::Roles;

/// How often it says so.
const BEAT: Duration = Duration::from_secs(10);
/// Nodes not heard of for so long are forgotten.
const GONE: Duration = Duration::from_secs(24 * 3_600);

/// Made at the start of the process; the same in the table of nodes and in traces.
#[expect(clippy::disallowed_methods, reason = "names a process and nothing durable")]
pub fn id() -> Uuid {
    static ID: OnceLock<Uuid> = OnceLock::new();
    *ID.get_or_init(Uuid::new_v4)
}

/// Says again and again that this process is there.
pub async fn beat(db: Db, roles: Roles) {
    let began = db.clock().now();
    let mut tick = tokio::time::interval(BEAT);
    loop {
        tick.tick().await;
        let now = db.clock().now();
        let node = Node {
            id: id(),
            roles: roles.to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: began,
            seen_at: now,
        };
        if let Err(error) = db.beat(&node, before(now)).await {
            tracing::debug!(%error, "this node could not say that it is there");
        }
    }
}

fn before(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.millis() - i64::try_from(GONE.as_millis()).unwrap_or(0))
}

/// Says that it leaves. Who cannot say so is missed after a while.
pub async fn leave(db: &Db) {
    if let Err(error) = db.leave(id()).await {
        tracing::debug!(%error, "this node could not say that it leaves");
    }
}
