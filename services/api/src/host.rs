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
pub struct Hosts {
    own: Vec<String>,
    /// The name under which files are given, and nothing else is; they are given nowhere else then.
    files: Option<String>,
    /// Port under which any address of this machine will do.
    by_address: Option<u16>,
}

impl Hosts {
    /// The origin browsers see, and the address bound (health checks and the command line use it).
    pub fn of(origin: &Origin, bound: SocketAddr) -> Self {
        let port = bound.port();
        let local = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        Self {
            own: [name(origin), bound.to_string()].into_iter().chain(local).collect(),
            files: None,
            by_address: None,
        }
    }

    /// The same with a host of its own for files.
    #[must_use]
    pub fn with_files(self, origin: Option<&Origin>) -> Self {
        Self { files: origin.map(name), ..self }
    }

    /// The same for who watches and comes by address: a listener on all of the machine's addresses answers to each of
    /// them. A trick needs a name, and names stay refused.
    #[must_use]
    pub fn by_address(self, bound: SocketAddr) -> Self {
        Self { by_address: bound.ip().is_unspecified().then(|| bound.port()), ..self }
    }

    fn have(&self, request: &ServiceRequest) -> bool {
        let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_file = request.path().starts_with("/f/");
        match &self.files {
            Some(files) if files.eq_ignore_ascii_case(host) => is_file,
            Some(_) if is_file => false,
            _ => self.own.iter().any(|name| name.eq_ignore_ascii_case(host)) || self.is_address(host),
        }
    }

    fn is_address(&self, host: &str) -> bool {
        self.by_address.is_some() && host.parse().ok().map(|address: SocketAddr| address.port()) == self.by_address
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

/// Host and port as browsers send them.
fn name(origin: &Origin) -> String {
    let shown = origin.to_string();
    shown.split("://").nth(1).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn answers(listen: &str, host: &str) -> bool {
        let bound = listen.parse().expect("an address");
        let hosts = Hosts::of(&Origin::parse("http://localhost:8081").expect("an origin"), bound).by_address(bound);
        hosts.have(&TestRequest::get().insert_header((HOST, host)).to_srv_request())
    }

    #[test]
    fn who_listens_on_all_addresses_answers_to_each_and_to_no_strange_name() {
        for host in ["localhost:8081", "127.0.0.1:8081", "10.1.2.3:8081", "[fd00::7]:8081"] {
            assert!(answers("0.0.0.0:8081", host), "{host}");
        }
        for host in ["evil.example:8081", "evil.example", "10.1.2.3:9090", "10.1.2.3", ""] {
            assert!(!answers("0.0.0.0:8081", host), "{host}");
        }
        assert!(!answers("127.0.0.1:8081", "10.1.2.3:8081"), "it listens to itself only");
    }
}
