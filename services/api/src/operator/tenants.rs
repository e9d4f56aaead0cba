//! Tenants as operators see them.

use actix_web::{HttpResponse, get, post};
use chat::operator::{self, By, OwnerState, TenantFilter, TenantSummary};
use kernel::wire::TenantStatus;
use kernel::{Cursor, Limit, Page, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::State;
use crate::extract::{Json, OperatorScope, PathId, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(create).service(show).service(suspend).service(resume).service(invite);
}

/// Which tenants.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Part of a name or of an owner's address.
    q: Option<String>,
    /// Only those in this state.
    #[param(inline)]
    status: Option<TenantStatus>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A tenant to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateTenant {
    /// 1 to 80 characters.
    name: String,
    /// Who gets the invitation.
    owner_email: String,
}

/// Why a tenant is suspended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Suspend {
    /// 1 to 300 characters, for the staff.
    reason: String,
}

/// Whom to invite as owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteOwner {
    email: String,
}

/// Who owns a tenant.
#[derive(Serialize, ToSchema)]
struct TenantOwner {
    email: String,
    /// `invited` or `active`.
    state: &'static str,
}

/// A tenant.
#[derive(Serialize, ToSchema)]
pub(super) struct OperatedTenant {
    id: TenantId,
    name: String,
    status: TenantStatus,
    created_at: Timestamp,
    suspended_at: Option<Timestamp>,
    suspended_reason: Option<String>,
    /// When everything of it goes, once somebody decided so.
    delete_at: Option<Timestamp>,
    delete_reason: Option<String>,
    owner: Option<TenantOwner>,
    agents: i64,
    conversations: i64,
}

/// How much a tenant holds.
#[derive(Serialize, ToSchema)]
struct TenantUsage {
    agents: i64,
    widgets: i64,
    contacts: i64,
    conversations: i64,
}

/// A tenant with how much it holds.
#[derive(Serialize, ToSchema)]
struct TenantDetail {
    #[serde(flatten)]
    tenant: OperatedTenant,
    usage: TenantUsage,
}

impl From<TenantSummary> for OperatedTenant {
    fn from(tenant: TenantSummary) -> Self {
        let owner = tenant.owner.map(|owner| TenantOwner {
            email: owner.email,
            state: match owner.state {
                OwnerState::Invited => "invited",
                OwnerState::Active => "active",
            },
        });
        Self {
            id: tenant.id,
            name: tenant.name,
            status: tenant.status,
            created_at: tenant.created_at,
            suspended_at: tenant.suspended_at,
            suspended_reason: tenant.reason,
            delete_at: tenant.delete_at,
            delete_reason: tenant.delete_reason,
            owner,
            agents: tenant.agents,
            conversations: tenant.conversations,
        }
    }
}

/// One page of tenants, newest first.
#[utoipa::path(tag = "operator", params(Asked), responses((status = 200, body = Page<OperatedTenant>)), security(("operator" = [])))]
#[get("/operator/v1/tenants")]
async fn list(api: State, who: OperatorScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let Asked { q, status, limit, cursor } = asked.0;
    let (filter, cursor) = (TenantFilter { text: q, status }, cursor.as_deref().map(Cursor::from_text));
    let page = operator::list_tenants(&api.ctx, &who.0, &filter, cursor.as_ref(), Limit::parse(limit)?).await?;
    Ok(HttpResponse::Ok().json(page.map(OperatedTenant::from)))
}

/// Makes a tenant and invites its owner by mail.
#[utoipa::path(tag = "operator", request_body = CreateTenant, responses((status = 201, body = OperatedTenant)), security(("operator" = [])))]
#[post("/operator/v1/tenants")]
async fn create(api: State, who: OperatorScope, body: Json<CreateTenant>) -> Answer<HttpResponse> {
    let by = By::Operator(who.0.id);
    let tenant = operator::create_tenant(&api.ctx, by, &body.0.name, &body.0.owner_email).await?;
    Ok(HttpResponse::Created().json(OperatedTenant::from(tenant)))
}

/// One tenant with how much it holds.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), responses((status = 200, body = TenantDetail), (status = 404)), security(("operator" = [])))]
#[get("/operator/v1/tenants/{id}")]
async fn show(api: State, who: OperatorScope, id: PathId<TenantId>) -> Answer<HttpResponse> {
    let (tenant, usage) = operator::show_tenant(&api.ctx, &who.0, id.0).await?;
    let operator::Usage { agents, widgets, contacts, conversations } = usage;
    let usage = TenantUsage { agents, widgets, contacts, conversations };
    Ok(HttpResponse::Ok().json(TenantDetail { tenant: tenant.into(), usage }))
}

/// Suspends a tenant: widgets go dark, people are signed out, nothing is deleted.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), request_body = Suspend, responses((status = 200, body = OperatedTenant), (status = 409, description = "status_unchanged")), security(("operator" = [])))]
#[post("/operator/v1/tenants/{id}/suspend")]
async fn suspend(api: State, who: OperatorScope, id: PathId<TenantId>, body: Json<Suspend>) -> Answer<HttpResponse> {
    let tenant = operator::suspend(&api.ctx, &who.0, id.0, &body.0.reason).await?;
    Ok(HttpResponse::Ok().json(OperatedTenant::from(tenant)))
}

/// Lets a suspended tenant work again.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), responses((status = 200, body = OperatedTenant), (status = 409, description = "status_unchanged")), security(("operator" = [])))]
#[post("/operator/v1/tenants/{id}/resume")]
async fn resume(api: State, who: OperatorScope, id: PathId<TenantId>) -> Answer<HttpResponse> {
    let tenant = operator::resume(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(OperatedTenant::from(tenant)))
}

/// Invites the owner again, or another one in their place.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), request_body = InviteOwner, responses((status = 200, body = OperatedTenant), (status = 409, description = "already_member")), security(("operator" = [])))]
#[post("/operator/v1/tenants/{id}/invite")]
async fn invite(api: State, who: OperatorScope, id: PathId<TenantId>, body: Json<InviteOwner>) -> Answer<HttpResponse> {
    let tenant = operator::invite_owner(&api.ctx, &who.0, id.0, &body.0.email).await?;
    Ok(HttpResponse::Ok().json(OperatedTenant::from(tenant)))
}
