//! Proofs by TXT record.

use harness::fakes::{Behaviour, Zone};
use hickory_proto::op::ResponseCode;
use kernel::wire::{DomainMethod, DomainScope, DomainState};

use crate::world::{HOST, World, problem, publish, record_name, token};

#[tokio::test]
async fn dv_01_a_record_proves_the_host_and_opens_the_gate_for_it_alone() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    assert_eq!(domain.state, DomainState::Pending);
    assert_eq!(record_name(&domain), format!("_porchlight-host-challenge.{HOST}"));
    let before = world.check(&shop, domain.id).await;
    assert_eq!((before.state, problem(&before)), (DomainState::Pending, Some("dns_record_missing")));
    assert!(!world.may_run(&shop, "https://shop.acme.com").await);
    publish(&world.zone, &domain);
    let after = world.check(&shop, domain.id).await;
    assert_eq!((after.state, problem(&after)), (DomainState::Verified, None));
    assert!(world.may_run(&shop, "https://shop.acme.com").await);
    for foreign in ["https://acme.com", "https://a.shop.acme.com", "http://shop.acme.com", "https://shop.acme.com:8443"]
    {
        assert!(!world.may_run(&shop, foreign).await, "{foreign}");
    }
    let other = world.shop().await;
    assert!(!world.may_run(&other, "https://shop.acme.com").await, "the claim is one widget's");
}

#[tokio::test]
async fn dv_02_and_03_a_token_of_another_tenant_or_of_an_earlier_life_proves_nothing() {
    let world = World::new().await;
    let (mine, theirs) = (world.shop().await, world.shop().await);
    let foreign = world.claim_host(&theirs).await;
    publish(&world.zone, &foreign);
    let first = world.claim_host(&mine).await;
    let checked = world.check(&mine, first.id).await;
    assert_eq!(problem(&checked), Some("dns_value_differs"));
    chat::domains::release(&world.ctx, &mine.scope, first.id).await.expect("let go");
    publish(&world.zone, &first);
    let second = world.claim_host(&mine).await;
    assert_ne!(token(&second), token(&first));
    assert_eq!(problem(&world.check(&mine, second.id).await), Some("dns_value_differs"));
    publish(&world.zone, &second);
    assert_eq!(world.check(&mine, second.id).await.state, DomainState::Verified);
}

#[tokio::test]
async fn dv_04_to_09_and_18_to_20_contents_of_the_record() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    let (name, token) = (record_name(&domain), token(&domain));
    let half = token.len() / 2;
    let wrong: [&[&[u8]]; 8] = [
        &[b"token=", &token.as_bytes()[1..]],
        &[b"token=", token.as_bytes(), b"x"],
        &[b"\"token=", token.as_bytes(), b"\""],
        &[b"x", token.as_bytes()],
        &[b""],
        &[b"token=", &token.as_bytes()[..half], b"\xff", &token.as_bytes()[half..]],
        &[b"\xff\xfe\x00"],
        &["token=а".as_bytes(), &token.as_bytes()[1..]],
    ];
    for parts in wrong {
        world.zone.clear(&name);
        world.zone.txt_parts(&name, parts);
        let checked = world.check(&shop, domain.id).await;
        assert_eq!(checked.state, DomainState::Pending, "{parts:?}");
        assert!(matches!(problem(&checked), Some("dns_value_differs" | "dns_value_quoted")), "{parts:?}");
    }
    world.zone.clear(&name);
    (0..51).for_each(|n| world.zone.txt(&name, &format!("n={n}")));
    world.zone.txt(&name, &token);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_too_many_records"), "DV-06");
    world.zone.clear(&name);
    (0..17).for_each(|_| world.zone.txt_parts(&name, &[&[b'x'; 250]]));
    world.zone.txt(&name, &token);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_too_many_records"), "DV-07");
    world.zone.clear(&name);
    world
        .zone
        .txt_parts(&name, &[b"token=", &token.to_uppercase().as_bytes()[..half], &token.as_bytes()[half..], b" "]);
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified, "DV-05, DV-08, DV-09");
}

#[tokio::test]
async fn dv_10_to_12_the_place_of_the_record_carries_its_scope() {
    let world = World::new().await;
    let shop = world.shop().await;
    let tree = world.claim(&shop, "acme.com", DomainScope::Subtree, DomainMethod::Dns).await;
    let value = format!("token={}", token(&tree));
    world.zone.txt("acme.com", &value);
    assert_eq!(problem(&world.check(&shop, tree.id).await), Some("dns_record_missing"), "DV-10: at the apex");
    world.zone.txt("_porchlight-host-challenge.acme.com", &value);
    assert_eq!(problem(&world.check(&shop, tree.id).await), Some("dns_record_missing"), "DV-11: at the host's label");
    publish(&world.zone, &tree);
    assert_eq!(world.check(&shop, tree.id).await.state, DomainState::Verified);
    for inside in ["https://acme.com", "https://shop.acme.com", "https://a.b.acme.com"] {
        assert!(world.may_run(&shop, inside).await, "{inside}");
    }
    for outside in ["https://xacme.com", "https://acme.com.evil.com", "https://brand.com"] {
        assert!(!world.may_run(&shop, outside).await, "DV-12: {outside}");
    }
}

#[tokio::test]
async fn dv_13_a_wildcard_record_proves_nothing() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    let value = format!("token={}", token(&domain));
    world.zone.txt(&format!("*.{HOST}"), &value);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_wildcard"));
    world.zone.txt(&record_name(&domain), &value);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_wildcard"), "also beside an exact record");
    world.zone.clear(&format!("*.{HOST}"));
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified);
}

#[tokio::test]
async fn dv_14_to_17_aliases_are_followed_five_times_and_never_in_circles() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    let name = record_name(&domain);
    world.zone.alias(&name, &name);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_alias_chain"), "DV-16");
    world.zone.clear(&name);
    world.zone.alias(&name, "l1.provider.net");
    (1..6).for_each(|n| world.zone.alias(&format!("l{n}.provider.net"), &format!("l{}.provider.net", n + 1)));
    world.zone.txt("l6.provider.net", &token(&domain));
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_alias_chain"), "DV-15");
    world.zone.clear("l1.provider.net");
    world.zone.txt("l1.provider.net", &token(&domain));
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified, "DV-14");
}

#[tokio::test]
async fn dv_31_to_33_three_resolvers_must_agree_at_first_and_two_later() {
    let others = [Zone::start().await, Zone::start().await];
    let addresses: Vec<_> = others.iter().map(Zone::address).collect();
    let world = World::with(|config| config.dns = format!("{},{}", config.dns, addresses.join(","))).await;
    let shop = world.shop().await;
    let domain = world.claim_host(&shop).await;
    publish(&world.zone, &domain);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_still_spreading"), "DV-31: one says yes");
    publish(&others[0], &domain);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_still_spreading"), "DV-32: one says no");
    publish(&others[1], &domain);
    others[1].behave(&record_name(&domain), Behaviour::Code(ResponseCode::ServFail));
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("dns_no_answer"), "DV-33");
    others[1].clear(&record_name(&domain));
    publish(&others[1], &domain);
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified);
    world.zone.clear(&record_name(&domain));
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified, "two of three are enough later");
    others[0].clear(&record_name(&domain));
    let checked = world.check(&shop, domain.id).await;
    assert_eq!((checked.state, problem(&checked)), (DomainState::Verified, Some("dns_still_spreading")));
}

#[tokio::test]
async fn the_owner_of_a_domain_can_say_no_by_dns() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.proved(&shop).await;
    world.zone.txt(&record_name(&domain), "revoke");
    let checked = world.check(&shop, domain.id).await;
    assert_eq!((checked.state, problem(&checked)), (DomainState::Revoked, Some("withdrawn_by_owner")));
    assert!(!world.may_run(&shop, "https://shop.acme.com").await);
}
