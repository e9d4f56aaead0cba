//! The two listeners: what is served behind which address.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Result;
use api::{Api, Hosts, dress, trace};
use kernel::Origin;
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa_actix_web::AppExt;

use crate::config::Listener;
use crate::listen;

/// How long a peer that was told to go may keep its connection.
const LINGER: Duration = Duration::from_secs(5);
/// Seconds that requests get to finish when the server stops.
const FINISH: u64 = 5;

/// A bound listener with the origin browsers see.
pub struct Door {
    /// Address it is bound to.
    pub bound: SocketAddr,
    /// Origin browsers see.
    pub origin: Origin,
    socket: TcpListener,
}

impl Door {
    /// Binds the address.
    pub fn open(listener: &Listener) -> Result<Self> {
        let (socket, bound) = listen::bind(&listener.listen)?;
        Ok(Self { bound, origin: listener.origin(bound)?, socket })
    }

    /// Serves tenants' people and visitors.
    pub fn serve_public(self, state: web::Data<Api>, workers: usize) -> Result<Server> {
        let hosts = Hosts::of(&self.origin, self.bound).with_files(state.ctx.files.host.as_ref());
        let secure = self.origin.is_secure();
        let server = HttpServer::new(move || {
            let app = App::new().into_utoipa_app().app_data(state.clone()).configure(api::public);
            let (app, _) = app.split_for_parts();
            let hosts = hosts.clone();
            app.configure(api::public_assets)
                .default_service(web::to(nothing_here))
                .wrap(from_fn(move |request, next| hosts.clone().guard(request, next)))
                .wrap(from_fn(move |request, next| dress(secure, request, next)))
                .wrap(from_fn(trace))
        });
        // Nagle's algorithm would add tens of milliseconds to small frames
        let server = server.workers(workers).disable_signals().shutdown_timeout(FINISH).tcp_nodelay(true);
        Ok(server.client_disconnect_timeout(LINGER).listen(self.socket)?.run())
    }

    /// Serves platform staff and whoever collects measures.
    pub fn serve_operators(self, state: web::Data<Api>, metrics: PrometheusHandle) -> Result<Server> {
        let (hosts, secure) = (Hosts::of(&self.origin, self.bound), self.origin.is_secure());
        let server = HttpServer::new(move || {
            let app = App::new().into_utoipa_app().app_data(state.clone()).configure(api::operator);
            let (app, _) = app.split_for_parts();
            let (hosts, metrics) = (hosts.clone(), metrics.clone());
            app.route("/metrics", web::get().to(move || measures(metrics.render())))
                .configure(api::operator_assets)
                .default_service(web::to(nothing_here))
                .wrap(from_fn(move |request, next| hosts.clone().guard(request, next)))
                .wrap(from_fn(move |request, next| dress(secure, request, next)))
                .wrap(from_fn(trace))
        });
        let server = server.workers(1).disable_signals().shutdown_timeout(FINISH).tcp_nodelay(true);
        Ok(server.client_disconnect_timeout(LINGER).listen(self.socket)?.run())
    }
}

async fn nothing_here() -> Result<HttpResponse, api::Problem> {
    Err(api::Problem(kernel::Error::new(kernel::Kind::NotFound, "no_such_route", "There is no such address here.")))
}

async fn measures(text: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}
