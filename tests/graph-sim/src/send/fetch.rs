//! Fetching a linked file as Meta's proxy does: no redirects, right type, right size, or the message fails with 131053.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;

use super::plan;
use crate::core::Core;
use crate::data::allowed;
use crate::world::World;

/// A file to fetch before its message goes on.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The message.
    pub id: String,
    /// The address.
    pub link: String,
    /// The message's type.
    pub kind: String,
    /// Why the message fails anyway.
    pub fails: Option<(u32, String)>,
}

/// Starts a fetch; the states of the message are planned when it is through.
pub fn fetch(core: &Arc<Core>, world: &mut World, fetch: Fetch) {
    if !world.switches.link_fetch || fetch.fails.is_some() {
        return plan(world, &fetch.id, fetch.fails);
    }
    world.outbox.flying += 1;
    let core = Arc::clone(core);
    tokio::spawn(async move {
        let verdict = get(&core, &fetch).await;
        core.with(|world| {
            world.outbox.flying = world.outbox.flying.saturating_sub(1);
            let fails = verdict.err().map(|why| (131_053, format!("Media upload error: {why}")));
            plan(world, &fetch.id, fails);
        });
    });
}

async fn get(core: &Core, fetch: &Fetch) -> Result<(), String> {
    let sent = core.client.get(&fetch.link).timeout(Duration::from_secs(10)).send().await;
    let response = sent.map_err(|_| "the link could not be reached".to_owned())?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("the link answered HTTP {status}"));
    }
    let kind =
        response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/html").to_owned();
    let length = response.bytes().await.map_err(|_| "the link broke off".to_owned())?.len();
    let family = if fetch.kind == "template" || fetch.kind == "interactive" { family(&kind) } else { &fetch.kind };
    allowed(family, &kind, length).map_err(|why| format!("Unsupported mime type {kind}: {why}"))
}

fn family(kind: &str) -> &str {
    match kind.split('/').next().unwrap_or_default() {
        found @ ("image" | "video" | "audio") => found,
        _ => "document",
    }
}
