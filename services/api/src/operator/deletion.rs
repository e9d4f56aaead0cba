//! The end of a tenant.

use actix_web::{HttpResponse, delete, get, post};
use chat::operator;
use kernel::TenantId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tenants::OperatedTenant;
use crate::State;
use crate::extract::{Json, OperatorScope, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(preview).service(remove).service(restore);
}

/// What goes with a tenant.
#[derive(Serialize, ToSchema)]
struct DeletionPreview {
    people: i64,
    conversations: i64,
    files: i64,
    bytes: i64,
    /// Days in which it can be restored.
    delay_days: u32,
}

/// Why a tenant is deleted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteTenant {
    /// 1 to 300 characters, for the staff.
    reason: String,
}

/// What would go with a tenant, counted now.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), responses((status = 200, body = DeletionPreview), (status = 404)), security(("operator" = [])))]
#[get("/operator/v1/tenants/{id}/deletion")]
async fn preview(api: State, who: OperatorScope, id: PathId<TenantId>) -> Answer<HttpResponse> {
    let going = operator::preview_deletion(&api.ctx, &who.0, id.0).await?;
    let operator::Going { people, conversations, files, bytes } = going;
    Ok(HttpResponse::Ok().json(DeletionPreview { people, conversations, files, bytes, delay_days: 7 }))
}

/// Suspends a tenant and removes everything of it in seven days, unless it is restored before.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), request_body = DeleteTenant, responses((status = 202, body = OperatedTenant), (status = 404), (status = 409, description = "tenant_deleting")), security(("operator" = [])))]
#[delete("/operator/v1/tenants/{id}")]
async fn remove(
    api: State,
    who: OperatorScope,
    id: PathId<TenantId>,
    body: Json<DeleteTenant>,
) -> Answer<HttpResponse> {
    let tenant = operator::delete_tenant(&api.ctx, &who.0, id.0, &body.0.reason).await?;
    Ok(HttpResponse::Accepted().json(OperatedTenant::from(tenant)))
}

/// Takes a deletion back while there is time.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), responses((status = 200, body = OperatedTenant), (status = 404), (status = 409, description = "status_unchanged, deletion_begun")), security(("operator" = [])))]
#[post("/operator/v1/tenants/{id}/restore")]
async fn restore(api: State, who: OperatorScope, id: PathId<TenantId>) -> Answer<HttpResponse> {
    let tenant = operator::restore_tenant(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(OperatedTenant::from(tenant)))
}
