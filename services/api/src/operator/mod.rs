//! `/operator/v1`: platform staff, on their own listener.

mod audit;
mod deletion;
mod files;
mod me;
mod sessions;
mod system;
mod tenants;
mod whatsapp;

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    sessions::routes(config);
    me::routes(config);
    tenants::routes(config);
    deletion::routes(config);
    files::routes(config);
    whatsapp::routes(config);
    audit::routes(config);
    system::routes(config);
}
