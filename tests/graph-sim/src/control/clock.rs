//! The hands of the clock.

use std::sync::Arc;

use serde_json::{Value, json};

use super::told;
use crate::core::Core;
use crate::drive;
use crate::http::Answer;

/// `{now?, rate?, advance?}` in milliseconds; answers when everything that was due has been done.
pub(super) async fn clock(core: &Arc<Core>, write: bool, body: &Value) -> Answer {
    if write {
        core.with(|world| {
            if let Some(rate) = body["rate"].as_f64() {
                world.clock.run(rate);
            }
            if let Some(now) = body["now"].as_i64() {
                world.clock.set(now);
            }
        });
        if let Some(by) = body["advance"].as_i64() {
            drive::advance(core, by).await;
        }
    }
    told(core.with(|world| Ok(json!({"now": world.now(), "rate": world.clock.rate(), "next": world.agenda.next()}))))
}
