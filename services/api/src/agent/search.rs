//! Finding messages and people, for the tenant's people.

use actix_web::{HttpResponse, get};
use chat::inbox::{self, Question};
use kernel::wire::{FoundContact, FoundMessage};
use kernel::{Cursor, Limit, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::State;
use crate::extract::{AgentScope, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(search);
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Words, each of which may be the beginning of one; accents and case do not matter.
    q: String,
    /// Said at this time or later.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Said before this time.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// What was found. A page may hold fewer messages than asked for although there are more: what changed since is left out.
#[derive(Serialize, ToSchema)]
struct Found {
    /// Messages, newest first.
    messages: Vec<FoundMessage>,
    /// People, with the first page only, five at most.
    contacts: Vec<FoundContact>,
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Cursor>,
}

/// Messages and people by their words.
#[utoipa::path(tag = "inbox", params(Asked), responses((status = 200, body = Found)), security(("agent" = [])))]
#[get("/v1/search")]
async fn search(api: State, who: AgentScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let Asked { q, from, to, limit, cursor } = asked.0;
    let cursor = cursor.as_deref().map(Cursor::from_text);
    let question = Question { q, from, to };
    let found = inbox::search(&api.ctx, &who.0, &question, cursor.as_ref(), Limit::parse(limit)?).await?;
    let page = found.messages;
    let answer = Found { messages: page.items, contacts: found.contacts, next_cursor: page.next_cursor };
    Ok(HttpResponse::Ok().json(answer))
}
