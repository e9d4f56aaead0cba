//! `/widget/v1`: visitors, through the embedding chain: bootstrap → frame → session → chat.

mod boot;
mod files;
mod frame;
mod inbox;
mod session;
mod visitor;

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    boot::routes(config);
    frame::routes(config);
    session::routes(config);
    inbox::routes(config);
    visitor::routes(config);
    files::routes(config);
}
