//! What operators did.

use actix_web::{HttpResponse, get};
use chat::operator;
use kernel::{Cursor, Limit, Page, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sessions::Operator;
use crate::State;
use crate::extract::{OperatorScope, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list);
}

/// Which part of the trail.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only what was done to this tenant.
    #[param(value_type = Option<String>)]
    tenant: Option<TenantId>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A tenant by name.
#[derive(Serialize, ToSchema)]
struct AuditedTenant {
    id: TenantId,
    name: String,
}

/// One thing somebody did.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    id: String,
    at: Timestamp,
    /// What, in the past tense.
    action: String,
    /// Who; nobody when it came from the command line.
    operator: Option<Operator>,
    tenant: Option<AuditedTenant>,
    /// To what, where it is not the tenant itself.
    object: Option<String>,
    /// More, such as a reason.
    detail: Option<String>,
}

impl From<operator::AuditEntry> for AuditEntry {
    fn from(entry: operator::AuditEntry) -> Self {
        let operator::AuditEntry { id, at, operator, action, tenant, object, detail } = entry;
        let tenant = tenant.map(|(id, name)| AuditedTenant { id, name });
        Self { id, at, action, operator: operator.map(Operator::from), tenant, object, detail }
    }
}

/// One page of the trail, newest first.
#[utoipa::path(tag = "operator", params(Asked), responses((status = 200, body = Page<AuditEntry>)), security(("operator" = [])))]
#[get("/operator/v1/audit")]
async fn list(api: State, who: OperatorScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let Asked { tenant, limit, cursor } = asked.0;
    let cursor = cursor.as_deref().map(Cursor::from_text);
    let page = operator::list_audit(&api.ctx, &who.0, tenant, cursor.as_ref(), Limit::parse(limit)?).await?;
    Ok(HttpResponse::Ok().json(page.map(AuditEntry::from)))
}
