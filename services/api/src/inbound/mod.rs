//! `/inbound`: calls of other platforms, believed by their signature alone.

mod whatsapp;

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    whatsapp::routes(config);
}
