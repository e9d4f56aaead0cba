//! The life of a claim, with a clock that is moved and not waited for.

use std::time::Duration;

use chat::domains::{self, NewClaim};
use harness::fakes::Behaviour;
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;
use kernel::wire::{DomainMethod, DomainScope, DomainState};
use kernel::{Event, Kind};

use crate::world::{HOST, World, hours, problem, publish, record_name, token};

const ORIGIN: &str = "https://shop.acme.com";

#[tokio::test]
async fn a_pending_claim_is_looked_after_by_itself_and_expires_after_seven_days() {
    let world = World::new().await;
    let shop = world.shop().await;
    let late = world.claim_host(&shop).await;
    world.pass(hours(1)).await;
    publish(&world.zone, &late);
    world.pass(hours(4)).await;
    assert_eq!(world.show(&shop, late.id).await.state, DomainState::Verified, "nobody had to ask");
    let never = world.claim(&shop, "www.acme.com", DomainScope::Host, DomainMethod::Dns).await;
    world.pass(hours(7 * 24 - 1)).await;
    assert_eq!(world.show(&shop, never.id).await.state, DomainState::Pending);
    world.pass(hours(2)).await;
    let over = world.show(&shop, never.id).await;
    assert_eq!(
        (over.state, problem(&over), over.next_check_at),
        (DomainState::Expired, Some("not_proved_in_time"), None)
    );
    let asked = world.zone.times_asked(&record_name(&never), RecordType::TXT);
    assert!((40..120).contains(&asked), "asked {asked} times in a week");
    let again = world.claim(&shop, "www.acme.com", DomainScope::Host, DomainMethod::Dns).await;
    assert_eq!((again.id, again.state), (never.id, DomainState::Pending));
    assert_ne!(token(&again), token(&never), "a claim begun anew has a new token");
}

#[tokio::test]
async fn dv_61_and_63_a_removed_record_darkens_the_widget_after_72_hours_and_ends_the_claim_after_30_days() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.proved(&shop).await;
    world.zone.clear(&record_name(&domain));
    world.pass(hours(29)).await;
    let grace = world.show(&shop, domain.id).await;
    assert_eq!((grace.state, problem(&grace)), (DomainState::Grace, Some("dns_record_missing")));
    assert!(world.may_run(&shop, ORIGIN).await, "widgets run on in grace");
    world.pass(hours(43)).await;
    assert_eq!(world.show(&shop, domain.id).await.state, DomainState::Grace, "72 hours are not over");
    world.pass(hours(31)).await;
    assert_eq!(world.show(&shop, domain.id).await.state, DomainState::Suspended);
    assert!(!world.may_run(&shop, ORIGIN).await);
    let revoked = |event: &Event| matches!(event, Event::OriginRevoked { origin, .. } if origin == ORIGIN);
    assert_eq!(world.events(&shop).await.iter().filter(|event| revoked(event)).count(), 1);
    publish(&world.zone, &domain);
    world.pass(hours(25)).await;
    assert_eq!(world.show(&shop, domain.id).await.state, DomainState::Verified, "a proof brings it back");
    assert!(world.may_run(&shop, ORIGIN).await);
    world.zone.clear(&record_name(&domain));
    world.pass(hours(35 * 24)).await;
    assert_eq!(world.show(&shop, domain.id).await.state, DomainState::Revoked);
}

#[tokio::test]
async fn dv_62_a_failing_name_server_does_not_darken_the_widget_for_seven_days() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.proved(&shop).await;
    world.zone.behave(&record_name(&domain), Behaviour::Code(ResponseCode::ServFail));
    world.pass(hours(6 * 24)).await;
    let grace = world.show(&shop, domain.id).await;
    assert_eq!((grace.state, problem(&grace)), (DomainState::Grace, Some("dns_no_answer")));
    assert!(world.may_run(&shop, ORIGIN).await);
    world.pass(hours(3 * 24)).await;
    assert_eq!(world.show(&shop, domain.id).await.state, DomainState::Suspended);
}

#[tokio::test]
async fn dv_64_letting_a_claim_go_closes_the_gate_at_once_and_tells_the_servers() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.proved(&shop).await;
    assert!(world.may_run(&shop, ORIGIN).await);
    domains::release(&world.ctx, &shop.scope, domain.id).await.expect("let go");
    assert!(!world.may_run(&shop, ORIGIN).await);
    let told = world.events(&shop).await;
    assert!(
        matches!(told.last(), Some(Event::OriginRevoked { origin, widget_id }) if origin == ORIGIN && *widget_id == shop.widget)
    );
    assert_eq!(
        domains::show(&world.ctx, &shop.scope, domain.id).await.map_err(|e| e.kind()).err(),
        Some(Kind::NotFound)
    );
}

#[tokio::test]
async fn dv_65_and_66_two_tenants_prove_one_host_and_neither_sees_the_other() {
    let world = World::new().await;
    let (brand, agency) = (world.shop().await, world.shop().await);
    let first = world.proved(&brand).await;
    let second = world.proved(&agency).await;
    assert!(world.may_run(&brand, ORIGIN).await && world.may_run(&agency, ORIGIN).await);
    assert!(world.show(&brand, first.id).await.state == DomainState::Verified, "it was not taken over");
    for id in [second.id] {
        let foreign = domains::show(&world.ctx, &brand.scope, id).await;
        assert_eq!(foreign.map_err(|e| e.kind()).err(), Some(Kind::NotFound));
        let foreign = domains::release(&world.ctx, &brand.scope, id).await;
        assert_eq!(foreign.map_err(|e| e.kind()).err(), Some(Kind::NotFound));
        let foreign = domains::check(&world.ctx, &brand.scope, id).await;
        assert_eq!(foreign.map_err(|e| e.kind()).err(), Some(Kind::NotFound));
    }
    domains::release(&world.ctx, &brand.scope, first.id).await.expect("let go");
    assert!(!world.may_run(&brand, ORIGIN).await && world.may_run(&agency, ORIGIN).await);
    let listed = domains::list(&world.ctx, &agency.scope, agency.widget).await.expect("a list");
    assert_eq!(listed.iter().map(|domain| domain.id).collect::<Vec<_>>(), [second.id]);
}

#[tokio::test]
async fn dv_67_a_copied_record_keeps_nothing_but_its_own_tenants_claim() {
    let world = World::new().await;
    let (old, buyer) = (world.shop().await, world.shop().await);
    let domain = world.proved(&old).await;
    let copied = format!("token={}", token(&domain));
    world.zone.clear(&record_name(&domain));
    world.zone.txt(&record_name(&domain), &copied);
    let theirs = world.claim_host(&buyer).await;
    assert_eq!(problem(&world.check(&buyer, theirs.id).await), Some("dns_value_differs"));
    assert!(!world.may_run(&buyer, ORIGIN).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dv_70_a_check_and_a_release_at_once_always_end_closed() {
    let world = World::new().await;
    let shop = world.shop().await;
    for round in 0..200 {
        let domain = world.claim_host(&shop).await;
        publish(&world.zone, &domain);
        world.ctx.clock().advance(Duration::from_secs(15));
        domains::check(&world.ctx, &shop.scope, domain.id).await.expect("a check may be asked for");
        let letting_go = async {
            // from before the first question to after the last write
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            domains::release(&world.ctx, &shop.scope, domain.id).await
        };
        let (_, released) = tokio::join!(world.run_due(), letting_go);
        released.expect("let go");
        world.run_due().await;
        assert!(!world.may_run(&shop, ORIGIN).await, "round {round}");
        let left = domains::list(&world.ctx, &shop.scope, shop.widget).await.expect("a list");
        assert!(left.is_empty(), "round {round}: {left:?}");
        world.zone.clear(&record_name(&domain));
    }
}

#[tokio::test]
async fn a_person_may_ask_once_in_fifteen_seconds_and_thirty_times_a_day() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    let ask = || async { domains::check(&world.ctx, &shop.scope, domain.id).await.map(|_| ()).map_err(|e| e.code()) };
    assert_eq!(ask().await, Ok(()));
    assert_eq!(ask().await, Err("checked_just_now"));
    for _ in 1..30 {
        world.ctx.clock().advance(Duration::from_secs(15));
        assert_eq!(ask().await, Ok(()));
    }
    world.ctx.clock().advance(Duration::from_secs(15));
    assert_eq!(ask().await, Err("checked_too_often"));
    world.ctx.clock().advance(hours(24));
    assert_eq!(ask().await, Ok(()));
}

#[tokio::test]
async fn a_test_domain_is_open_at_once_for_seven_days_over_plain_http() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim(&shop, "localhost:3000", DomainScope::Test, DomainMethod::Dns).await;
    assert_eq!((domain.state, domain.instructions.dns.is_none()), (DomainState::Verified, true));
    assert!(world.may_run(&shop, "http://localhost:3000").await);
    assert!(!world.may_run(&shop, "http://localhost:3001").await && !world.may_run(&shop, "http://localhost").await);
    let checked = domains::check(&world.ctx, &shop.scope, domain.id).await;
    assert_eq!(checked.map_err(|e| e.code()).err(), Some("nothing_to_check"));
    world.ctx.clock().advance(hours(7 * 24));
    assert!(!world.may_run(&shop, "http://localhost:3000").await, "over before its job has run");
    world.run_due().await;
    assert_eq!(world.show(&shop, domain.id).await.state, DomainState::Expired);
}

#[tokio::test]
async fn a_host_is_claimed_once_per_widget_and_fifty_are_the_most() {
    let world = World::new().await;
    let shop = world.shop().await;
    world.claim_host(&shop).await;
    let new = |host: &str| NewClaim { host: host.to_owned(), scope: DomainScope::Host, method: DomainMethod::Dns };
    let again = domains::claim(&world.ctx, &shop.scope, shop.widget, new(HOST)).await;
    assert_eq!(again.map_err(|e| e.code()).err(), Some("domain_claimed"));
    for n in 1..50 {
        world.claim(&shop, &format!("s{n}.acme.com"), DomainScope::Host, DomainMethod::Dns).await;
    }
    let more = domains::claim(&world.ctx, &shop.scope, shop.widget, new("more.acme.com")).await;
    assert_eq!(more.map_err(|e| e.code()).err(), Some("too_many_domains"));
    let stranger = world.shop().await;
    let foreign = domains::claim(&world.ctx, &stranger.scope, shop.widget, new(HOST)).await;
    assert_eq!(foreign.map_err(|e| e.kind()).err(), Some(Kind::NotFound), "another tenant's widget");
}

#[tokio::test]
async fn refused_origins_show_where_they_belong() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    let now = world.ctx.clock().now();
    for origin in ["https://www.acme.com", "https://www.acme.com", "http://shop.acme.com", "https://evil.com", "null"] {
        world.ctx.tally.note(shop.scope.tenant(), shop.widget, origin, false, now);
    }
    let mut seen: Vec<_> = domains::blocked(&world.ctx, &shop.scope, domain.id)
        .await
        .expect("a list")
        .into_iter()
        .map(|seen| (seen.origin, seen.loads))
        .collect();
    seen.sort();
    assert_eq!(seen, [("http://shop.acme.com".to_owned(), 1), ("https://www.acme.com".to_owned(), 2)]);
}
