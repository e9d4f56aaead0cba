//! `/operator/v1`: platform staff, on their own listener.

/// Routes of this folder.
pub fn routes(_config: &mut utoipa_actix_web::service_config::ServiceConfig) {}
