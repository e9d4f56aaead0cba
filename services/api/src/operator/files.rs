//! How much room a tenant's files have.

use actix_web::{HttpResponse, get, put};
use chat::files::Room;
use chat::operator;
use kernel::TenantId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{Json, OperatorScope, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(show).service(change);
}

/// A tenant's room.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeFileRoom {
    /// Bytes of all files together.
    quota_bytes: i64,
    /// Bytes of one file; `null` for what the platform allows.
    max_bytes: Option<i64>,
}

/// A tenant's room and what it uses of it.
#[derive(Serialize, ToSchema)]
struct FileRoom {
    /// Bytes of all files together.
    quota_bytes: i64,
    /// Bytes of one file; `null` for what the platform allows.
    max_bytes: Option<i64>,
    used_bytes: i64,
}

impl From<Room> for FileRoom {
    fn from(room: Room) -> Self {
        let Room { quota_bytes, max_bytes, used_bytes } = room;
        Self { quota_bytes, max_bytes, used_bytes }
    }
}

/// How much room a tenant's files have.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), responses((status = 200, body = FileRoom), (status = 404)), security(("operator" = [])))]
#[get("/operator/v1/tenants/{id}/files")]
async fn show(api: State, who: OperatorScope, id: PathId<TenantId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(FileRoom::from(operator::show_room(&api.ctx, &who.0, id.0).await?)))
}

/// Gives a tenant's files more or less room; what is there stays.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), request_body = ChangeFileRoom, responses((status = 200, body = FileRoom), (status = 404)), security(("operator" = [])))]
#[put("/operator/v1/tenants/{id}/files")]
async fn change(
    api: State,
    who: OperatorScope,
    id: PathId<TenantId>,
    body: Json<ChangeFileRoom>,
) -> Answer<HttpResponse> {
    let ChangeFileRoom { quota_bytes, max_bytes } = body.0;
    let room = operator::change_room(&api.ctx, &who.0, id.0, quota_bytes, max_bytes).await?;
    Ok(HttpResponse::Ok().json(FileRoom::from(room)))
}
