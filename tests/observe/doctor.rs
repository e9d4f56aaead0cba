//! The doctor, on an installation that is well and on broken ones.

use harness::TestApp;
use harness::fakes::{Clamd, Mood, Zone};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use server::{Config, Line, Verdict, examine};
use store::{Db, StoreConfig};

const SECRET: &str = "6b1f0d9c3e7a5248b0e4c1d7f2a9563874ce01fd";

async fn said(settings: &[(&str, &str)]) -> Vec<Line> {
    let own = [("auth.secret", SECRET), ("whatsapp.graph_url", "http://127.0.0.1:9"), ("net.dns_timeout_ms", "300")];
    examine(Config::load(None, &[&own, settings].concat())).await
}

fn of<'a>(lines: &'a [Line], what: &str) -> &'a Line {
    lines.iter().find(|line| line.what == what).unwrap_or_else(|| panic!("nothing about {what}: {lines:?}"))
}

/// Whether what it acknowledges is on disk; servers that only tests use are often told not to wait for that.
async fn keeps_its_word(store: &str) -> bool {
    if !store.starts_with("postgres") {
        return true;
    }
    let conn = Db::connect(&StoreConfig::at(store, 1)).await.expect("a connection");
    let ask = "select current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on' \
               and current_setting('full_page_writes') = 'on'";
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, ask)).await.expect("its settings");
    let is_durable = row.expect("a row").try_get_by_index(0).expect("a word");
    conn.close().await.expect("closed");
    is_durable
}

#[tokio::test]
async fn an_installation_that_runs_is_found_well() {
    let app = TestApp::start().await;
    let (zone, clamd) = (Zone::start().await, Clamd::start(Mood::Says("stream: OK")).await);
    let (store, dns, scan) = (app.store_url().to_owned(), zone.address(), clamd.url());
    let (public, operator) = (app.doors().public.clone(), app.doors().operator.clone());
    let listen = |url: &str| url.trim_start_matches("http://").to_owned();
    let (public_listen, operator_listen) = (listen(&public), listen(&operator));
    let blobs = format!("folder://{}", app.folder().join("files").display());
    let mail = format!("folder://{}", app.folder().join("mail").display());
    let lines = said(&[
        ("store.url", &store),
        ("net.dns", &dns),
        ("files.scan", &scan),
        ("files.scan_signature_hours", "0"),
        ("public.listen", &public_listen),
        ("operator.listen", &operator_listen),
        ("blobs.url", &blobs),
        ("mail.url", &mail),
        ("auth.vault", r#"["2026:3pGQ0dI1V2h5bHhJc2VjcmV0a2V5Zm9ydGVzdHMxMjM="]"#),
    ])
    .await;
    for what in ["configuration", "secrets", "store", "schema", "blobs", "scanner", "dns", "jobs", "public_url"] {
        assert_eq!(of(&lines, what).verdict, Verdict::Ok, "{:?}", of(&lines, what));
    }
    let wanted = if keeps_its_word(&store).await { Verdict::Ok } else { Verdict::Fail };
    assert_eq!(of(&lines, "durability").verdict, wanted, "{:?}", of(&lines, "durability"));
    if store.starts_with("postgres") {
        for what in ["walls", "store_clock", "transactions", "bloat", "connections"] {
            assert_eq!(of(&lines, what).verdict, Verdict::Ok, "{:?}", of(&lines, what));
        }
        // tests connect as the server's superuser, whom no policy binds
        assert_eq!(of(&lines, "store_role").verdict, Verdict::Warn);
    }
    // letters that go into a folder reach nobody
    assert_eq!(of(&lines, "mail").verdict, Verdict::Warn);
}

#[tokio::test]
async fn what_is_broken_is_named_with_what_to_do_and_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite://{}/none.db", folder.path().display());
    let lines = said(&[
        ("auth.secret", "short"),
        ("store.url", &store),
        ("blobs.url", "s3://files?endpoint=http://127.0.0.1:9&region=x"),
        ("blobs.access_key", "key"),
        ("blobs.secret_key", "hunter2-of-blobs"),
        ("blobs.total_ms", "2000"),
        ("blobs.tries", "1"),
        ("mail.url", "smtp://porch:hunter2@127.0.0.1:9"),
        ("net.dns", "127.0.0.1:9"),
        ("files.scan", "clamd://127.0.0.1:9"),
        ("bus.url", "nats://porch:hunter2@127.0.0.1:9"),
        ("public.listen", "127.0.0.1:9"),
    ])
    .await;
    for what in ["configuration", "secrets", "store", "blobs", "mail", "dns", "scanner", "bus"] {
        let line = of(&lines, what);
        assert_eq!(line.verdict, Verdict::Fail, "{line:?}");
        assert!(!line.todo.is_empty() && line.says.ends_with('.'), "{line:?}");
    }
    assert_eq!(of(&lines, "whatsapp").verdict, Verdict::Warn);
    assert_eq!(of(&lines, "public_url").verdict, Verdict::Warn, "nothing runs here");
    let all = serde_json::to_string(&lines).expect("JSON");
    assert!(!all.contains("hunter2"), "{all}");
}

#[tokio::test]
async fn a_configuration_that_cannot_be_read_is_all_there_is_to_say() {
    let lines = examine(Config::load(None, &[("stroe.url", "x")])).await;
    assert_eq!((lines.len(), lines[0].verdict), (1, Verdict::Fail));
}
