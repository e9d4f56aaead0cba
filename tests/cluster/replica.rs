//! A copy of the database: read from while it keeps up, left alone when it does not, behind the same wall.

use std::time::Duration;

use harness::postgres::Postgres;
use harness::{Engine, Visitor};
use kernel::{Clock, TenantId};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::{Conn, Db, StoreConfig};
use tokio::time::{Instant, sleep};

use crate::stage::Cluster;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_read_from_while_it_keeps_up_and_left_alone_when_it_does_not() {
    if !matches!(Engine::chosen(), Engine::Postgres(_)) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let original = Postgres::make(folder.path()).await;
    let cluster = Cluster::on(Engine::Postgres(original.url()), &[]).await;
    let mut copy = original.copied(folder.path()).await;
    let name = cluster.store_url.rsplit('/').next().expect("a name");
    let copy_url = format!("postgres://porchlight@127.0.0.1:{}/{name}", copy.port());
    let at_copy = sea_orm::Database::connect(&copy_url).await.expect("the copy");

    // people's lists come from there
    let node = cluster.node_with("all", &[("STORE__REPLICA_URL", &copy_url)]).await;
    let owner = cluster.owner_at(&node).await;
    let widget = cluster.widget(&owner).await;
    let mut visitor = Visitor::arrives(&node.doors, &widget, None).await;
    visitor.says("a rare word: quokka").await;
    let gallery = format!("/v1/conversations/{}/files", visitor.conversation());
    for (path, table) in [("/v1/contacts", "contact"), ("/v1/search?q=quokka", "search_entry"), (&gallery, "file")] {
        let before = looked_at(&at_copy, table).await;
        let began = Instant::now();
        while looked_at(&at_copy, table).await == before {
            assert!(began.elapsed() < PATIENCE, "{path} is not read from the copy");
            owner.http.get(path).await.ok();
            // a server counts its looks about once a second
            sleep(Duration::from_millis(50)).await;
        }
    }
    drop(node);

    let config = StoreConfig { replica_url: copy_url.clone(), ..StoreConfig::at(&cluster.store_url, 6) };
    let db = Db::open(&config, Clock::System).await.expect("the database");
    let original_db = sea_orm::Database::connect(&cluster.store_url).await.expect("the original");
    comes_from(&db, true).await;
    run(&at_copy, "select pg_wal_replay_pause()").await;
    run(&original_db, "create table something_new (n integer)").await;
    comes_from(&db, false).await;
    run(&at_copy, "select pg_wal_replay_resume()").await;
    comes_from(&db, true).await;
    // it answers, and nobody sends it anything: how old it is it cannot know
    run(&at_copy, "alter system set primary_conninfo = ''").await;
    run(&at_copy, "select pg_reload_conf()").await;
    comes_from(&db, false).await;
    run(&at_copy, "alter system reset primary_conninfo").await;
    copy.stop_at_once();
    comes_from(&db, false).await;
    drop((db, original_db, at_copy));
    cluster.strike().await;
}

/// Waits until what may be a moment old comes from the copy, or from the original; as a tenant in either case, while what
/// must be fresh always comes from the original.
async fn comes_from(db: &Db, copy: bool) {
    let tenant = TenantId::new(&Clock::System);
    let began = Instant::now();
    loop {
        assert_eq!(asked(&db.read(tenant)).await, Some((false, "porchlight_tenant".to_owned())));
        match asked(&db.read_lately(tenant)).await {
            Some((from, who)) => {
                assert_eq!(who, "porchlight_tenant");
                if from == copy {
                    return;
                }
            }
            // a copy that has just gone is asked in vain for a moment
            None => assert!(!copy),
        }
        assert!(began.elapsed() < PATIENCE, "it should come from the copy: {copy}; lag {:?}", db.replica_lag());
        sleep(Duration::from_millis(50)).await;
    }
}

async fn asked(conn: &impl Conn) -> Option<(bool, String)> {
    let text = "select pg_is_in_recovery(), cast(current_user as text)";
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await.ok()??;
    Some((row.try_get_by_index(0).expect("a bool"), row.try_get_by_index(1).expect("a name")))
}

/// How often anybody looked into a table.
async fn looked_at(conn: &impl ConnectionTrait, table: &str) -> i64 {
    let text = format!(
        "select cast(coalesce(sum(coalesce(idx_scan, 0) + coalesce(seq_scan, 0)), 0) as bigint) \
         from pg_stat_user_tables where relname = '{table}'"
    );
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await.expect("an answer");
    row.expect("a row").try_get_by_index(0).expect("a number")
}

async fn run(conn: &impl ConnectionTrait, statement: &str) {
    conn.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}
