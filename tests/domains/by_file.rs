//! Proofs by file.

use std::time::Duration;

use harness::fakes::{Behaviour, Reply};
use hickory_proto::op::ResponseCode;
use kernel::wire::{Domain, DomainMethod, DomainScope, DomainState};
use url::Url;

use crate::world::{HOST, Shop, World, problem};

impl World {
    async fn claim_by_file(&self, shop: &Shop) -> Domain {
        self.claim(shop, HOST, DomainScope::Host, DomainMethod::Http).await
    }
}

fn file(domain: &Domain) -> (String, String) {
    let file = domain.instructions.http.as_ref().expect("a file to publish");
    let url = Url::parse(&file.url).expect("a URL");
    assert_eq!((url.scheme(), url.host_str()), ("https", Some(HOST)));
    (url.path().to_owned(), file.content.clone())
}

#[tokio::test]
async fn a_file_proves_the_host_and_its_absence_is_noticed() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_by_file(&shop).await;
    let (path, content) = file(&domain);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("file_missing"));
    world.site.put(&path, Reply::page("text/plain", &format!("{content}\n")));
    let checked = world.check(&shop, domain.id).await;
    assert_eq!((checked.state, problem(&checked)), (DomainState::Verified, None));
    assert!(world.may_run(&shop, "https://shop.acme.com").await);
    world.site.remove(&path);
    let checked = world.check(&shop, domain.id).await;
    assert_eq!((checked.state, problem(&checked)), (DomainState::Grace, Some("file_missing")));
}

#[tokio::test]
async fn dv_54_to_59_servers_that_answer_anything_prove_nothing() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_by_file(&shop).await;
    let (path, content) = file(&domain);
    let plain = |text: &str| Reply::page("text/plain", text);
    world.site.put(&path, plain(&content));
    world.site.otherwise(Reply::Echo);
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("file_any_path"), "DV-58");
    world.site.otherwise(plain(&content));
    assert_eq!(problem(&world.check(&shop, domain.id).await), Some("file_any_path"), "the token on every path");
    world.site.otherwise(Reply::with(404, &[], ""));
    for (reply, expected) in [
        (Reply::page("text/html", &content), "file_not_plain"),
        (Reply::page("text/html", "<h1>Log in</h1>"), "file_not_plain"),
        (plain("please log in"), "file_differs"),
        (plain(&format!("\u{feff}{content}")), "file_differs"),
        (plain(&format!("{content}\r\n{content}")), "file_differs"),
        (Reply::to(302, "https://www.evil.com/x"), "file_redirected"),
        (Reply::with(503, &[], ""), "file_refused"),
        (Reply::with(403, &[], ""), "file_refused"),
    ] {
        world.site.put(&path, reply);
        let checked = world.check(&shop, domain.id).await;
        assert_eq!((checked.state, problem(&checked)), (DomainState::Pending, Some(expected)));
    }
    world.site.put(&path, plain(&format!("{content}\r\n")));
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified, "DV-59: line ends are cut");
}

#[tokio::test]
async fn dv_60_everything_below_http_is_one_reason_and_nothing_seen_is_shown() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_by_file(&shop).await;
    let (path, _) = file(&domain);
    let mut shown = Vec::new();
    world.site.put(&path, Reply::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()));
    shown.push(world.check(&shop, domain.id).await);
    world.site.put(&path, Reply::Drip(Vec::new(), b"H".to_vec(), Duration::from_millis(100)));
    shown.push(world.check(&shop, domain.id).await);
    world.zone.address_of(HOST, [10, 0, 0, 5].into());
    shown.push(world.check(&shop, domain.id).await);
    world.zone.behave(HOST, Behaviour::Code(ResponseCode::ServFail));
    shown.push(world.check(&shop, domain.id).await);
    world.zone.clear(HOST);
    shown.push(world.check(&shop, domain.id).await);
    for domain in shown {
        assert_eq!(problem(&domain), Some("file_unreachable"));
        let json = serde_json::to_string(&domain).expect("JSON");
        for seen in ["127.0.0.1", "10.0.0.5", "SSH", "servfail", "nxdomain"] {
            assert!(!json.contains(seen), "{seen} is shown in {json}");
        }
    }
}

#[tokio::test]
async fn a_claim_by_file_can_be_withdrawn_by_dns() {
    let world = World::new().await;
    let shop = world.shop().await;
    let domain = world.claim_by_file(&shop).await;
    let (path, content) = file(&domain);
    world.site.put(&path, Reply::page("text/plain", &content));
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Verified);
    world.zone.txt(&format!("_porchlight-host-challenge.{HOST}"), "revoke");
    assert_eq!(world.check(&shop, domain.id).await.state, DomainState::Revoked);
}
