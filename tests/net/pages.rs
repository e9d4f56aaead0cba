//! Fetching proofs: what is dialled, what is followed, what is read.

use std::net::IpAddr;
use std::time::Duration;

use harness::fakes::{Behaviour, Papers, Reply, Site};
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;
use kernel::{Clock, TenantId};
use net::http::{Fetched, Refused};
use url::Url;

use crate::{HOST, World, loopback};

const PATH: &str = "/.well-known/porchlight-verify/token.txt";

impl World {
    async fn fetch(&self, url: &str) -> Fetched {
        self.net().http.text(TenantId::new(&Clock::System), &Url::parse(url).expect("a URL")).await
    }

    async fn proof(&self) -> Result<String, Refused> {
        self.fetch(&format!("https://{HOST}{PATH}")).await.outcome
    }

    /// Puts the reply where the proof belongs and fetches it.
    async fn when(&self, reply: Reply) -> Result<String, Refused> {
        self.site.put(PATH, reply);
        self.proof().await
    }
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[tokio::test]
async fn a_good_page_is_read_with_its_evidence_and_a_polite_request() {
    let world = World::new().await;
    world.site.put(PATH, Reply::page("text/plain; charset=utf-8", "token\n"));
    let fetched = world.fetch(&format!("https://{HOST}{PATH}")).await;
    assert_eq!(fetched.outcome, Ok("token".to_owned()));
    let hop = &fetched.evidence.hops[0];
    assert_eq!((hop.peer, hop.status), (Some(loopback()), Some(200)));
    assert_eq!(hop.certificate.as_ref().map(String::len), Some(64), "the certificate's fingerprint is kept");
    let head = world.site.asked()[0].head.to_lowercase();
    for line in [
        "user-agent: porchlight-verify/1 (+https://help.example.com/verify)",
        "accept-encoding: identity",
        "connection: close",
        "host: shop.acme.com\r",
    ] {
        assert!(head.contains(line), "{line} is missing in {head}");
    }
    assert!(!head.contains("cookie") && !head.contains("authorization") && !head.contains("referer"), "{head}");
}

#[tokio::test]
async fn dv_39_a_name_that_points_at_loopback_is_refused_and_nothing_is_dialled() {
    let mut world = World::new().await;
    world.site.put(PATH, Reply::page("text/plain", "token"));
    assert_eq!(world.proof().await, Ok("token".to_owned()), "with the exception it works");
    let before = world.site.connections();
    world.config.allow.clear();
    assert_eq!(world.proof().await, Err(Refused::NotPublic));
    assert_eq!(world.site.connections(), before);
}

#[tokio::test]
async fn dv_40_and_41_private_and_wrapped_addresses_are_refused() {
    let world = World::new().await;
    for address in [
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "168.63.129.16",
        "0.0.0.0",
        "::1",
        "64:ff9b::7f00:2",
        "2002:7f00:2::",
        "fd00::1",
        "fe80::1",
    ] {
        world.zone.clear(HOST);
        world.zone.address_of(HOST, ip(address));
        assert_eq!(world.proof().await, Err(Refused::NotPublic), "{address}");
    }
    assert_eq!(world.site.connections(), 0);
}

#[tokio::test]
async fn dv_42_one_private_address_among_good_ones_refuses_them_all() {
    let world = World::new().await;
    world.site.put(PATH, Reply::page("text/plain", "token"));
    for private in ["10.0.0.1", "::1"] {
        world.zone.clear(HOST);
        world.zone.address_of(HOST, loopback());
        assert_eq!(world.proof().await, Ok("token".to_owned()));
        world.zone.address_of(HOST, ip(private));
        assert_eq!(world.proof().await, Err(Refused::NotPublic), "{private}");
    }
}

#[tokio::test]
async fn dv_43_the_name_is_asked_once_so_that_a_second_answer_comes_too_late() {
    let world = World::new().await;
    world.site.put(PATH, Reply::page("text/plain", "token"));
    world.zone.clear(HOST);
    world.zone.address_of(HOST, ip("10.0.0.1"));
    world.zone.addresses_once(HOST, &[loopback()]);
    assert_eq!(world.proof().await, Ok("token".to_owned()));
    assert_eq!(world.zone.times_asked(HOST, RecordType::A), 1);
    assert_eq!(world.proof().await, Err(Refused::NotPublic), "the next fetch sees the private answer");
}

#[tokio::test]
async fn dv_43_a_redirect_is_resolved_again_and_judged_again() {
    let world = World::new().await;
    world.zone.clear(HOST);
    world.zone.address_of(HOST, ip("10.0.0.1"));
    world.zone.addresses_once(HOST, &[loopback()]);
    assert_eq!(world.when(Reply::to(302, "/elsewhere")).await, Err(Refused::NotPublic));
}

#[tokio::test]
async fn dv_44_redirect_to_metadata_is_refused() {
    let world = World::new().await;
    for target in ["https://169.254.169.254/latest/meta-data", "https://[fd00:ec2::254]/", "//169.254.169.254/"] {
        assert_eq!(world.when(Reply::to(302, target)).await, Err(Refused::BadUrl), "{target}");
    }
    world.zone.address_of("meta.acme.com", ip("169.254.169.254"));
    assert_eq!(world.when(Reply::to(302, "https://meta.acme.com/latest")).await, Err(Refused::NotPublic));
}

#[tokio::test]
async fn dv_45_redirect_to_another_registrable_domain_is_refused_and_to_the_same_followed() {
    let world = World::new().await;
    world.zone.address_of("www.acme.com", loopback());
    world.site.put("/there", Reply::page("text/plain", "token"));
    assert_eq!(world.when(Reply::to(301, "https://www.acme.com/there")).await, Ok("token".to_owned()));
    world.zone.address_of("evil.com", loopback());
    assert_eq!(world.when(Reply::to(301, "https://evil.com/there")).await, Err(Refused::ForeignRedirect));
}

#[tokio::test]
async fn dv_46_three_redirects_are_followed_and_four_or_a_circle_are_not() {
    let world = World::new().await;
    world.site.put("/1", Reply::to(302, "/2"));
    world.site.put("/2", Reply::to(307, "/3"));
    world.site.put("/3", Reply::page("text/plain", "token"));
    assert_eq!(world.when(Reply::to(308, "/1")).await, Ok("token".to_owned()));
    world.site.put("/3", Reply::to(302, "/4"));
    world.site.put("/4", Reply::page("text/plain", "token"));
    assert_eq!(world.proof().await, Err(Refused::TooManyRedirects));
    assert_eq!(world.when(Reply::to(302, PATH)).await, Err(Refused::TooManyRedirects));
    for status in [300, 303, 304] {
        assert_eq!(world.when(Reply::to(status, "/3")).await, Err(Refused::BadRedirect), "{status}");
    }
    assert_eq!(world.when(Reply::with(302, &[], "")).await, Err(Refused::BadRedirect));
}

#[tokio::test]
async fn dv_47_redirect_from_https_to_http_is_refused() {
    let world = World::new().await;
    assert_eq!(world.when(Reply::to(302, &format!("http://{HOST}/x"))).await, Err(Refused::Downgrade));
}

#[tokio::test]
async fn dv_48_and_49_redirects_to_other_ports_and_with_users_are_refused() {
    let world = World::new().await;
    for target in [
        "https://shop.acme.com:22/",
        "https://shop.acme.com:6379/",
        "https://me@shop.acme.com/",
        "https://shop.acme.com@evil.com/",
        "https://shop.acme.com/#x",
    ] {
        let refused = world.when(Reply::to(302, target)).await;
        assert!(matches!(refused, Err(Refused::BadUrl | Refused::ForeignRedirect)), "{target}: {refused:?}");
    }
    assert!(world.site.asked().iter().all(|asked| asked.path == PATH), "no redirect was followed");
}

#[tokio::test]
async fn dv_50_certificates_that_are_over_self_signed_or_for_another_name_are_refused() {
    let mut world = World::new().await;
    for papers in [Papers::Expired, Papers::SelfSigned, Papers::WrongName] {
        let site = Site::start_with(&world.authority, &[HOST], papers).await;
        site.put(PATH, Reply::page("text/plain", "token"));
        world.config.https_dial_port = site.port();
        assert_eq!(world.proof().await, Err(Refused::Tls), "{papers:?}");
        assert!(site.asked().is_empty(), "{papers:?}: something was asked behind a bad certificate");
    }
    let good = Site::start_with(&world.authority, &[HOST], Papers::Good).await;
    good.put(PATH, Reply::page("text/plain", "token"));
    world.config.https_dial_port = good.port();
    assert_eq!(world.proof().await, Ok("token".to_owned()));
}

#[tokio::test]
async fn dv_51_a_body_without_end_is_left_after_a_kibibyte() {
    let world = World::new().await;
    let kib = Reply::page("text/plain", &"x".repeat(1024));
    assert_eq!(world.when(kib).await.map(|text| text.len()), Ok(1024));
    assert_eq!(world.when(Reply::page("text/plain", &"x".repeat(1025))).await, Err(Refused::TooLarge));
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n".to_vec();
    let endless = Reply::Drip(head, vec![b'x'; 64 * 1024], Duration::ZERO);
    assert_eq!(world.when(endless).await, Err(Refused::TooLarge));
    let promised = b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n".to_vec();
    assert_eq!(world.when(Reply::Drip(promised, vec![b'x'], Duration::ZERO)).await, Err(Refused::TooLarge));
}

#[tokio::test]
async fn dv_52_a_body_that_drips_is_left_when_the_time_is_over() {
    let mut world = World::new().await;
    world.config.http_total_ms = 600;
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n".to_vec();
    assert_eq!(world.when(Reply::Drip(head, b"x".to_vec(), Duration::from_millis(50))).await, Err(Refused::Timeout));
    let slow_head = Reply::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".to_vec(), Duration::from_millis(50));
    assert_eq!(world.when(slow_head).await, Err(Refused::Timeout));
}

#[tokio::test]
async fn dv_53_compressed_bodies_are_refused_unread() {
    let world = World::new().await;
    for encoding in ["gzip", "br", "deflate", "identity, gzip", "zstd"] {
        let reply = Reply::with(200, &[("content-type", "text/plain"), ("content-encoding", encoding)], "token");
        assert_eq!(world.when(reply).await, Err(Refused::Encoded), "{encoding}");
    }
    let plain = Reply::with(200, &[("content-encoding", "identity")], "token");
    assert_eq!(world.when(plain).await, Ok("token".to_owned()));
}

#[tokio::test]
async fn dv_54_and_55_pages_for_people_are_refused() {
    let world = World::new().await;
    for kind in
        ["text/html", "TEXT/HTML; charset=utf-8", "application/json", "application/octet-stream", "text/plainish"]
    {
        assert_eq!(world.when(Reply::page(kind, "token")).await, Err(Refused::NotPlain), "{kind}");
    }
    assert_eq!(world.when(Reply::with(200, &[], "token")).await, Ok("token".to_owned()), "no type at all is fine");
    let two = Reply::with(200, &[("content-type", "text/plain"), ("content-type", "text/html")], "token");
    assert_eq!(world.when(two).await, Err(Refused::NotPlain));
}

#[tokio::test]
async fn dv_56_what_is_not_http_is_refused() {
    let world = World::new().await;
    for bytes in [
        &b"token\n"[..],
        b"<html>token</html>",
        b"\x16\x03\x01garbage\x00\xff",
        b"HTTP/9.9 200 OK\r\n\r\ntoken",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ] {
        assert_eq!(world.when(Reply::Bytes(bytes.to_vec())).await, Err(Refused::BadResponse), "{bytes:?}");
    }
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\ntoken".to_vec();
    assert_eq!(world.when(Reply::Bytes(cut)).await, Err(Refused::BadResponse), "half a body is none");
}

#[tokio::test]
async fn dv_57_a_flood_of_header_lines_is_refused() {
    let world = World::new().await;
    let flood = |lines: usize, size: usize| {
        let line = format!("x: {}\r\n", "y".repeat(size));
        Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{}content-length: 5\r\n\r\ntoken", line.repeat(lines)).into_bytes())
    };
    assert_eq!(world.when(flood(50, 100)).await, Ok("token".to_owned()));
    assert_eq!(world.when(flood(200, 1)).await, Err(Refused::BadResponse), "too many lines");
    assert_eq!(world.when(flood(50, 400)).await, Err(Refused::BadResponse), "too many bytes");
    let endless = Reply::Drip(
        b"HTTP/1.1 200 OK\r\n".to_vec(),
        b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(64),
        Duration::ZERO,
    );
    assert_eq!(world.when(endless).await, Err(Refused::BadResponse));
}

#[tokio::test]
async fn dv_59_a_byte_order_mark_stays_and_only_the_end_is_trimmed() {
    let world = World::new().await;
    for (body, read) in
        [("token\r\n", "token"), ("token \t\n\n", "token"), ("\u{feff}token", "\u{feff}token"), (" token", " token")]
    {
        assert_eq!(world.when(Reply::page("text/plain", body)).await, Ok(read.to_owned()), "{body:?}");
    }
    let latin = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\ntok\xe9en".to_vec();
    assert_eq!(world.when(Reply::Bytes(latin)).await, Err(Refused::NotPlain));
}

#[tokio::test]
async fn statuses_are_sorted_into_missing_failing_and_other() {
    let world = World::new().await;
    for (status, refused) in [
        (404, Refused::Missing),
        (410, Refused::Missing),
        (500, Refused::ServerError),
        (503, Refused::ServerError),
        (429, Refused::ServerError),
        (403, Refused::Status),
        (204, Refused::Status),
    ] {
        assert_eq!(
            world.when(Reply::with(status, &[("content-type", "text/plain")], "")).await,
            Err(refused),
            "{status}"
        );
    }
}

#[tokio::test]
async fn names_without_address_failing_resolvers_and_closed_ports_are_told_apart() {
    let mut world = World::new().await;
    world.config.https_dial_port = 9;
    assert_eq!(world.proof().await, Err(Refused::Connect));
    world.zone.behave(HOST, Behaviour::Code(ResponseCode::ServFail));
    assert_eq!(world.proof().await, Err(Refused::DnsFailed));
    world.zone.clear(HOST);
    assert_eq!(world.proof().await, Err(Refused::NoAddress));
}

#[tokio::test]
async fn one_host_is_asked_by_one_at_a_time() {
    let world = World::new().await;
    world.site.put(PATH, Reply::page("text/plain", "token"));
    let http = world.net().http;
    let url = Url::parse(&format!("https://{HOST}{PATH}")).expect("a URL");
    let fetches = (0..8).map(|_| http.text(TenantId::new(&Clock::System), &url));
    let fetched = futures::future::join_all(fetches).await;
    assert!(fetched.iter().all(|fetched| fetched.outcome.as_deref() == Ok("token")));
    assert_eq!(world.site.asked().len(), 8);
    assert_eq!(world.site.most_at_once(), 1);
}
