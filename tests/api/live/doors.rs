//! Who gets a socket.

use std::time::{Duration, Instant};

use futures::future::join_all;

use super::*;

#[tokio::test]
async fn ws_02_only_our_own_pages_open_sockets() {
    let app = TestApp::start().await;
    let own = app.public_url();
    let (cased, port, http) = (own.to_uppercase(), format!("{own}:8443"), own.replacen("https", "http", 1));
    let below = own.replacen("https://", "https://x.", 1);
    for path in [AGENTS, VISITORS] {
        assert_eq!(status(request(&app, path)).await, 101, "the premise");
        for foreign in ["https://evil.example", "null", SHOP, &port, &http, &below, &cased.replace("HTTPS", "ftp")] {
            let mut asked = request(&app, path);
            asked.headers_mut().insert("origin", foreign.parse().expect("a header"));
            assert_eq!(status(asked).await, 403, "{path} was opened to {foreign}");
        }
        let mut silent = request(&app, path);
        silent.headers_mut().remove("origin");
        assert_eq!(status(silent).await, 403, "{path} was opened to nobody's page");
        for (site, expected) in [("same-origin", 101), ("same-site", 403), ("cross-site", 403), ("none", 403)] {
            let mut asked = request(&app, path);
            asked.headers_mut().insert("sec-fetch-site", site.parse().expect("a header"));
            assert_eq!(status(asked).await, expected, "{path}, {site}");
        }
        assert_eq!(status(request(&app, &format!("{path}?token=x"))).await, 400, "a token in the address");
        let mut other = request(&app, path);
        other.headers_mut().insert("sec-websocket-protocol", "chat".parse().expect("a header"));
        assert_eq!(status(other).await, 400, "another sub-protocol");
        app.http().with("origin", own).get(path).await.refused(400, "websocket_needed");
    }
}

#[tokio::test]
async fn ws_03_nothing_but_a_hello_with_a_good_token_signs_in() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let anna = app.visitor(&widget).await;
    let (agents, visitors) = (token(&tenant.owner.http), token(&anna.http));
    let (mut silent, began) = (open(&app, AGENTS).await, Instant::now());
    for (path, bad) in [(AGENTS, ""), (AGENTS, "x.y.z"), (AGENTS, &visitors), (VISITORS, &agents), (VISITORS, "")] {
        assert_eq!(refusal(&app, path, bad).await, 4401, "{path} took {bad:?}");
    }
    let early = json!({ "type": "presence", "state": "online", "viewing": null });
    assert_eq!(answer_to(&app, AGENTS, early).await, 4401);
    assert_eq!(answer_to(&app, AGENTS, json!({ "type": "hi" })).await, 4400);
    // cookies say nothing here: a socket that brings them is as silent as one without
    assert_eq!(silent.is_closed().await, 4401);
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(4) && took < Duration::from_secs(9), "{took:?}");
    tenant.owner.opens_inbox().await;
}

#[tokio::test]
async fn ws_03_few_sockets_may_wait_at_the_door() {
    let app = TestApp::start().await;
    let (mut tenant, _) = acme(&app).await;
    let mut waiting = join_all((0..10).map(|_| open(&app, AGENTS))).await;
    assert_eq!(status(request(&app, AGENTS)).await, 429);
    assert_eq!(status(request(&app, VISITORS)).await, 429, "both doors are one");
    let hello = json!({ "type": "hello", "token": token(&tenant.owner.http), "after": null });
    waiting[0].send(hello).await;
    waiting[0].sees("welcome").await;
    tenant.owner.listens(None).await;
    waiting.clear();
}
