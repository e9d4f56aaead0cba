//! A tenant with a WhatsApp number.

use anyhow::Result;
use chat::identity;
use graph_sim::{Setup, Sim};
use kernel::Secret;
use whatsapp::account::{self, Connect};
use whatsapp::app::{self, NewApp, Owner};

use crate::people::{self, plain};
use crate::product::Doors;
use crate::store_at::StoreAt;

/// The tenant, and who plays Meta for it.
pub struct World {
    sim: Sim,
    /// The path Meta calls.
    pub path: String,
    /// An agent's.
    pub email: String,
}

/// Connects the simulator's account to a new tenant, before the server runs.
pub async fn found(store: &StoreAt, doors: Doors) -> Result<World> {
    let sim = Sim::start(3).await?;
    let graph = sim.base().to_owned();
    let ctx = people::open_with(store, doors, &[("whatsapp.graph_url", &graph), ("net.allow", LOOPBACK)]).await?;
    let tenant = people::tenants(&ctx, 1).await?.remove(0);
    let scope = identity::scope_of_system(tenant.id);
    let new = NewApp {
        meta_app_id: Setup::APP.to_owned(),
        name: "Load".to_owned(),
        secret: Secret::new(Setup::SECRET.to_owned()),
        verify_token: None,
        signup_config: None,
    };
    let app = app::create(&ctx, Owner::Tenant(&scope), new).await.map_err(plain)?.id;
    let connect = Connect { app, waba_id: Setup::WABA.to_owned(), token: Secret::new(Setup::TOKEN.to_owned()) };
    account::connect(&ctx, &scope, connect).await.map_err(plain)?;
    Ok(World { sim, path: format!("/inbound/whatsapp/{app}"), email: tenant.email })
}

const LOOPBACK: &str = r#"["127.0.0.1/32"]"#;

impl World {
    /// What the server must be told.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("WHATSAPP__GRAPH_URL", self.sim.base().to_owned()), ("NET__ALLOW", LOOPBACK.to_owned())]
    }
}
