//! Keys with which the workspace's own server signs who its visitors are.

use actix_web::{HttpResponse, delete, get, post};
use chat::identity::{self, MadeKey, NewKey};
use kernel::{IdentityKeyId, Page, Timestamp, WidgetId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(create).service(revoke);
}

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateKey {
    /// 1 to 80 characters.
    name: String,
    /// `HS256`, `ES256` or `EdDSA`.
    algorithm: String,
    /// The public key in PEM; left out for HS256, whose secret we make.
    public_key: Option<String>,
    /// The one widget it is good for; all, when left out.
    widget_id: Option<WidgetId>,
}

/// A key; its id is the `kid` of tokens signed with it.
#[derive(Serialize, ToSchema)]
struct IdentityKey {
    id: IdentityKeyId,
    name: String,
    algorithm: String,
    widget_id: Option<WidgetId>,
    created_at: Timestamp,
}

/// A key just made.
#[derive(Serialize, ToSchema)]
struct CreatedKey {
    #[serde(flatten)]
    key: IdentityKey,
    /// For HS256, and shown this once: sign with the bytes of this text.
    secret: Option<String>,
}

impl From<identity::IdentityKey> for IdentityKey {
    fn from(key: identity::IdentityKey) -> Self {
        let identity::IdentityKey { id, name, algorithm, widget, created_at } = key;
        Self { id, name, algorithm, widget_id: widget, created_at }
    }
}

/// The keys in use, oldest first; a workspace has twenty at most.
#[utoipa::path(tag = "identity-keys", responses((status = 200, body = Page<IdentityKey>)), security(("agent" = [])))]
#[get("/v1/identity-keys")]
async fn list(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let keys = identity::list_keys(&api.ctx, &who.0).await?;
    let items = keys.into_iter().map(IdentityKey::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Makes a key.
#[utoipa::path(tag = "identity-keys", request_body = CreateKey, responses((status = 201, body = CreatedKey), (status = 422, description = "unknown_algorithm, invalid_public_key, not_for_hs256")), security(("agent" = [])))]
#[post("/v1/identity-keys")]
async fn create(api: State, who: AgentScope, body: Json<CreateKey>) -> Answer<HttpResponse> {
    let CreateKey { name, algorithm, public_key, widget_id } = body.0;
    let new = NewKey { name, algorithm, public_key, widget: widget_id };
    let MadeKey { key, secret } = identity::create_key(&api.ctx, &who.0, new).await?;
    Ok(HttpResponse::Created().json(CreatedKey { key: key.into(), secret }))
}

/// Takes a key out of use at once.
#[utoipa::path(tag = "identity-keys", params(("id" = String, Path)), responses((status = 204), (status = 404)), security(("agent" = [])))]
#[delete("/v1/identity-keys/{id}")]
async fn revoke(api: State, who: AgentScope, id: PathId<IdentityKeyId>) -> Answer<HttpResponse> {
    identity::revoke_key(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
