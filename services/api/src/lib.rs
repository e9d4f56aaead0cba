//! HTTP and sockets: extract, call one operation, shape the answer. No rules, no SQL.
//!
//! Every route declares its policy in its OpenAPI entry (`security`); [`openapi::assert_policies`] refuses to start
//! when one does not.

pub mod agent;
mod assets;
mod extract;
mod files;
mod headers;
mod health;
mod host;
mod inbound;
mod limits;
mod links;
pub mod openapi;
pub mod operator;
mod problem;
mod range;
mod request;
mod share;
mod socket;
pub mod widget;

use chat::Ctx;
use ipnet::IpNet;
use realtime::Hub;

pub use headers::dress;
pub use health::{Health, part, plain as plain_health};
pub use host::Hosts;
pub use limits::Limits;
pub use problem::Problem;
pub use request::{trace, trace_inside};
pub use share::{Share, not_this_role};

/// What every handler may use.
pub struct Api {
    /// The product.
    pub ctx: Ctx,
    /// Live connections.
    pub hub: Hub,
    /// How much is too much.
    pub limits: Limits,
    /// Where Meta delivers.
    pub whatsapp: whatsapp::inbound::Door,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpNet>,
}

/// Shorthand for the shared state in handlers.
pub type State = actix_web::web::Data<Api>;

/// Routes of the public listener that appear in the OpenAPI document.
pub fn public(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    Share::Both.routes(config);
}

/// Routes of the operators' listener that appear in the OpenAPI document.
pub fn operator(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    operator::routes(config);
}

/// Pages, bundles and the document itself, on the public listener.
pub fn public_assets(config: &mut actix_web::web::ServiceConfig) {
    assets::public(config);
    openapi::routes(config);
}

/// Console and its bundles, on the operators' listener.
pub fn operator_assets(config: &mut actix_web::web::ServiceConfig) {
    assets::operator(config);
}
