//! `/v1`: a tenant's people and systems.

/// Routes of this folder.
pub fn routes(_config: &mut utoipa_actix_web::service_config::ServiceConfig) {}
