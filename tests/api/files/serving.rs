//! ATT-04, 12, 19: what a link gives, to whom and how long.

use std::time::Duration;

use harness::files::{ordinary, png};
use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{DESK, Desk, Got, WIDGET, follow, id, link, links};

const LIFE: Duration = Duration::from_secs(300);

#[track_caller]
fn dressed(got: &Got, about: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(got.header(name), Some(value), "{about}: {name}");
    }
    for none in ["set-cookie", "etag", "last-modified", "access-control-allow-origin", "location"] {
        assert_eq!(got.header(none), None, "{about}: {none}");
    }
}

/// ATT-04: on every object, of every kind, in every variant.
#[tokio::test]
async fn att_04_every_object_carries_the_headers() {
    let desk = Desk::set().await;
    let ceiling = desk.tenant.owner.http.get("/v1/file-policy").await.ok()["ceiling"]["types"].clone();
    desk.allows(&[("types", ceiling.clone())]).await;
    for (name, kind, bytes) in ordinary() {
        let ending = name.rsplit('.').next().expect("an ending").to_lowercase();
        if !ceiling.as_array().expect("types").contains(&json!(ending)) {
            continue;
        }
        let file = desk.mia_sends_up((name, kind), &bytes).await;
        assert_eq!(file["state"], "ready", "{name}");
        let (is_image, is_document) = (file["kind"] == "image", file["kind"] == "document");
        let variants: &[&str] = if is_image { &["full", "large", "small"] } else { &["full"] };
        for variant in variants {
            let url = link(&desk.mia.http, DESK, &file, variant).await;
            for headers in [&[][..], &[("range", "bytes=0-9")]] {
                let got = desk.follows(&url, headers).await;
                let about = format!("{name} {variant}");
                assert_eq!(got.status, if headers.is_empty() { 200 } else { 206 }, "{about}");
                dressed(&got, &about);
                assert_eq!(got.header("cache-control"), Some("private, max-age=300, immutable"), "{about}");
                let wanted = if is_document { "same-site" } else { "cross-origin" };
                assert_eq!(got.header("cross-origin-resource-policy"), Some(wanted), "{about}");
                let disposition = got.header("content-disposition").expect("a disposition");
                assert_eq!(disposition.starts_with("inline"), is_image, "{about}: {disposition}");
                if *variant == "full" {
                    assert_eq!(got.header("content-type"), file["media_type"].as_str(), "{about}");
                }
            }
            let whole = desk.follows(&url, &[]).await;
            if *variant == "full" {
                assert_eq!(json!(whole.bytes.len()), file["bytes"], "{name}");
            }
            if !is_image {
                assert_eq!(whole.bytes, bytes, "{name} came back changed");
            }
        }
    }
}

#[tokio::test]
async fn att_04_refusals_carry_them_too() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"words").await;
    let url = link(&desk.mia.http, DESK, &file, "full").await;
    let over = desk.follows(&url, &[("range", "bytes=99-")]).await;
    assert_eq!((over.status, over.header("content-range")), (416, Some("bytes */5")));
    desk.app.later(LIFE);
    let expired = desk.follows(&url, &[]).await;
    assert_eq!((expired.status, expired.code()), (410, "link_expired".to_owned()));
    let strange = desk.follows("https://x/f/nonsense", &[]).await;
    assert_eq!((strange.status, strange.code()), (404, "not_found".to_owned()));
    for (got, about) in [(over, "416"), (expired, "410"), (strange, "404")] {
        dressed(&got, about);
        assert_eq!(got.header("cross-origin-resource-policy"), Some("same-site"), "{about}");
        assert_eq!(got.header("cache-control"), Some("no-store"), "{about}");
        assert_eq!(got.header("content-type"), Some("application/problem+json"), "{about}");
    }
}

#[tokio::test]
async fn att_12_a_link_lives_five_minutes() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"words").await;
    let minted = links(&desk.mia.http, DESK, &[(&file, "full")]).await[0].clone();
    let url = minted["url"].as_str().expect("a link");
    assert_eq!(minted["expires_at"], json!(desk.app.clock().now().plus(LIFE).to_string()));
    desk.app.later(LIFE - Duration::from_millis(1));
    assert_eq!(desk.follows(url, &[]).await.bytes, b"words");
    assert_eq!(desk.follows(url, &[]).await.status, 200, "media are asked for again and again");
    desk.app.later(Duration::from_millis(1));
    assert_eq!(desk.follows(url, &[]).await.status, 410);
}

#[tokio::test]
async fn att_12_no_letter_of_a_link_can_be_changed() {
    let desk = Desk::set().await;
    let first = desk.mia_sends_up(("a.png", "image/png"), &png(400, 400)).await;
    let second = desk.mia_sends_up(("b.txt", "text/plain"), b"words").await;
    let url = link(&desk.mia.http, DESK, &first, "full").await;
    let (said, signature) = url.rsplit_once('.').expect("two parts");
    let (base, said) = said.split_once("/f/").expect("a link");
    for at in 0..said.len() {
        let swap = if said.as_bytes()[at] == b'A' { "B" } else { "A" };
        let forged = format!("{}{swap}{}", &said[..at], &said[at + 1..]);
        assert_eq!(desk.follows(&format!("{base}/f/{forged}.{signature}"), &[]).await.status, 404, "letter {at}");
    }
    for forged in
        [signature[..signature.len() - 1].to_owned(), format!("{signature}a"), signature.to_uppercase(), String::new()]
    {
        assert_eq!(desk.follows(&format!("{base}/f/{said}.{forged}"), &[]).await.status, 404, "{forged}");
    }
    for other in [link(&desk.mia.http, DESK, &second, "full").await, link(&desk.mia.http, DESK, &first, "small").await]
    {
        let (_, others) = other.rsplit_once('.').expect("two parts");
        assert_eq!(desk.follows(&format!("{base}/f/{said}.{others}"), &[]).await.status, 404);
    }
    assert_eq!(desk.follows(&url, &[]).await.status, 200, "the link itself is good");
}

/// Nothing of a person and nothing of a name stands in an address that lands in logs.
#[tokio::test]
async fn a_link_tells_nothing_of_people_or_names() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("divorce-papers.txt", "text/plain"), b"words").await;
    let url = link(&desk.anna.http, WIDGET, &file, "full").await;
    let said = url.split_once("/f/").and_then(|(_, token)| token.split_once('.')).expect("a link").0;
    let bytes = data_encoding::BASE64URL_NOPAD.decode(said.as_bytes()).expect("base64");
    let person: kernel::ContactId = desk.anna.id.parse().expect("an id");
    assert!(!bytes.windows(16).any(|window| window == person.uuid().as_bytes()), "the visitor's id");
    assert!(!url.contains("divorce") && !bytes.windows(7).any(|window| window == b"divorce"));
}

#[tokio::test]
async fn a_link_to_a_suspended_tenant_or_an_erased_file_leads_nowhere() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    let sent = desk.anna_sends_up(("b.txt", "text/plain"), b"words").await;
    desk.anna_posts(&[&sent]).await.is(201);
    let (loose, sent_url) =
        (link(&desk.anna.http, WIDGET, &file, "full").await, link(&desk.anna.http, WIDGET, &sent, "full").await);
    let operator = desk.app.operator().await;
    operator.suspends(&desk.tenant.id).await;
    assert_eq!(desk.follows(&loose, &[]).await.status, 404);
    assert!(links(&desk.anna.http, WIDGET, &[(&file, "full")]).await.is_empty());
    desk.anna.http.get(&format!("{WIDGET}/{}/state", id(&file))).await.refused(404, "not_found");
    operator.resumes(&desk.tenant.id).await;
    assert_eq!(desk.follows(&loose, &[]).await.status, 200);
    let owner = desk.app.signs_in(&desk.tenant.owner.email).await;
    owner.http.delete(&format!("{DESK}/{}", id(&sent))).await.is(204);
    desk.anna.http.delete(&format!("{WIDGET}/{}", id(&file))).await.is(204);
    for url in [sent_url, loose] {
        assert_eq!(desk.follows(&url, &[]).await.status, 410);
    }
}

#[tokio::test]
async fn att_19_ranges_are_given_one_at_a_time() {
    let desk = Desk::set().await;
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| b'a' + (n % 26) as u8).collect();
    let file = desk.mia_sends_up(("a.txt", "text/plain"), &bytes).await;
    let url = link(&desk.mia.http, DESK, &file, "full").await;
    for (asked, wanted) in [
        ("bytes=0-0", 0..1),
        ("bytes=99999-", 99_999..100_000),
        ("bytes=-7", 99_993..100_000),
        ("bytes=5-199999", 5..100_000),
    ] {
        let got = desk.follows(&url, &[("range", asked)]).await;
        assert_eq!((got.status, &got.bytes[..]), (206, &bytes[wanted.clone()]), "{asked}");
        let shown = format!("bytes {}-{}/100000", wanted.start, wanted.end - 1);
        assert_eq!(got.header("content-range"), Some(shown.as_str()));
        assert_eq!(got.header("content-length"), Some(wanted.len().to_string().as_str()));
    }
    for ignored in ["bytes=0-1,3-4", "lines=0-1", "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9"] {
        let got = desk.follows(&url, &[("range", ignored)]).await;
        assert_eq!((got.status, got.bytes.len()), (200, 100_000), "{ignored}");
    }
    for bad in ["bytes=100000-", "bytes=5-4", "bytes=-0", "bytes=x", "bytes=18446744073709551615-"] {
        assert_eq!(desk.follows(&url, &[("range", bad)]).await.status, 416, "{bad}");
    }
    let conditional = desk.follows(&url, &[("range", "bytes=0-0"), ("if-range", "\"x\"")]).await;
    assert_eq!((conditional.status, conditional.bytes.len()), (200, 100_000));
    assert_eq!(desk.follows(&url, &[]).await.header("accept-ranges"), Some("bytes"));
}

#[tokio::test]
async fn att_19_a_longer_range_is_cut_at_ten_megabytes() {
    let desk = Desk::set().await;
    desk.allows(&[("max_bytes", json!(25 * 1024 * 1024)), ("types", json!(["mp3"]))]).await;
    let mut song = harness::files::mp3();
    let frames = song.clone();
    while song.len() < 11 * 1024 * 1024 {
        song.extend_from_slice(&frames);
    }
    let file = desk.mia_sends_up(("a.mp3", "audio/mpeg"), &song).await;
    assert_eq!(file["state"], "ready", "{file}");
    let url = link(&desk.mia.http, DESK, &file, "full").await;
    let got = desk.follows(&url, &[("range", "bytes=1-")]).await;
    assert_eq!((got.status, got.bytes.len()), (206, 10 * 1024 * 1024));
    assert_eq!(got.bytes, song[1..=10 * 1024 * 1024]);
    assert_eq!(desk.follows(&url, &[]).await.bytes.len(), song.len());
}

#[tokio::test]
async fn head_says_what_get_would_without_a_byte() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"three lamps").await;
    let url = link(&desk.mia.http, DESK, &file, "full").await;
    let (got, head) = (desk.follows(&url, &[]).await, follow(&desk.app.doors().public, Method::HEAD, &url, &[]).await);
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    dressed(&head, "HEAD");
    for same in ["content-type", "content-length", "content-disposition", "accept-ranges", "cache-control"] {
        assert_eq!(head.header(same), got.header(same), "{same}");
    }
}

#[tokio::test]
async fn the_route_of_one_file_leads_to_a_link() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up(("a.png", "image/png"), &png(1_200, 900)).await;
    let mut sizes = Vec::new();
    for query in ["", "?variant=large", "?variant=small"] {
        let answer = desk.mia.http.get(&format!("{DESK}/{}{query}", id(&file))).await;
        answer.clone().is(302);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let got = desk.follows(answer.header("location").expect("a place"), &[]).await;
        assert_eq!(got.status, 200);
        let picture = image::load_from_memory(&got.bytes).expect("a picture");
        sizes.push((picture.width(), picture.height()));
    }
    assert_eq!(sizes, [(1_200, 900), (1_024, 768), (320, 240)]);
    desk.mia.http.get(&format!("{DESK}/{}?variant=huge", id(&file))).await.refused(422, "validation");
    for bad in [json!({ "items": [] }), json!({ "items": [{ "id": id(&file), "variant": "huge" }] })] {
        desk.mia.http.post(&format!("{DESK}/links"), bad).await.refused(422, "validation");
    }
    let many: Vec<Value> = (0..51).map(|_| json!({ "id": id(&file), "variant": "full" })).collect();
    desk.mia.http.post(&format!("{DESK}/links"), json!({ "items": many })).await.refused(422, "validation");
}

/// A host of its own gives files and nothing else; the others give none then.
#[tokio::test]
async fn files_may_have_a_host_of_their_own() {
    const FILES: &str = "https://files.porchlight-files.example";
    let desk = Desk::with(&[("files.url", FILES)]).await;
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"words").await;
    let url = link(&desk.mia.http, DESK, &file, "full").await;
    assert!(url.starts_with(&format!("{FILES}/f/")), "{url}");
    let host = FILES.trim_start_matches("https://");
    assert_eq!(desk.follows(&url, &[("host", host)]).await.bytes, b"words");
    assert_eq!(desk.follows(&url, &[]).await.status, 421, "not under the public name");
    let there = desk.app.http().with("host", host);
    for path in ["/", "/app/", "/widget.js", "/healthz", "/v1/me", "/f", "/openapi.json", "/widget/v1/frame/x"] {
        assert_eq!(there.get(path).await.status, 421, "{path}");
    }
    let page = desk.app.http().get(&format!("/widget/v1/frame/{}", desk.widget.id)).await;
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains(&format!("media-src {FILES}")) && policy.contains(&format!("https: {FILES}")), "{policy}");
}

#[tokio::test]
async fn without_one_the_public_host_gives_them_and_pages_may_show_them() {
    let desk = Desk::set().await;
    let page = desk.app.http().get(&format!("/widget/v1/frame/{}", desk.widget.id)).await;
    assert!(page.header("content-security-policy").expect("a policy").contains("media-src 'self'"));
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"words").await;
    assert!(link(&desk.mia.http, DESK, &file, "full").await.starts_with(desk.app.public_url()));
}
