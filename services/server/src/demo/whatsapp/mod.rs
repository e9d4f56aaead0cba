//! WhatsApp in the demo: the tenant's number is the simulator's, and everything seen of it happened.
//!
//! People write on phones the simulator plays, it calls our own door with signed deliveries, and what an agent answers
//! goes out through our queue. Only the clocks are moved, the same way here and there.

mod simulator;
mod story;
mod tale;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use chat::{Ctx, identity};
use kernel::{Clock, Secret, TenantId, Timestamp, WaAppId};
use serde_json::{Value, json};
use whatsapp::account::{self, Connect};
use whatsapp::app::{self, NewApp, Owner};

pub use self::simulator::Simulator;
use super::seed::SINCE;
use crate::parts::plain;
use crate::{Config, Running, running};

/// File that names the tenant's Meta app, once its conversations are there.
const APP: &str = "whatsapp-app";

/// What the console says and the shop links to.
#[derive(Clone, Debug)]
pub struct Phones {
    /// The page that plays a phone.
    pub page: String,
    /// The business's number as people see it.
    pub number: String,
}

/// Connects the tenant to the simulator. The first time, conversations of the last two days happen as well.
pub async fn prepare(config: &Config, folder: &Path, tenant: TenantId, sim: &Simulator) -> Result<Phones> {
    let now = Clock::System.now();
    let clock = Clock::frozen(now.minus(SINCE));
    let mut config = config.clone();
    // jobs run when the story says so
    config.worker.enabled = false;
    config.files.wait_ms = 0;
    let running = running::start(config, clock.clone()).await?;
    let told = tell(&running, folder, tenant, sim, now).await;
    running.stop().await;
    told?;
    sim.runs_from(Clock::System.now().millis()).await?;
    let number = sim.first("numbers").await?;
    let digits = number["digits"].as_str().unwrap_or_default();
    Ok(Phones { page: format!("{}/_sim/phone", sim.base()), number: format!("+{digits}") })
}

async fn tell(running: &Running, folder: &Path, tenant: TenantId, sim: &Simulator, now: Timestamp) -> Result<()> {
    let file = folder.join(APP);
    let known = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse::<WaAppId>().ok());
    if let Some(app) = known {
        return calls_us(running, sim, app).await;
    }
    sim.stands_at(running.ctx.clock().now().millis()).await?;
    let app = connect(&running.ctx, tenant, sim).await?;
    calls_us(running, sim, app).await?;
    std::fs::write(&file, app.to_string()).context("the folder of the demo cannot be written to")?;
    // the phones work without a past
    if let Err(error) = story::happens(running, sim, tenant, now).await {
        eprintln!("The WhatsApp conversations of the demo are not complete: {error:#}");
    }
    Ok(())
}

/// The app's door is told to Meta's side, as one would save it in Meta's console.
async fn calls_us(running: &Running, sim: &Simulator, app: WaAppId) -> Result<()> {
    let theirs = sim.first("apps").await?;
    let callback = format!("{}/inbound/whatsapp/{app}", running.ctx.site.public);
    sim.tell("apps", &json!({ "id": theirs["id"], "callback": callback })).await.map(drop)
}

async fn connect(ctx: &Ctx, tenant: TenantId, sim: &Simulator) -> Result<WaAppId> {
    let (theirs, waba) = (sim.first("apps").await?, sim.first("wabas").await?);
    let (number, token) = (sim.first("numbers").await?, sim.first("tokens").await?);
    sim.tell("wabas", &json!({ "id": waba["id"], "name": "Lumen & Oak" })).await?;
    sim.tell("numbers", &json!({ "id": number["id"], "verified_name": "Lumen & Oak" })).await?;
    let word = |of: &Value| of.as_str().unwrap_or_default().to_owned();
    let scope = identity::scope_of_system(tenant);
    let new = NewApp {
        meta_app_id: word(&theirs["id"]),
        name: "Lumen & Oak".to_owned(),
        secret: Secret::new(word(&theirs["secret"])),
        verify_token: Some(Secret::new(word(&theirs["verify_token"]))),
        signup_config: None,
    };
    let app = app::create(ctx, Owner::Tenant(&scope), new).await.map_err(plain)?.id;
    let connect = Connect { app, waba_id: word(&waba["id"]), token: Secret::new(word(&token["token"])) };
    account::connect(ctx, &scope, connect).await.map_err(plain)?;
    Ok(app)
}

/// Waits until nothing is on its way in either direction.
async fn rest(running: &Running, sim: &Simulator) -> Result<()> {
    loop {
        sim.tell("settle", &json!({})).await?;
        if running.run_due().await.map_err(plain)? == 0 {
            return Ok(());
        }
    }
}

/// Lets time go by on both sides, with everything that follows from it.
async fn pass(running: &Running, sim: &Simulator, time: Duration) -> Result<()> {
    rest(running, sim).await?;
    running.ctx.clock().advance(time);
    sim.passes(time).await?;
    rest(running, sim).await
}
