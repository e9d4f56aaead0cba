//! `/widget/v1`: visitors, through the embedding chain.

/// Routes of this folder.
pub fn routes(_config: &mut utoipa_actix_web::service_config::ServiceConfig) {}
