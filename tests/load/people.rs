//! Tenants with an agent and a widget, made through the product's own operations before the server starts, and
//! visitors with tokens of a run's length.

use anyhow::{Context, Result, anyhow};
use chat::domains::{self, NewClaim};
use chat::identity::{self, NewAgent, VisitorPass};
use chat::operator::{self, By};
use chat::widgets::{self, NewWidget};
use chat::{Ctx, Site};
use kernel::wire::{Display, DomainMethod, DomainScope, WidgetSettings};
use kernel::{Clock, ContactId, Origin, Role, Secret, TenantId, WidgetId};
use serde_json::{Value, json};
use store::Db;

use crate::client::Client;
use crate::options::Options;
use crate::product::{Doors, Product, SECRET};
use crate::store_at::StoreAt;

const PASSWORD: &str = "load generator's own password";
/// The page every widget here stands on.
const PAGE: &str = "localhost:3000";

/// A business.
pub struct Tenant {
    pub id: TenantId,
    pub widget: WidgetId,
    pub email: String,
}

/// Somebody who has the widget open and has not written.
pub struct Visitor {
    pub tenant: usize,
    pub token: String,
}

/// The product's handle on a fresh, migrated database.
pub async fn open(store: &StoreAt, doors: Doors) -> Result<Ctx> {
    open_with(store, doors, &[]).await
}

/// The same with these settings on top.
pub async fn open_with(store: &StoreAt, doors: Doors, more: &[(&str, &str)]) -> Result<Ctx> {
    // a second database of the same run finds it installed
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mail = format!("folder://{}", store.folder.join("mail").display());
    let url = store.url();
    let blobs = format!("folder://{}", store.folder.join("files").display());
    let settings = [("store.url", url.as_str()), ("mail.url", &mail), ("blobs.url", &blobs), ("auth.secret", SECRET)];
    let config = server::Config::load(None, &[&settings[..], more].concat())?;
    let conn = Db::connect(&config.store).await.map_err(plain)?;
    migration::migrate(&conn).await?;
    let db = Db::open(&config.store, Clock::System).await.map_err(plain)?;
    let origin = |text: String| Origin::parse(&text).context("an origin");
    let site = Site { public: origin(doors.origin())?, operator: origin(format!("http://{}", doors.operator))? };
    let files = server::files(&config, Clock::System).await?;
    Ctx::new(db, net::Net::new(&config.net)?, files, site, &config.auth.secrets()).map_err(plain)
}

/// Makes `count` tenants.
pub async fn tenants(ctx: &Ctx, count: usize) -> Result<Vec<Tenant>> {
    let mut tenants = Vec::with_capacity(count);
    for number in 0..count {
        tenants.push(tenant(ctx, number).await.map_err(plain)?);
    }
    Ok(tenants)
}

async fn tenant(ctx: &Ctx, number: usize) -> kernel::Result<Tenant> {
    let name = format!("Shop {number}");
    let id = operator::create_tenant(ctx, By::CommandLine, &name, &format!("owner@shop{number}.example")).await?.id;
    let email = format!("agent@shop{number}.example");
    let agent = NewAgent {
        email: email.clone(),
        name: "Ada Agent".to_owned(),
        role: Role::Agent,
        password: Secret::new(PASSWORD.to_owned()),
    };
    identity::create_agent_directly(ctx, id, agent).await?;
    let scope = identity::scope_of_system(id);
    let new = NewWidget { name, display: Display::Floating, settings: WidgetSettings::default() };
    let widget = widgets::create(ctx, &scope, new).await?.id;
    let claim = NewClaim { host: PAGE.to_owned(), scope: DomainScope::Test, method: DomainMethod::Dns };
    domains::claim(ctx, &scope, widget, claim).await?;
    Ok(Tenant { id, widget, email })
}

/// `count` visitors, spread over the tenants.
pub fn visitors(ctx: &Ctx, tenants: &[Tenant], count: usize) -> Result<Vec<Visitor>> {
    let visitor = |number: usize| {
        let tenant = number % tenants.len();
        let pass = VisitorPass {
            tenant: tenants[tenant].id,
            widget: tenants[tenant].widget,
            visitor: ContactId::new(ctx.clock()),
            origin: format!("http://{PAGE}"),
            expires_at: ctx.clock().now(),
        };
        let (token, _) = identity::mint_visitor(ctx, &pass).map_err(plain)?;
        Ok(Visitor { tenant, token })
    };
    (0..count).map(visitor).collect()
}

/// The product with twenty tenants, and as many visitors of theirs as sockets are asked for.
pub async fn crowd(options: &Options, store: &StoreAt) -> Result<(Product, Vec<Visitor>)> {
    let doors = Doors::choose(options)?;
    let ctx = open(store, doors).await?;
    let tenants = tenants(&ctx, 20).await?;
    let visitors = visitors(&ctx, &tenants, options.sockets)?;
    drop(ctx);
    Ok((Product::start(options, store, doors).await?, visitors))
}

/// Signs an agent in.
pub async fn sign_in(doors: Doors, email: &str) -> Result<String> {
    let mut client = Client::connect(doors.public).await?;
    let body = json!({ "email": email, "password": PASSWORD }).to_string();
    let answer = client.post("/v1/sessions", &format!("origin: {}\r\n", doors.origin()), &body).await?;
    let said: Value = serde_json::from_str(answer.body).unwrap_or_default();
    said["access_token"].as_str().map(str::to_owned).with_context(|| format!("no token: {}", answer.body))
}

/// A refusal with its cause.
pub fn plain(error: kernel::Error) -> anyhow::Error {
    anyhow!("{} {:?}", error.detail(), error.cause().map(ToString::to_string))
}
