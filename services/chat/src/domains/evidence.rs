//! Going and looking: the only file of this slice that asks the outside world.

use kernel::Result;
use kernel::wire::{DomainMethod, DomainScope};
use net::dns::{Lookup, Said};
use net::http::Hop;
use serde_json::{Value, json};

use super::instructions::{file_url, record_name, sibling_name, token};
use super::proof::Seen;
use super::tables::claim;
use crate::Ctx;

/// Looks for the claim's proof. Beside what is to be judged comes the full record, for our log and the table alone.
pub async fn look(ctx: &Ctx, row: &claim::Model) -> Result<(Seen, Value)> {
    let reach = row.reach()?;
    match row.way()? {
        DomainMethod::Http if reach == DomainScope::Host => file(ctx, row).await,
        DomainMethod::Http | DomainMethod::Dns => Ok(records(ctx, row, reach).await),
    }
}

async fn records(ctx: &Ctx, row: &claim::Model, reach: DomainScope) -> (Seen, Value) {
    let name = record_name(&row.host, reach).unwrap_or_default();
    let beside = sibling_name(&row.host, reach).unwrap_or_default();
    let (record, sibling) = tokio::join!(ctx.net.dns.txt(&name), ctx.net.dns.txt(&beside));
    let kept = json!({ "dns": said(&record), "sibling": said(&sibling) });
    (Seen::Dns { record, sibling }, kept)
}

async fn file(ctx: &Ctx, row: &claim::Model) -> Result<(Seen, Value)> {
    let probe = token();
    let beside = file_url(&row.host, &probe)?;
    let here = file_url(&row.host, &row.token)?;
    let name = record_name(&row.host, DomainScope::Host).unwrap_or_default();
    // the made-up path first: a server that learns paths from requests has not seen ours yet
    let sibling = ctx.net.http.text(row.tenant_id, &beside).await;
    let (page, record) = tokio::join!(ctx.net.http.text(row.tenant_id, &here), ctx.net.dns.txt(&name));
    let kept = json!({
        "http": hops(&page.evidence.hops), "outcome": word(&page.outcome),
        "sibling": hops(&sibling.evidence.hops), "sibling_outcome": word(&sibling.outcome),
        "dns": said(&record),
    });
    Ok((Seen::File { probe, sibling: sibling.outcome, page: page.outcome, record }, kept))
}

fn word(outcome: &std::result::Result<String, net::http::Refused>) -> &'static str {
    outcome.as_ref().map_or_else(|refused| refused.word(), |_| "read")
}

fn said(lookup: &Lookup) -> Value {
    let one = |said: &Said| {
        let outcome = match &said.outcome {
            Ok(texts) => json!(texts.len()),
            Err(fault) => json!(fault.word()),
        };
        json!({ "resolver": said.resolver, "outcome": outcome, "chain": said.chain })
    };
    lookup.voices.iter().map(one).collect()
}

fn hops(hops: &[Hop]) -> Value {
    let one = |hop: &Hop| {
        json!({
            "url": hop.url, "addresses": hop.addresses, "peer": hop.peer, "status": hop.status,
            "certificate": hop.certificate, "trouble": hop.trouble,
        })
    };
    hops.iter().map(one).collect()
}
