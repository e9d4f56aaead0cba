//! People behind the proxies of `deploy/proxy`: nginx, HAProxy and Caddy as Debian has them, with TLS, before processes
//! that hold requests and sockets apart.

use std::net::Ipv4Addr;

use harness::{Agent, Answer, Http, PASSWORD, Visitor, found};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::front::{Front, Kind, Place, shipped};
use crate::node::Node;
use crate::stage::Cluster;

/// Where somebody comes from who is neither the proxy nor this machine's usual self.
const FAR: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 1);
/// Where they say they come from.
const LIE: &str = "198.51.100.7";

/// A proxy before a cluster of three.
struct Stage {
    front: Front,
    api: Node,
    cluster: Cluster,
    _rest: [Node; 2],
    _folder: TempDir,
}

impl Stage {
    async fn set(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::find(folder.path()).await;
        let cluster = Cluster::with(&[
            ("PUBLIC__URL", &place.url),
            ("HTTP__PROXIES", "[\"127.0.0.1/32\"]"),
            ("FILES__WAIT_MS", "20000"),
        ])
        .await?;
        let (api, realtime, worker) =
            tokio::join!(cluster.node("api"), cluster.node("realtime"), cluster.node("worker"));
        let front = place.open(kind, &api, &realtime).await;
        Some(Self { front, api, cluster, _rest: [realtime, worker], _folder: folder })
    }

    async fn strike(self) {
        let Self { front, api, cluster, _rest, _folder } = self;
        drop((front, api, _rest));
        cluster.strike().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_talk_and_send_files_through_nginx() {
    through(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_talk_and_send_files_through_haproxy() {
    through(Kind::Haproxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_talk_and_send_files_through_caddy() {
    through(Kind::Caddy).await;
}

async fn through(kind: Kind) {
    let Some(stage) = Stage::set(kind).await else { return };
    let mut owner = Agent::signs_in(&stage.front.doors, &stage.cluster.owner).await;
    talk(&stage, &mut owner).await;
    let link = large_files_pass(&owner).await;
    too_large_a_body_is_refused(&owner).await;
    nothing_but_our_name_and_the_public_is_reached(&stage).await;
    only_the_proxy_is_believed(&stage).await;
    logs_tell_no_secret(&stage, &owner, &link).await;
    stage.strike().await;
}

/// Both write, and both hear it from their sockets.
async fn talk(stage: &Stage, owner: &mut Agent) {
    let widget = stage.cluster.widget(owner).await;
    owner.opens_inbox().await;
    let mut visitor = Visitor::arrives(&stage.front.doors, &widget, None).await;
    visitor.listens().await;
    visitor.says("is this shop open?").await;
    owner.sees("is this shop open?").await;
    owner.answers(&visitor, "day and night").await;
    visitor.sees("day and night").await;
}

/// Larger than nginx allows by itself (1 MiB); it comes back as it went. Gives its link.
async fn large_files_pass(owner: &Agent) -> String {
    let sent = b"2026-11-21T10:00:00Z INFO all is well\n".repeat(50_000);
    let file = owner.http.upload("/v1/files", ("notes.txt", "text/plain"), &sent).await.is(201)["file"].clone();
    assert_eq!(file["state"], "ready", "{file}");
    let asked = json!({ "items": [{ "id": file["id"], "variant": "full" }] });
    let links = owner.http.post("/v1/files/links", asked).await.ok();
    let url = links["items"][0]["url"].as_str().unwrap_or_else(|| panic!("no link: {links}"));
    let link = format!("/f/{}", url.split_once("/f/").expect("a link").1);
    let got = owner.http.without("authorization").get(&link).await;
    assert!(got.status == 200 && got.text.as_bytes() == sent, "{} with {} bytes", got.status, got.text.len());
    link
}

/// By whoever is first to see it, and without the connection being cut in the middle of an answer of ours.
async fn too_large_a_body_is_refused(owner: &Agent) {
    let sent = vec![b'x'; 30 * 1024 * 1024];
    // a proxy may hang up on who goes on sending
    if let Ok(answer) = owner.http.attempt_upload("/v1/files", ("notes.txt", "text/plain"), &sent).await {
        assert_eq!(answer.status, 413, "{}", answer.text);
    }
}

async fn nothing_but_our_name_and_the_public_is_reached(stage: &Stage) {
    let http = stage.front.doors.http();
    let strange = http.with("host", "evil.example").attempt(reqwest::Method::GET, "/healthz", None).await;
    assert!(strange.is_err() || strange.is_ok_and(|answer| answer.status != 200 || answer.text.is_empty()));
    for path in ["/metrics", "/operator/v1/system"] {
        http.get(path).await.refused(404, "no_such_route");
    }
}

/// Through the proxy the address is the one it saw, whatever was claimed; without it nobody's claim counts.
async fn only_the_proxy_is_believed(stage: &Stage) {
    let email = &stage.cluster.owner;
    assert_eq!(place(&stage.front.from(FAR).await.with("x-forwarded-for", LIE), email).await, "127.0.2.0/24");
    let stranger = straight(&stage.api, FAR, email).await;
    assert_eq!(stranger, "127.0.2.0/24");
}

/// Signs in and says from where, as the server sees it.
async fn place(http: &Http, email: &str) -> String {
    let asked = json!({ "email": email, "password": PASSWORD });
    let token = http.post("/v1/sessions", asked).await.is(201)["access_token"].clone();
    current(&http.bearing(token.as_str().expect("a token")).get("/v1/sessions").await)
}

/// The same past the proxy, from another address than the proxy's.
async fn straight(api: &Node, from: Ipv4Addr, email: &str) -> String {
    let client = reqwest::Client::builder().no_proxy().local_address(Some(from.into())).build().expect("a client");
    let at = |path: &str| format!("{}{path}", api.doors.public);
    let asked = json!({ "email": email, "password": PASSWORD }).to_string();
    let request = client.post(at("/v1/sessions")).header("content-type", "application/json").body(asked);
    let answer = request.header("x-forwarded-for", LIE).send().await.expect("an answer").text().await.expect("words");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}"));
    current(&api.doors.http().bearing(token).get("/v1/sessions").await)
}

fn current(answer: &Answer) -> String {
    let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("no list: {}", answer.text));
    let mine = items.iter().find(|session| session["current"] == true).expect("a current session");
    mine["ip"].as_str().expect("an address").to_owned()
}

/// What a proxy writes down is read by more people than the database is.
async fn logs_tell_no_secret(stage: &Stage, owner: &Agent, link: &str) {
    let log = stage.front.log();
    assert!(log.contains("/v1/conversations"), "nothing is written down:\n{log}");
    let token = owner.http.token().expect("signed in");
    for secret in [token, link.trim_start_matches("/f/"), owner.cookie.as_str()] {
        assert!(!log.contains(secret), "a secret stands in the log:\n{log}");
    }
}

/// security.md, CACHE-01.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cache_01_two_people_behind_a_greedy_cache_see_nothing_of_each_other() {
    let Some(stage) = Stage::set(Kind::GreedyNginx).await else { return };
    let behind = stage.cluster.behind().await;
    let other = found(&behind.ctx, "Velvet").await;
    behind.stop().await;
    let mut first = Agent::signs_in(&stage.front.doors, &stage.cluster.owner).await;
    let second = Agent::signs_in(&stage.front.doors, &other).await;
    talk(&stage, &mut first).await;
    let link = large_files_pass(&first).await;
    let conversation = first.conversation.clone().expect("a conversation on the screen");
    let messages = format!("/v1/conversations/{conversation}/messages");
    for path in ["/v1/me", "/v1/sessions", "/v1/conversations", "/v1/widgets", "/v1/agents", &messages] {
        let mine = first.http.get(path).await;
        let again = first.http.get(path).await;
        let theirs = second.http.get(path).await;
        let nobody = first.http.without("authorization").get(path).await;
        assert_eq!((mine.status, nobody.status), (200, 401), "{path}: {}", nobody.text);
        assert_ne!(mine.text, theirs.text, "{path} is the same for everybody");
        assert!(!theirs.text.contains(&first.email) && !theirs.text.contains("is this shop open?"), "{path}");
        for answer in [again, theirs, nobody] {
            assert_ne!(answer.header("x-cached"), Some("HIT"), "{path} was kept");
        }
    }
    let file = first.http.without("authorization").get(&link).await;
    assert_ne!(file.header("x-cached"), Some("HIT"), "a file was kept");
    // otherwise all of this would say that the cache is asleep
    stage.front.doors.http().get("/widget.js").await;
    let loader = stage.front.doors.http().get("/widget.js").await;
    assert_eq!(loader.header("x-cached"), Some("HIT"), "what is everybody's is kept (are the bundles built?)");
    stage.strike().await;
}

/// An idle socket is Porchlight's to end: it pings, and a proxy that is more patient never cuts one that lives.
#[test]
fn proxies_are_more_patient_with_sockets_than_porchlight_is_silent() {
    let config = server::Config::load(None, &[]).expect("the defaults");
    let silent = config.live.ping_ms.max(config.live.silence_ms) / 1000;
    let nginx = shipped(Kind::Nginx);
    let live = nginx.split_once("v1/live(/poll)?$ {").expect("a location").1.split_once('}').expect("its end").0;
    for (text, key) in
        [(live, "proxy_read_timeout "), (live, "proxy_send_timeout "), (&shipped(Kind::Haproxy), "timeout tunnel ")]
    {
        let seconds = seconds(text, key);
        assert!(seconds >= 2 * silent, "{key}is {seconds} s, and sockets may be silent for {silent} s");
    }
    let file = config.files.max_bytes as u64;
    let most = |text: &str, key: &str, unit: u64| {
        let after = text.split_once(key).unwrap_or_else(|| panic!("no {key}")).1;
        after.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u64>().expect("a number") * unit
    };
    let files = nginx.split_once("v1/files$ {").expect("a location").1;
    for most in [most(files, "client_max_body_size ", 1 << 20), most(&shipped(Kind::Haproxy), "req.body_size gt ", 1)] {
        assert!(most > file + 4096, "a proxy takes {most} bytes, and a file may have {file}");
    }
}

/// What stands behind the key, in seconds.
fn seconds(text: &str, key: &str) -> u64 {
    let after = text.split_once(key).unwrap_or_else(|| panic!("no {key}")).1;
    let number: String = after.chars().take_while(char::is_ascii_digit).collect();
    let unit = if after[number.len()..].starts_with('m') { 60 } else { 1 };
    number.parse::<u64>().expect("a number") * unit
}
