//! Claiming a host for a widget, and letting it go.

use kernel::wire::{Domain, DomainMethod, DomainScope, DomainState};
use kernel::{Actor, Audience, ClaimId, Error, Event, Host, Origin, Result, Role, Scope, Suffix, WidgetId};
use store::Unit;

use super::life::Standing;
use super::tables::{claim, history};
use super::{gate, instructions, jobs};
use crate::{Ctx, widgets};

/// Most claims of one widget: `frame-ancestors` names them all, and browsers and proxies cut long header lines.
const MOST: usize = 50;
/// Longest host of a claim: the label before it must fit into a name of 253 characters.
const LONGEST: usize = 200;

/// A claim to make.
pub struct NewClaim {
    /// As a person typed it.
    pub host: String,
    /// How far it shall reach.
    pub scope: DomainScope,
    /// How it will be proved.
    pub method: DomainMethod,
}

/// Claims a host for a widget. Admins only. A claim that has ended is begun anew, with a new token.
pub async fn claim(ctx: &Ctx, scope: &Scope, widget: WidgetId, new: NewClaim) -> Result<Domain> {
    scope.require(Role::Admin)?;
    let host = host(&new)?;
    widgets::show(ctx, scope, widget).await?;
    let row = row(ctx, scope, widget, &new, host)?;
    let unit = ctx.db.write(scope).await?;
    let row = match claim::same(unit.conn(), &row).await? {
        None => {
            room(&unit, &row).await?;
            claim::insert(unit.conn(), &row).await?;
            row
        }
        Some(old) => {
            let row = anew(old, row)?;
            claim::save(unit.conn(), &row).await?;
            row
        }
    };
    write(ctx, unit, scope, row).await
}

/// Lets a claim go: the widget ends on its origins at once. Admins only. Its history stays.
pub async fn release(ctx: &Ctx, scope: &Scope, id: ClaimId) -> Result<()> {
    scope.require(Role::Admin)?;
    let mut unit = ctx.db.write(scope).await?;
    let mut row = claim::lock(unit.conn(), scope.tenant(), id).await?.ok_or_else(Error::not_found)?;
    row.state = DomainState::Revoked.word().to_owned();
    row.next_check_at = None;
    note(ctx, &unit, &row, &by(scope)).await?;
    claim::delete(unit.conn(), &row).await?;
    unit.emit(scope.tenant(), Audience::Agents, Event::DomainChanged { domain: row.wire()? });
    close(&mut unit, &row)?;
    unit.commit().await?;
    gate::forget(ctx, row.widget_id);
    Ok(())
}

fn host(new: &NewClaim) -> Result<String> {
    if new.scope == DomainScope::Test {
        return loopback(&new.host);
    }
    let host = Host::parse(&new.host)?;
    if host.as_str().len() > LONGEST {
        return Err(Error::field("host", "host_too_long", "A domain may have 200 characters at most."));
    }
    if new.scope == DomainScope::Subtree {
        tree(&host, new.method)?;
    }
    Ok(host.as_str().to_owned())
}

fn tree(host: &Host, method: DomainMethod) -> Result<()> {
    if host.suffix() == Some(Suffix::Private) {
        return Err(Error::field(
            "scope",
            "shared_suffix",
            "Names below belong to different people; claim exactly this host.",
        ));
    }
    if method != DomainMethod::Dns {
        return Err(Error::field("method", "dns_needed", "A file proves one host only; prove a whole domain by DNS."));
    }
    Ok(())
}

/// `localhost:3000`, with or without the scheme a person copied along.
fn loopback(text: &str) -> Result<String> {
    let text = text.trim();
    let bare = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or(text);
    let origin = Origin::parse_header(&format!("http://{}", bare.strip_suffix('/').unwrap_or(bare)));
    match origin {
        Some(origin) if origin.is_loopback() => {
            Ok(origin.to_string().strip_prefix("http://").unwrap_or_default().to_owned())
        }
        _ => Err(Error::field("host", "not_loopback", "A test runs on your own machine, such as localhost:3000.")),
    }
}

fn row(ctx: &Ctx, scope: &Scope, widget: WidgetId, new: &NewClaim, host: String) -> Result<claim::Model> {
    let now = ctx.clock().now();
    let created_by = match scope.actor() {
        Actor::Agent { id, .. } => Some(*id),
        _ => None,
    };
    let mut row = claim::Model {
        tenant_id: scope.tenant(),
        id: ClaimId::new(ctx.clock()),
        widget_id: widget,
        host,
        scope: claim::word(new.scope)?,
        method: claim::word(new.method)?,
        token: instructions::token(),
        generation: 1,
        state: String::new(),
        problem: None,
        verified_at: None,
        last_ok_at: None,
        checked_at: None,
        next_check_at: None,
        failing_since: None,
        fail_kind: None,
        fail_count: 0,
        checks_day: None,
        checks_today: 0,
        evidence: None,
        expires_at: None,
        created_by,
        created_at: now,
        updated_at: now,
    };
    let standing = if new.scope == DomainScope::Test { Standing::test(now) } else { Standing::pending(now) };
    row.stand(standing, now);
    Ok(row)
}

async fn room(unit: &Unit, row: &claim::Model) -> Result<()> {
    match claim::of_widget(unit.conn(), row.tenant_id, row.widget_id).await?.len() {
        have if have < MOST => Ok(()),
        _ => Err(Error::conflict("too_many_domains", format!("A widget may have {MOST} domains."))),
    }
}

/// Nothing of an ended claim is carried over but its id, its limits and the count of its lives.
fn anew(old: claim::Model, new: claim::Model) -> Result<claim::Model> {
    match old.standing()?.state {
        DomainState::Revoked | DomainState::Expired => Ok(claim::Model {
            id: old.id,
            generation: old.generation.saturating_add(1),
            checks_day: old.checks_day,
            checks_today: old.checks_today,
            created_at: old.created_at,
            ..new
        }),
        DomainState::Blocked => {
            Err(Error::forbidden("domain_blocked", "This domain was blocked by the operator of this service."))
        }
        _ => Err(claim::claimed_already()),
    }
}

async fn write(ctx: &Ctx, mut unit: Unit, scope: &Scope, row: claim::Model) -> Result<Domain> {
    let domain = row.wire()?;
    note(ctx, &unit, &row, &by(scope)).await?;
    unit.emit(scope.tenant(), Audience::Agents, Event::DomainChanged { domain: domain.clone() });
    jobs::plan(&mut unit, &row);
    unit.enqueue(jobs::sweeping(ctx.clock().now()));
    unit.commit().await?;
    gate::forget(ctx, row.widget_id);
    Ok(domain)
}

/// Adds the row's present state to its history.
pub(super) async fn note(ctx: &Ctx, unit: &Unit, row: &claim::Model, by: &str) -> Result<()> {
    let entry = history::Model {
        tenant_id: row.tenant_id,
        id: ClaimId::new(ctx.clock()).uuid(),
        claim_id: row.id,
        state: row.state.clone(),
        problem: row.problem.clone(),
        evidence: row.evidence.clone(),
        by_actor: by.to_owned(),
        at: ctx.clock().now(),
    };
    history::add(unit.conn(), entry).await
}

/// Tells the servers that the claim's origins may run the widget no more.
pub(super) fn close(unit: &mut Unit, row: &claim::Model) -> Result<()> {
    for origin in gate::origins(row)? {
        let event = Event::OriginRevoked { widget_id: row.widget_id, origin };
        unit.emit(row.tenant_id, Audience::Control, event);
    }
    Ok(())
}

fn by(scope: &Scope) -> String {
    match scope.actor() {
        Actor::Agent { id, .. } => id.to_string(),
        Actor::Operator { id } => id.to_string(),
        _ => "system".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(host: &str, scope: DomainScope, method: DomainMethod) -> Result<String, &'static str> {
        let new = NewClaim { host: host.to_owned(), scope, method };
        super::host(&new).map_err(|error| error.fields().first().map_or(error.code(), |field| field.code))
    }

    #[test]
    fn dv_21_to_30_hosts_and_scopes_that_can_be_claimed() {
        use DomainMethod::{Dns, Http};
        use DomainScope::{Host, Subtree};
        for (host, scope, method, expected) in [
            ("shop.acme.com", Host, Http, Ok("shop.acme.com")),
            (" Shop.Acme.com. ", Host, Dns, Ok("shop.acme.com")),
            ("acme.co.uk", Subtree, Dns, Ok("acme.co.uk")),
            ("acme.co.uk", Subtree, Http, Err("dns_needed")),
            ("co.uk", Subtree, Dns, Err("public_suffix")),
            ("github.io", Host, Dns, Err("public_suffix")),
            ("me.github.io", Host, Http, Ok("me.github.io")),
            ("me.github.io", Subtree, Dns, Err("shared_suffix")),
            ("a.me.github.io", Subtree, Dns, Err("shared_suffix")),
            ("localhost", Host, Http, Err("not_public")),
            ("10.0.0.1", Host, Http, Err("ip_literal")),
            ("shop_1.acme.com", Host, Dns, Err("malformed_host")),
            ("*.acme.com", Subtree, Dns, Err("not_a_host")),
            ("bücher.de", Host, Dns, Ok("xn--bcher-kva.de")),
            ("straße.de", Host, Dns, Ok("xn--strae-oqa.de")),
        ] {
            assert_eq!(code(host, scope, method).as_deref().map_err(|code| *code), expected, "{host} {scope:?}");
        }
        let long = ["a".repeat(60), "b".repeat(60), "c".repeat(60), "d".repeat(20), "com".to_owned()].join(".");
        assert_eq!(code(&long, Host, Dns), Err("host_too_long"));
    }

    #[test]
    fn a_test_runs_on_this_machine_only() {
        for (typed, stored) in [
            ("localhost:3000", "localhost:3000"),
            ("http://LOCALHOST:3000/", "localhost:3000"),
            ("127.0.0.1:8082", "127.0.0.1:8082"),
            ("localhost", "localhost"),
            ("https://localhost:8443", "localhost:8443"),
        ] {
            assert_eq!(code(typed, DomainScope::Test, DomainMethod::Dns).as_deref(), Ok(stored), "{typed}");
        }
        for bad in ["acme.com", "localhost.acme.com", "localhost:3000/x", "127.0.0.2", "0.0.0.0", "", "me@localhost"] {
            assert_eq!(code(bad, DomainScope::Test, DomainMethod::Dns), Err("not_loopback"), "{bad}");
        }
    }
}
