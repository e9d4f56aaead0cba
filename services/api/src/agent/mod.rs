//! `/v1`: a tenant's people and systems.

mod contacts;
mod domains;
mod files;
pub mod identity;
pub mod inbox;
mod keeping;
mod merges;
mod retention;
mod search;
pub mod whatsapp;
mod widgets;

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    identity::routes(config);
    inbox::routes(config);
    keeping::routes(config);
    retention::routes(config);
    contacts::routes(config);
    merges::routes(config);
    search::routes(config);
    files::routes(config);
    widgets::routes(config);
    domains::routes(config);
    whatsapp::routes(config);
}
