//! The two listeners: what is served behind which address.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Result;
use api::{Api, Health, Hosts, Share, dress, trace, trace_inside};
use chat::Site;
use kernel::Origin;
use utoipa_actix_web::AppExt;

use crate::config::{Config, Listener};
use crate::crew::Crew;
use crate::roles::Roles;
use crate::{listen, observe};

/// How long a peer that was told to go may keep its connection.
const LINGER: Duration = Duration::from_secs(5);
/// Seconds that requests get to finish when the server stops.
pub const FINISH: u64 = 5;

type State = web::Data<Api>;
type Asked = web::Data<Health>;

/// The listeners of one process. A worker has no public one.
pub struct Doors {
    public: Option<Door>,
    operator: Door,
}

/// What listens, so that it can be stopped.
pub struct Listening(Vec<ServerHandle>);

/// A bound listener with the origin browsers see.
struct Door {
    bound: SocketAddr,
    origin: Origin,
    socket: TcpListener,
}

impl Doors {
    /// Binds the addresses.
    pub fn open(config: &Config, roles: Roles) -> Result<Self> {
        let public = roles.are_public().then(|| Door::open(&config.public)).transpose()?;
        Ok(Self { public, operator: Door::open(&config.operator)? })
    }

    /// Where they are.
    pub fn bound(&self) -> (Option<SocketAddr>, SocketAddr) {
        (self.public.as_ref().map(|door| door.bound), self.operator.bound)
    }

    /// Where browsers reach us; a process that does not listen there says so in letters all the same.
    pub fn site(&self, config: &Config) -> Result<Site> {
        let public = match &self.public {
            Some(door) => door.origin.clone(),
            None => config.public.origin_unbound()?,
        };
        Ok(Site { public, operator: self.operator.origin.clone() })
    }

    /// Begins to answer.
    pub fn serve(
        self,
        config: &Config,
        roles: Roles,
        state: &State,
        health: &Asked,
        crew: &mut Crew,
    ) -> Result<Listening> {
        let workers = match config.http.workers {
            0 => std::thread::available_parallelism()?.get(),
            workers => workers,
        };
        let mut handles = Vec::new();
        let mut begin = |name, server: Server| {
            handles.push(server.handle());
            crew.add(name, attend(server));
        };
        if let Some(public) = self.public {
            begin("public listener", public.serve_public(state, health, roles.share(), workers)?);
        }
        let operator = match roles.api {
            true => self.operator.serve_operators(state, health)?,
            false => self.operator.serve_measures(health)?,
        };
        begin("operators' listener", operator);
        Ok(Listening(handles))
    }
}

impl Listening {
    /// Takes no more connections and waits for requests to finish.
    pub async fn finish(&self) {
        futures::future::join_all(self.0.iter().map(|handle| handle.stop(true))).await;
    }
}

async fn attend(server: Server) {
    if let Err(error) = server.await {
        tracing::error!(%error, "a listener failed");
    }
}

impl Door {
    fn open(listener: &Listener) -> Result<Self> {
        let (socket, bound) = listen::bind(&listener.listen)?;
        Ok(Self { bound, origin: listener.origin(bound)?, socket })
    }

    /// Serves tenants' people and visitors.
    fn serve_public(self, state: &State, health: &Asked, share: Share, workers: usize) -> Result<Server> {
        let (state, health) = (state.clone(), health.clone());
        let hosts = Hosts::of(&self.origin, self.bound).with_files(state.ctx.files.host.as_ref());
        let secure = self.origin.is_secure();
        let server = HttpServer::new(move || {
            let app = App::new().into_utoipa_app().app_data(state.clone()).app_data(health.clone());
            let (app, _) = app.configure(|config| share.routes(config)).split_for_parts();
            let (hosts, health) = (hosts.clone(), health.clone());
            app.default_service(web::to(nothing_here))
                .configure(|config| share.rest(config))
                .wrap(from_fn(move |request, next| hosts.clone().guard(request, next)))
                .wrap(from_fn(move |request, next| dress(secure, request, next)))
                .wrap(from_fn(move |request, next| api::part(health.clone(), request, next)))
                .wrap(from_fn(trace))
        });
        // Nagle's algorithm would add tens of milliseconds to small frames
        let server = server.workers(workers).disable_signals().shutdown_timeout(FINISH).tcp_nodelay(true);
        Ok(server.client_disconnect_timeout(LINGER).listen(self.socket)?.run())
    }

    /// Serves platform staff and whoever collects measures.
    fn serve_operators(self, state: &State, health: &Asked) -> Result<Server> {
        let (state, health) = (state.clone(), health.clone());
        let hosts = Hosts::of(&self.origin, self.bound).by_address(self.bound);
        let secure = self.origin.is_secure();
        let server = HttpServer::new(move || {
            let app = App::new().into_utoipa_app().app_data(state.clone()).app_data(health.clone());
            let (app, _) = app.configure(api::operator).split_for_parts();
            let (hosts, health) = (hosts.clone(), health.clone());
            app.configure(watched)
                .configure(api::operator_assets)
                .default_service(web::to(nothing_here))
                .wrap(from_fn(move |request, next| hosts.clone().guard(request, next)))
                .wrap(from_fn(move |request, next| dress(secure, request, next)))
                .wrap(from_fn(move |request, next| api::part(health.clone(), request, next)))
                .wrap(from_fn(trace_inside))
        });
        let server = server.workers(1).disable_signals().shutdown_timeout(FINISH).tcp_nodelay(true);
        Ok(server.client_disconnect_timeout(LINGER).listen(self.socket)?.run())
    }

    /// Serves whoever watches the process, where no operator has business.
    fn serve_measures(self, health: &Asked) -> Result<Server> {
        let hosts = Hosts::of(&self.origin, self.bound).by_address(self.bound);
        let health = health.clone();
        let secure = self.origin.is_secure();
        let server = HttpServer::new(move || {
            let hosts = hosts.clone();
            App::new()
                .app_data(health.clone())
                .configure(watched)
                .default_service(web::to(api::not_this_role))
                .wrap(from_fn(move |request, next| hosts.clone().guard(request, next)))
                .wrap(from_fn(move |request, next| dress(secure, request, next)))
                .wrap(from_fn(trace_inside))
        });
        let server = server.workers(1).disable_signals().shutdown_timeout(FINISH).tcp_nodelay(true);
        Ok(server.client_disconnect_timeout(LINGER).listen(self.socket)?.run())
    }
}

/// What probes and collectors of measures ask, whatever the process does.
fn watched(config: &mut web::ServiceConfig) {
    config.configure(api::plain_health).route("/metrics", web::get().to(|| show(observe::recorder().render())));
}

async fn show(text: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

async fn nothing_here() -> Result<HttpResponse, api::Problem> {
    Err(api::Problem(kernel::Error::new(kernel::Kind::NotFound, "no_such_route", "There is no such address here.")))
}
