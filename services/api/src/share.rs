//! Which routes of the public listener a process answers, when requests and sockets are served apart.

use actix_web::{HttpResponse, web};
use kernel::{Error, Kind};

use crate::{Problem, agent, files, health, inbound, socket, widget};

/// A process's share of the public listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Everything.
    Both,
    /// All but sockets and long polls.
    Requests,
    /// Sockets and long polls only.
    Live,
}

impl Share {
    /// The routes, for the document.
    pub fn routes(self, config: &mut utoipa_actix_web::service_config::ServiceConfig) {
        health::routes(config);
        if self != Self::Live {
            agent::routes(config);
            widget::routes(config);
            files::routes(config);
            inbound::routes(config);
        }
        if self != Self::Requests {
            socket::routes(config);
        }
    }

    /// What is in no document: pages and bundles, or the refusal of what the other processes do.
    pub fn rest(self, config: &mut web::ServiceConfig) {
        match self {
            Self::Both => crate::public_assets(config),
            Self::Requests => {
                for path in socket::PATHS {
                    config.route(path, web::to(not_this_role));
                }
                crate::public_assets(config);
            }
            Self::Live => drop(config.default_service(web::to(not_this_role))),
        }
    }
}

/// What this process was not started for. Said plainly, because it means that a proxy sends requests to the wrong place.
pub async fn not_this_role() -> Result<HttpResponse, Problem> {
    Err(Problem(Error::new(
        Kind::NotFound,
        "not_this_role",
        "This process was started without the role that answers this address; the proxy must send it elsewhere.",
    )))
}
