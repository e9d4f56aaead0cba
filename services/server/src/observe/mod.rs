//! What a person sees of a running process: logs, traces, measures, and who else runs.
//!
//! Promises: nothing that is logged, traced or measured holds what people wrote, who they are or what opens a door;
//! tracing that is switched off costs nothing, and a collector that is away holds nobody up; the measures of
//! [`names`] are all there are.

mod collector;
mod config;
mod gauges;
mod machine;
mod names;
mod node;
mod recorder;
mod traces;

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use chat::Ctx;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

pub use config::ObserveConfig;
pub use gauges::places;
pub use machine::free;
pub use names::{MEASURES, Measure};
pub use recorder::{recorder, start as measure};

use crate::Config;
use crate::crew::Crew;
use crate::roles::Roles;

/// Begins to look at this process, and to say that it is there.
pub fn watch(config: &Config, ctx: &Ctx, roles: Roles, crew: &mut Crew) {
    crew.add("gauges", gauges::Watch::new(config, ctx, roles).run());
    crew.add("node", node::beat(ctx.db.in_background(), roles));
}

/// Says that this process leaves; a database that is away holds nobody up.
pub async fn leave(ctx: &Ctx) {
    let _ = tokio::time::timeout(Duration::from_millis(500), node::leave(&ctx.db)).await;
}

/// What was begun, to be ended.
#[derive(Default)]
pub struct Observing(Option<SdkTracerProvider>);

impl Observing {
    /// Hands over what is still held back.
    pub async fn flush(&self) {
        let Some(provider) = self.0.clone() else { return };
        // it waits for the collector, which no thread of the runtime may do
        let flushed = tokio::task::spawn_blocking(move || provider.force_flush()).await;
        if let Ok(Err(error)) = flushed {
            tracing::warn!(%error, "the last spans were not handed over");
        }
    }
}

/// Starts logs, and traces if a collector is named. Call it inside the runtime. A second start in one process keeps
/// the first one's.
pub fn start(config: &Config, roles: &str) -> Result<Observing> {
    start_into(config, roles, std::io::stderr)
}

/// The same with logs written elsewhere.
pub fn start_into<W, F>(config: &Config, roles: &str, writer: F) -> Result<Observing>
where
    W: Write + 'static,
    F: Fn() -> W + Send + Sync + 'static,
{
    let provider = traces::provider(config, roles)?;
    let filter = EnvFilter::try_new(&config.log.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt::layer().with_writer(writer);
    let logs = if config.log.format == "json" { logs.json().boxed() } else { logs.boxed() };
    let traces = provider.as_ref().map(traces::layer);
    // each listens to what concerns it: with one filter for both, spans would be made for logs that do not want them
    let is_ours = Registry::default().with(traces).with(logs.with_filter(filter)).try_init().is_ok();
    if provider.is_some() && is_ours {
        kernel::trace::collect_with(Box::new(collector::Spans::new(config.observe.believe_proxies)));
    }
    Ok(Observing(provider))
}
