//! Traces, as a collector gets them. One collector a process: each test needs one of its own, as nextest gives it.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use harness::TestApp;
use harness::fakes::collector::{Collector, Kept};

/// Words that must be nowhere but in the product.
const CANARIES: [&str; 4] =
    ["canary-words-of-a-visitor", "Canary Cordelia", "canary@example.com", "canary-words-of-an-agent"];

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

fn observe(collector: &Collector, sample: &str) -> (server::Observing, Log) {
    let url = collector.url();
    let (level, format) = (("log.level", "debug"), ("log.format", "json"));
    let settings = [("observe.otlp_url", url.as_str()), ("observe.sample", sample), level, format];
    let config = server::Config::load(None, &settings).expect("the settings are accepted");
    let log = Log::default();
    let writer = log.clone();
    (server::observe_into(&config, "all", move || writer.clone()).expect("observing starts"), log)
}

fn named<'a>(spans: &'a [Kept], name: &str) -> Vec<&'a Kept> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// The span and all above it, itself first.
fn chain<'a>(spans: &'a [Kept], from: &'a Kept) -> Vec<&'a Kept> {
    std::iter::successors(Some(from), |span| {
        spans.iter().find(|above| above.id == span.parent && above.trace == span.trace)
    })
    .collect()
}

#[tokio::test]
async fn a_request_its_job_and_the_call_it_makes_are_one_trace_without_a_word_of_content() {
    let collector = Collector::start().await;
    let (observing, log) = observe(&collector, "1.0");
    let app = TestApp::start().await;
    let mut tenant = app.tenant("Porch Goods").await;
    let widget = tenant.has_widget("http://localhost:3000").await;
    let mut visitor = app.visitor(&widget).await;
    visitor.says(CANARIES[0]).await;
    tenant.owner.opens_inbox().await;
    tenant.owner.answers(&visitor, CANARIES[3]).await;
    let invitation = serde_json::json!({ "email": CANARIES[2], "name": CANARIES[1], "role": "agent" });
    tenant.owner.http.post("/v1/invitations", invitation).await;
    app.run_due().await;
    observing.flush().await;

    let spans = collector.spans();
    let letters = named(&spans, "mail");
    let whole = letters
        .iter()
        .map(|letter| chain(&spans, letter))
        .find(|chain| chain.last().is_some_and(|top| top.name == "POST /v1/invitations"));
    let whole = whole.unwrap_or_else(|| {
        panic!("no letter below its request: {:?}", spans.iter().map(|s| &s.name).collect::<Vec<_>>())
    });
    let names: Vec<_> = whole.iter().map(|span| span.name.as_str()).collect();
    assert!(names.contains(&"commit") && names.len() >= 4, "call, job, commit, request: {names:?}");
    let top = whole.last().expect("the request");
    assert_eq!(top.says.get("http.route").map(String::as_str), Some("/v1/invitations"));
    assert_eq!(top.says.get("tenant.id"), Some(&tenant.id));
    assert!(top.says.contains_key("http.response.status_code") && top.says.contains_key("request.id"));
    assert!(named(&spans, "batch").iter().any(|batch| batch.says.get("batch.size").is_some_and(|size| size == "1")));
    assert_eq!(collector.about().get("service.name").map(String::as_str), Some("porchlight"));
    assert_eq!(spans.iter().map(|span| span.events).sum::<usize>(), 0, "log lines stay out of traces");

    tracing::debug!(job.kind = "none", "the log is heard");
    let lines = log.text();
    let last: serde_json::Value =
        serde_json::from_str(lines.lines().last().expect("a line")).expect("each line is JSON");
    assert_eq!(last["fields"], serde_json::json!({ "message": "the log is heard", "job.kind": "none" }));
    let told = format!("{spans:?}{lines}");
    let token = tenant.owner.http.token().expect("a token").to_owned();
    for canary in CANARIES.iter().copied().chain([token.as_str()]) {
        assert!(!told.contains(canary), "{canary} was told");
    }
}

#[tokio::test]
async fn a_stranger_has_nothing_kept_and_an_operator_goes_on_with_a_trace() {
    let collector = Collector::start().await;
    let (observing, _) = observe(&collector, "0.0");
    let app = TestApp::with(&[("http.proxies", r#"["127.0.0.1/32"]"#), ("limits.factor", "1000")]).await;
    let place = |n: u8| format!("00-0af7651916cd43dd8448eb211c8031{n:02x}-b7ad6b7169203331-01");
    app.http().with("traceparent", &place(1)).get("/healthz").await;
    let answer = app.operator_http().with("traceparent", &place(2)).get("/healthz").await;
    observing.flush().await;
    let traces: Vec<_> = collector.spans().into_iter().map(|span| span.trace).collect();
    assert_eq!(traces, ["0af7651916cd43dd8448eb211c803102"], "the operators' alone");
    assert_eq!(answer.header("traceparent").or(answer.header("traceresponse")), None);
}
