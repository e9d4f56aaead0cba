//! WhatsApp's settings: apps, accounts, numbers, and what was delivered.

mod apps;
mod deliveries;
mod numbers;

pub use apps::{AddWhatsAppApp, ChangeWhatsAppApp};

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    apps::routes(config);
    numbers::routes(config);
    deliveries::routes(config);
}
