//! Which names this server answers to: a request for another one was led here by a trick (DNS rebinding, a poisoned
//! link), so it is told that it came to the wrong place.

use std::future::{Future, Ready, ready};
use std::net::SocketAddr;
use std::pin::Pin;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::HOST;
use actix_web::{Error, HttpResponse};
use kernel::Origin;

/// Middleware: 421 unless `Host` names the configured origin or the address listened on.
#[derive(Clone)]
pub struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    /// The origin browsers see, and the address bound (health checks and the command line use it).
    pub fn of(origin: &Origin, bound: SocketAddr) -> Self {
        let shown = origin.to_string();
        let shown = shown.split("://").nth(1).unwrap_or_default();
        let port = bound.port();
        let local = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        Self { names: [shown.to_owned(), bound.to_string()].into_iter().chain(local).collect() }
    }

    fn answers_to(&self, request: &ServiceRequest) -> bool {
        let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

impl<S, B> Transform<S, ServiceRequest> for Hosts
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = HostsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(HostsService { service, hosts: self.clone() }))
    }
}

/// See [`Hosts`].
pub struct HostsService<S> {
    service: S,
    hosts: Hosts,
}

impl<S, B> Service<ServiceRequest> for HostsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if !self.hosts.answers_to(&request) {
            let refusal = HttpResponse::MisdirectedRequest()
                .content_type("text/plain")
                .body("This server does not answer to that name.\n");
            return Box::pin(ready(Ok(request.into_response(refusal).map_into_right_body())));
        }
        let answer = self.service.call(request);
        Box::pin(async move { Ok(answer.await?.map_into_left_body()) })
    }
}
