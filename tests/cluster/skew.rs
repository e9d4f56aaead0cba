//! Two releases side by side: what a later one leaves is not lost by an earlier one, and harms nobody.

use harness::Visitor;
use kernel::{Clock, TenantId};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use store::{Handler, Leave, NewJob, Outcome, Runner, Whose};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, sleep};

use crate::stage::{Cluster, agent_listens, sees};
use crate::takeover::count;

const WAITING: &str = "select count(*) from job where kind = 'moon.landing' and gave_up_at is null and attempts = 0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_of_a_later_release_waits_for_a_worker_that_knows_it() {
    let Some(cluster) = Cluster::set().await else { return };
    let (api, worker) = tokio::join!(cluster.node("api"), cluster.node("worker"));
    let behind = cluster.behind().await;
    let (kind, tenant, run_at) = ("moon.landing", None, Clock::System.now());
    let mut unit = behind.ctx.db.write(Whose::Platform).await.expect("a unit");
    unit.enqueue(NewJob { kind, tenant, payload: json!({ "new": ["members"] }), run_at, unique_key: None });
    unit.commit().await.expect("committed");
    let owner = cluster.owner_at(&api).await;
    let body = json!({ "email": "later@acme.example.com", "role": "agent", "name": "Later" });
    owner.http.post("/v1/invitations", body).await.is(201);
    let (mail, began) = (cluster.folder().join("mail"), Instant::now());
    while std::fs::read_dir(&mail).map(|all| all.count()).unwrap_or(0) == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "the worker passes over what it does not know");
        // workers tell nobody when a letter went, so it is looked for
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(count(&cluster, WAITING).await, 1, "it was there before the letter, and waits");
    let landing: Handler<()> = |(), _| Box::pin(async { Ok(Outcome::Done) });
    let (_leave, leaving) = Leave::new();
    let later = tokio::spawn(Runner::new(behind.ctx.db.clone(), (), vec![("moon.landing", landing)]).run(leaving));
    let began = Instant::now();
    while count(&cluster, WAITING).await > 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "a worker that knows it takes it");
        sleep(Duration::from_millis(50)).await;
    }
    later.abort();
    behind.stop().await;
    drop((api, worker));
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_and_words_of_a_later_release_pass_an_earlier_process_in_order() {
    let Some(cluster) = Cluster::set().await else { return };
    let (api, realtime) = tokio::join!(cluster.node("api"), cluster.node("realtime"));
    let owner = cluster.owner_at(&api).await;
    let widget = cluster.widget(&owner).await;
    let (mut inbox, _) = agent_listens(&owner, &realtime, None).await;
    strange_words(cluster.broker.port()).await;
    let mut visitor = Visitor::arrives(&api.doors, &widget, None).await;
    visitor.says("before").await;
    sees(&mut inbox, "before").await;
    // a type nobody knows, and a type that the hub acts on with members nobody knows
    emit(&cluster, json!({ "type": "message_sparkled", "glitter": 3 })).await;
    emit(&cluster, json!({ "type": "widget_changed", "widget": { "id": 7 }, "mood": "odd" })).await;
    visitor.says("after").await;
    let strange = inbox.sees("message_sparkled").await;
    assert_eq!(strange["glitter"], 3, "what is not known is handed on as it is: {strange}");
    sees(&mut inbox, "after").await;
    let start = strange["position"].as_str().expect("every event has a position").to_owned();
    let (mut again, welcome) = agent_listens(&owner, &realtime, Some(&start)).await;
    assert_eq!(welcome["resumed"], true);
    sees(&mut again, "after").await;
    drop((api, realtime));
    cluster.strike().await;
}

/// Commits an event as another release would: numbered like any other.
async fn emit(cluster: &Cluster, body: serde_json::Value) {
    let conn = sea_orm::Database::connect(&cluster.store_url).await.expect("the database");
    let tenant = "select id::text from tenant limit 1";
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, tenant)).await.expect("an answer");
    let tenant: String = row.expect("a tenant").try_get_by_index(0).expect("an id");
    let uuid: uuid::Uuid = tenant.parse().expect("an id");
    let (_, low) = TenantId::from_uuid(uuid).uuid().as_u64_pair();
    let text = format!(
        "with place as (update outbox_shard set head = head + 1 where shard = {low} % (select count(*) from outbox_shard) returning shard, head) \
         insert into outbox (shard, n, tenant_id, audience, body, at) \
         select shard, head, '{tenant}', (select min(audience) from outbox where tenant_id = '{tenant}' and contact_id is null), '{body}', 1795600800000 from place"
    );
    conn.execute_unprepared(&text).await.expect("emitted");
    conn.close().await.expect("closed");
}

/// What no release of ours says: subjects and bytes that an earlier process must take for nothing.
async fn strange_words(port: u16) {
    let mut wire = TcpStream::connect(("127.0.0.1", port)).await.expect("the broker");
    let mut said = String::from("CONNECT {\"verbose\":false}\r\n");
    for (subject, words) in [
        ("porchlight.hint.0", "many"),
        ("porchlight.hint.70000", "5"),
        ("porchlight.hint.0", "9223372036854775807"),
        ("porchlight.signal.0", "{\"v\":9}"),
        ("porchlight.note.of-tomorrow", "?"),
        ("porchlight.jobs", "{\"more\":\"members\"}"),
    ] {
        said += &format!("PUB {subject} {}\r\n{words}\r\n", words.len());
    }
    wire.write_all(format!("{said}PING\r\n").as_bytes()).await.expect("said");
}
