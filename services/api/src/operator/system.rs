//! How the machine is.

use actix_web::{HttpResponse, get};
use chat::operator;
use kernel::{JobId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::State;
use crate::extract::OperatorScope;
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(show);
}

/// The newest event's number on a shard.
#[derive(Serialize, ToSchema)]
struct ShardHead {
    shard: i32,
    head: i64,
}

/// A job that gave up.
#[derive(Serialize, ToSchema)]
struct DeadLetter {
    id: JobId,
    kind: String,
    attempts: i32,
    reason: Option<String>,
    at: Timestamp,
}

/// The state of the machine.
#[derive(Serialize, ToSchema)]
struct System {
    version: &'static str,
    /// Database engine.
    engine: String,
    /// Live connections to this process.
    connections: usize,
    jobs_waiting: i64,
    /// Seconds by which the oldest waiting job is late.
    jobs_late_seconds: u64,
    jobs_dead: i64,
    dead_letters: Vec<DeadLetter>,
    heads: Vec<ShardHead>,
}

/// Engine, counters and queues.
#[utoipa::path(tag = "operator", responses((status = 200, body = System)), security(("operator" = [])))]
#[get("/operator/v1/system")]
async fn show(api: State, who: OperatorScope) -> Answer<HttpResponse> {
    let seen = operator::system(&api.ctx, &who.0).await?;
    let dead = |letter: operator::DeadLetter| {
        let operator::DeadLetter { id, kind, attempts, reason, at } = letter;
        DeadLetter { id, kind, attempts, reason, at }
    };
    Ok(HttpResponse::Ok().json(System {
        version: env!("CARGO_PKG_VERSION"),
        engine: seen.engine,
        connections: api.hub.connections(),
        jobs_waiting: seen.jobs_waiting,
        jobs_late_seconds: seen.jobs_late_seconds,
        jobs_dead: seen.jobs_dead,
        dead_letters: seen.dead_letters.into_iter().map(dead).collect(),
        heads: seen.heads.into_iter().map(|head| ShardHead { shard: head.shard, head: head.head }).collect(),
    }))
}
