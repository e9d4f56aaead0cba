//! The product without HTTP in a world of one name server and one web site, with a clock that stands still.

use std::time::Duration;

use chat::domains::{self, NewClaim};
use chat::{Ctx, Secrets, Site as Reached, identity, widgets};
use harness::Engine;
use harness::fakes::{Authority, Site, Zone};
use kernel::wire::{Display, Domain, DomainMethod, DomainScope, DomainState, WidgetSettings};
use kernel::{ClaimId, Clock, Event, Origin, Scope, Secret, TenantId, Timestamp, WidgetId};
use net::{Net, NetConfig};
use store::{Db, Replay, Runner, StoreConfig};

pub const HOST: &str = "shop.acme.com";
pub const START: Timestamp = Timestamp::from_millis(1_900_000_000_000);

pub struct World {
    pub zone: Zone,
    pub site: Site,
    pub ctx: Ctx,
    _folder: tempfile::TempDir,
    _authority: Authority,
}

/// A tenant with one widget.
#[derive(Clone)]
pub struct Shop {
    pub scope: Scope,
    pub widget: WidgetId,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(adjust: impl FnOnce(&mut NetConfig)) -> Self {
        let folder = tempfile::tempdir().expect("a place for the database");
        let zone = Zone::start().await;
        let authority = Authority::new();
        let site = Site::start(&authority, &[HOST]).await;
        zone.address_of(HOST, [127, 0, 0, 1].into());
        let mut config = NetConfig {
            dns: zone.address(),
            dns_timeout_ms: 300,
            allow: vec!["127.0.0.1/32".parse().expect("a network")],
            https_dial_port: site.port(),
            extra_ca: Some(authority.file()),
            http_total_ms: 1_500,
            mail: Secret::new(format!("folder://{}/mail", folder.path().display())),
            ..NetConfig::default()
        };
        adjust(&mut config);
        let ctx = open(&folder, Net::new(&config).expect("a net")).await;
        Self { zone, site, ctx, _folder: folder, _authority: authority }
    }

    pub async fn shop(&self) -> Shop {
        let scope = identity::scope_of_system(TenantId::new(self.ctx.clock()));
        let new = widgets::NewWidget {
            name: "Shop".to_owned(),
            display: Display::Floating,
            settings: WidgetSettings::default(),
        };
        let widget = widgets::create(&self.ctx, &scope, new).await.expect("a widget");
        Shop { scope, widget: widget.id }
    }

    /// Runs everything that is due now.
    pub async fn run_due(&self) -> usize {
        let runner = Runner::new(self.ctx.db.clone(), self.ctx.clone(), chat::jobs());
        runner.run_due().await.expect("jobs run")
    }

    /// Moves the clock and runs what became due on the way, at its own time: in steps of a quarter of an hour.
    pub async fn pass(&self, time: Duration) {
        let step = Duration::from_secs(900);
        let mut left = time;
        while !left.is_zero() {
            let now = left.min(step);
            self.ctx.clock().advance(now);
            self.run_due().await;
            left -= now;
        }
    }

    pub async fn claim(&self, shop: &Shop, host: &str, scope: DomainScope, method: DomainMethod) -> Domain {
        let new = NewClaim { host: host.to_owned(), scope, method };
        domains::claim(&self.ctx, &shop.scope, shop.widget, new).await.expect("a claim")
    }

    pub async fn claim_host(&self, shop: &Shop) -> Domain {
        self.claim(shop, HOST, DomainScope::Host, DomainMethod::Dns).await
    }

    /// Asks for a check, as a person would, and waits for the outcome.
    pub async fn check(&self, shop: &Shop, id: ClaimId) -> Domain {
        self.ctx.clock().advance(Duration::from_secs(15));
        domains::check(&self.ctx, &shop.scope, id).await.expect("a check may be asked for");
        self.run_due().await;
        self.show(shop, id).await
    }

    pub async fn show(&self, shop: &Shop, id: ClaimId) -> Domain {
        domains::show(&self.ctx, &shop.scope, id).await.expect("the claim is there")
    }

    /// Claims and proves a host by DNS.
    pub async fn proved(&self, shop: &Shop) -> Domain {
        let domain = self.claim_host(shop).await;
        publish(&self.zone, &domain);
        let domain = self.check(shop, domain.id).await;
        assert_eq!(domain.state, DomainState::Verified, "{:?}", domain.problem);
        domain
    }

    pub async fn may_run(&self, shop: &Shop, origin: &str) -> bool {
        let origin = Origin::parse_header(origin).expect("an origin");
        domains::may_run(&self.ctx, shop.widget, &origin).await.expect("the gate answers")
    }

    pub async fn events(&self, shop: &Shop) -> Vec<Event> {
        let mut start = self.ctx.db.head(shop.scope.tenant());
        start.n = 0;
        match self.ctx.db.replay(shop.scope.tenant(), start, 1_000).await.expect("a replay") {
            Replay::Events(events) => {
                events.iter().map(|event| serde_json::from_str(&event.body).expect("an event")).collect()
            }
            Replay::TooOld => panic!("the stream was kept from its beginning"),
        }
    }
}

async fn open(folder: &tempfile::TempDir, net: Net) -> Ctx {
    let url = Engine::chosen().fresh(folder.path()).await;
    let config = StoreConfig::at(url, 4);
    let db = Db::open(&config, Clock::frozen(START)).await.expect("a store");
    let origin = |text: &str| Origin::parse(text).expect("an origin");
    let reached = Reached { public: origin("https://chat.example.com"), operator: origin("https://ops.example.com") };
    let blobs = format!("folder://{}", folder.path().join("files").display());
    let settings = server::Config::load(None, &[("blobs.url", &blobs)]).expect("settings");
    let files = server::files(&settings, db.clock().clone()).await.expect("a place for files");
    let secrets = Secrets { sign: Secret::new(kernel::random_token("")), vault: Vec::new(), old_sign: Vec::new() };
    Ctx::new(db, net, files, reached, &secrets).expect("a context")
}

/// Does what the instructions say, at the DNS provider.
pub fn publish(zone: &Zone, domain: &Domain) {
    let record = domain.instructions.dns.as_ref().expect("a record to publish");
    zone.txt(&record.name, &record.value);
}

pub fn record_name(domain: &Domain) -> String {
    domain.instructions.dns.as_ref().expect("a record to publish").name.clone()
}

pub fn token(domain: &Domain) -> String {
    let value = &domain.instructions.dns.as_ref().expect("a record to publish").value;
    value.strip_prefix("token=").and_then(|rest| rest.split(' ').next()).expect("a token").to_owned()
}

pub fn problem(domain: &Domain) -> Option<&str> {
    domain.problem.as_ref().map(|problem| problem.code.as_str())
}

pub const fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3_600)
}
