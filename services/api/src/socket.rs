//! Live sockets.

/// Routes of this file.
pub fn routes(_config: &mut utoipa_actix_web::service_config::ServiceConfig) {}
