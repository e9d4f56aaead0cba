//! Is the process there, and can it acknowledge a message?

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, get, web};
use chat::Ctx;
use kernel::{Error, Result};

use crate::problem::Answer;

/// What a process says of itself, whatever its roles.
pub struct Health {
    ctx: Ctx,
    is_stopping: AtomicBool,
}

impl Health {
    /// Of a process that runs.
    pub fn new(ctx: Ctx) -> Self {
        Self { ctx, is_stopping: AtomicBool::new(false) }
    }

    /// From now on whoever asks is told to send nobody here, while those who come are still served.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    async fn is_ready(&self) -> Result<()> {
        if self.is_stopping() {
            return Err(Error::unavailable("stopping", "The server is restarting; try again in a moment."));
        }
        self.ctx.db.is_ready().await
    }
}

/// Middleware: a process that stops parts with every connection as it answers, so that none is cut off later in the
/// middle of a request.
pub async fn part<B: MessageBody>(
    health: web::Data<Health>,
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, actix_web::Error> {
    let mut response = next.call(request).await?;
    if health.is_stopping() && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(healthz).service(readyz);
}

/// The same for a listener whose routes are in no document.
pub fn plain(config: &mut web::ServiceConfig) {
    config.service(healthz).service(readyz);
}

/// The process answers.
#[utoipa::path(tag = "health", responses((status = 200, description = "The process answers.")), security(()))]
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// A message could be acknowledged now.
#[utoipa::path(tag = "health", responses((status = 200, description = "A message could be acknowledged."), (status = 503, description = "Not now.")), security(()))]
#[get("/readyz")]
async fn readyz(health: web::Data<Health>) -> Answer<HttpResponse> {
    health.is_ready().await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}
