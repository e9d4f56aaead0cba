//! NATS-01: a role's log-in says and hears what the role needs, and the broker refuses the rest.

use super::guarded::Guarded;

/// What each log-in may say and hear, as `deploy/nats/README.md` tells operators.
const SAYS: [(&str, &[&str]); 4] = [
    ("api", &["hint.1", "jobs", "note.limits"]),
    ("realtime", &["hint.1", "jobs", "note.limits", "signal.1"]),
    ("worker", &["hint.1", "jobs", "note.limits"]),
    ("all", &["hint.1", "jobs", "note.limits", "signal.1"]),
];
const HEARS: [(&str, &[&str]); 4] = [
    ("api", &["hint.*", "note.*"]),
    ("realtime", &["hint.*", "note.*", "signal.*"]),
    ("worker", &["hint.*", "note.*", "jobs"]),
    ("all", &["hint.*", "note.*", "jobs", "signal.*"]),
];
const SAID: [&str; 4] = ["hint.1", "jobs", "note.limits", "signal.1"];
const HEARD: [&str; 4] = ["hint.*", "note.*", "jobs", "signal.*"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_01_nobody_listens_to_everything() {
    let guarded = Guarded::start().await;
    for role in ["api", "realtime", "worker", "all"] {
        for wide in [">", "porchlight.>", "*.*.*", "$SYS.>", "_INBOX.>"] {
            let mut peer = guarded.peer(role).await;
            let _subscription = peer.client.subscribe(wide).await.expect("asked");
            let refusal = peer.is_refused().await;
            assert!(refusal.contains("Permissions Violation for Subscription"), "{role} {wide}: {refusal}");
        }
    }
    // a broker that refused everybody would prove nothing
    let mut spy = guarded.spy().await;
    let api = guarded.peer("api").await;
    api.client.publish("porchlight.jobs", "heard".into()).await.expect("said");
    assert_eq!(spy.hears("porchlight.jobs").await.1, b"heard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_01_a_log_in_says_and_hears_what_its_role_needs() {
    let guarded = Guarded::start().await;
    for ((role, says), (_, hears)) in SAYS.into_iter().zip(HEARS) {
        for subject in HEARD {
            let mut peer = guarded.peer(role).await;
            let _subscription = peer.client.subscribe(format!("porchlight.{subject}")).await.expect("asked");
            assert_ne!(peer.was_refused().await, hears.contains(&subject), "{role} hears {subject}");
        }
        for subject in SAID {
            let mut peer = guarded.peer(role).await;
            peer.client.publish(format!("porchlight.{subject}"), "1".into()).await.expect("asked");
            assert_ne!(peer.was_refused().await, says.contains(&subject), "{role} says {subject}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_01_a_wrong_password_is_not_let_in() {
    let guarded = Guarded::start().await;
    for (user, password) in [("api", "wrong"), ("api", "p-worker-of-a-test"), ("nobody", "p-api-of-a-test")] {
        let options = async_nats::ConnectOptions::new().user_and_password(user.to_owned(), password.to_owned());
        let refused = options.connect(guarded.broker.url()).await.expect_err("not let in");
        assert_eq!(refused.kind(), async_nats::ConnectErrorKind::AuthorizationViolation, "{user}");
    }
    assert!(async_nats::connect(guarded.broker.url()).await.is_err(), "nobody comes in without a name");
}
