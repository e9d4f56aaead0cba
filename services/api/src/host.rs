//! Which names this server answers to: a request for another one was led here by a trick (DNS rebinding, a poisoned
//! link), so it is told that it came to the wrong place.

use std::net::SocketAddr;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HOST;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use kernel::Origin;

/// The names of one listener.
#[derive(Clone)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// The origin browsers see, and the address bound (health checks and the command line use it).
    pub fn of(origin: &Origin, bound: SocketAddr) -> Self {
        let shown = origin.to_string();
        let shown = shown.split("://").nth(1).unwrap_or_default();
        let port = bound.port();
        let local = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        Self([shown.to_owned(), bound.to_string()].into_iter().chain(local).collect())
    }

    fn have(&self, request: &ServiceRequest) -> bool {
        let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        self.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Middleware: 421 unless `Host` is one of the names.
    pub async fn guard<B: MessageBody>(
        self,
        request: ServiceRequest,
        next: Next<B>,
    ) -> Result<ServiceResponse<EitherBody<B>>, Error> {
        if self.have(&request) {
            return next.call(request).await.map(ServiceResponse::map_into_left_body);
        }
        let words = "This server does not answer to that name.\n";
        let refusal = HttpResponse::MisdirectedRequest().content_type("text/plain").body(words);
        Ok(request.into_response(refusal).map_into_right_body())
    }
}
