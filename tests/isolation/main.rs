//! The witness of isolation against the real server, and against one that leaks: it must find nothing in the one, and
//! exactly what leaks in the other.

mod leaking;
mod stage;

use std::collections::BTreeSet;
use std::fs;

use data_encoding::HEXLOWER;
use isolation::Leak;
use leaking::LeakingProxy;
use serde_json::Value;
use sha2::{Digest, Sha256};
use stage::Stage;

/// Routes the first test asks and the others need not.
const ELSEWHERE: [&str; 12] = [
    "/v1/agents",
    "/v1/conversations/{",
    "/widget/v1/conversations/{",
    "/operator",
    "/v1/widgets",
    "/v1/domains",
    "/v1/files",
    "/v1/identity-keys",
    "/v1/me",
    "/v1/tenant",
    "/v1/retention",
    "/v1/file-policy",
];

/// How many randomised probes a run makes: few, unless somebody asks for more.
fn probes() -> u64 {
    std::env::var("ISOLATION_PROBES").ok().and_then(|text| text.parse().ok()).unwrap_or(400)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn iso_12_nothing_of_one_tenant_is_shown_to_another_at_any_route_or_socket() {
    let stage = Stage::with_whatsapp().await;
    let report = isolation::verify(stage.options(stage.public(), probes()), &said).await.expect("it runs");
    if let Ok(folder) = std::env::var("ISOLATION_REPORT") {
        report.write(folder.as_ref()).expect("the report is written");
    }
    assert_eq!(report.verdict, "clean", "{}", report.summary());
    assert_eq!(report.random_probes, probes());
    assert!(report.routes.len() > 150, "only {} routes", report.routes.len());
    let idle: Vec<_> =
        report.routes.iter().filter(|(_, route)| route.probes.is_empty()).map(|(name, _)| name).collect();
    assert!(idle.is_empty(), "never asked: {idle:?}");
    assert!(report.wall.iter().all(|check| check.holds), "{:?}", report.wall);
    assert_eq!(report.wall.len() > 50, stage.has_wall(), "PostgreSQL's own wall was looked at");
    assert!(report.cleaning.iter().all(|line| line.contains("is suspended")), "{:?}", report.cleaning);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn iso_12_a_server_that_leaks_is_caught_at_exactly_the_places_where_it_does() {
    let stage = Stage::plain().await;
    let proxy = LeakingProxy::before(stage.app.doors()).await;
    let mut options = stage.options(proxy.address(), 0);
    options.without = ELSEWHERE.iter().chain(&["/v1/whatsapp"]).map(|path| (*path).to_owned()).collect();
    let report = isolation::verify(options, &said).await.expect("it runs");
    assert_eq!(report.verdict, "leaks", "{}", report.summary());
    let places: BTreeSet<_> = report.leaks.iter().map(place).collect();
    assert_eq!(places, LeakingProxy::PLACES.into_iter().collect(), "{}", report.summary());
    assert_eq!(report.exit(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn iso_12_the_command_says_what_cannot_be_reached_and_writes_a_report_for_people() {
    let (stage, folder) = (Stage::plain().await, tempfile::tempdir().expect("a folder"));
    let mut command = stage.command(folder.path());
    command.args(ELSEWHERE.iter().flat_map(|path| ["--without", path]));
    let done = tokio::task::spawn_blocking(move || command.output()).await.expect("waited").expect("it runs");
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(2), "{told}{}", String::from_utf8_lossy(&done.stderr));
    assert!(told.contains("No leak was seen, but ") && told.contains("NOT COVERED "), "{told}");

    let files: Vec<_> = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    let of = |kind: &str| files.iter().find(|file| file.extension().is_some_and(|end| end == kind)).expect("a report");
    let (json, page) = (fs::read(of("json")).expect("JSON"), fs::read_to_string(of("html")).expect("a page"));
    assert!(page.contains(&HEXLOWER.encode(&Sha256::digest(&json))), "the page names the digest of the JSON");
    assert!(page.contains("No leak was seen, but ") && !page.contains("{{"), "every place is filled in");
    let report: Value = serde_json::from_slice(&json).expect("JSON");
    let routes = report["routes"].as_object().expect("routes");
    let uncovered: Vec<_> =
        routes.iter().filter(|(_, route)| route["not_covered"].is_string()).map(|(name, _)| name).collect();
    assert!(uncovered.iter().any(|route| *route == "GET /v1/whatsapp/templates/{id}"), "{uncovered:?}");
    assert!(
        uncovered
            .iter()
            .all(|route| route.contains("whatsapp") || route.ends_with("/template") || route.ends_with("/undo")),
        "{uncovered:?}"
    );
}

fn said(line: String) {
    eprintln!("{line}");
}

fn place(leak: &Leak) -> &str {
    if leak.route.contains("socket") || leak.route.contains("position") { "sockets" } else { &leak.route }
}
