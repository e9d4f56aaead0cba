//! The witness of isolation against the real server, and against one that leaks: it must find nothing in the one, and
//! exactly what leaks in the other.

mod leaking;
mod stage;

use std::collections::BTreeSet;

use isolation::Leak;
use leaking::LeakingProxy;
use stage::Stage;

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
    assert!(report.cleaning.iter().all(|line| line.contains("is suspended")), "{:?}", report.cleaning);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn iso_12_a_server_that_leaks_is_caught_at_exactly_the_places_where_it_does() {
    let stage = Stage::plain().await;
    let proxy = LeakingProxy::before(stage.app.doors()).await;
    let report = isolation::verify(stage.options(proxy.address(), 0), &said).await.expect("it runs");
    assert_eq!(report.verdict, "leaks", "{}", report.summary());
    let places: BTreeSet<_> = report.leaks.iter().map(place).collect();
    assert_eq!(places, LeakingProxy::PLACES.into_iter().collect(), "{}", report.summary());
    assert_eq!(report.exit(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn iso_12_what_cannot_be_reached_is_said_and_is_no_success() {
    let stage = Stage::plain().await;
    let options = stage.options(stage.public(), 0);
    let report = isolation::verify(options, &said).await.expect("it runs");
    assert_eq!((report.verdict, report.exit()), ("incomplete", 2), "{}", report.summary());
    let uncovered: Vec<_> = report.uncovered().map(|(route, _)| route.as_str()).collect();
    assert!(uncovered.contains(&"GET /v1/whatsapp/templates/{id}"), "{uncovered:?}");
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
