//! WhatsApp's settings: apps, accounts, numbers, and what was delivered.

mod apps;
mod deliveries;
mod imports;
mod numbers;
mod registration;
mod samples;
mod signup;
mod talk;
mod templates;

pub use apps::{AddWhatsAppApp, ChangeWhatsAppApp};

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    apps::routes(config);
    numbers::routes(config);
    registration::routes(config);
    samples::routes(config);
    imports::routes(config);
    signup::routes(config);
    templates::routes(config);
    deliveries::routes(config);
    talk::routes(config);
}
