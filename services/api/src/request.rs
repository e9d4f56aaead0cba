//! One span, one id and one set of counters per request.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{HeaderName, HeaderValue};
use tracing::Instrument;
use uuid::Uuid;

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request being worked on; empty outside of one.
pub fn id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Middleware that names requests and measures them. Paths are logged by pattern: ids are not names, tokens never are in one.
pub struct Traced;

impl<S, B> Transform<S, ServiceRequest> for Traced
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = TracedService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(TracedService { service: Rc::new(service) }))
    }
}

/// See [`Traced`].
pub struct TracedService<S> {
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for TracedService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let service = self.service.clone();
        let id = format!("req_{}", Uuid::new_v4().as_simple());
        let span = tracing::debug_span!("request", request.id = %id, method = %request.method());
        let began = Instant::now();
        Box::pin(REQUEST_ID.scope(id.clone(), async move {
            let mut response = service.call(request).instrument(span).await?;
            let pattern = response.request().match_pattern().unwrap_or_else(|| "other".to_owned());
            let status = response.status().as_u16().to_string();
            metrics::histogram!("http_request_seconds", "route" => pattern, "status" => status)
                .record(began.elapsed().as_secs_f64());
            if let Ok(value) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
            }
            Ok(response)
        }))
    }
}
