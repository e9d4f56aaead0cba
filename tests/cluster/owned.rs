//! Processes whose log-in owns nothing: the owner of the tables is asked for by `porchlight migrate` alone.

use harness::Agent;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use store::{Db, StoreConfig};

use crate::stage::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_serves_with_a_log_in_that_owns_nothing_and_never_hears_of_the_owner() {
    let Some(cluster) = Cluster::set().await else { return };
    let owner = Db::connect(&StoreConfig::at(&cluster.store_url, 1)).await.expect("the owner's connection");
    let login = format!("app_{}", std::process::id());
    run(&owner, &format!("create role {login} login")).await;
    run(&owner, &format!("grant porchlight_tenant, porchlight_platform to {login}")).await;
    let url = cluster.store_url.replacen("//porchlight@", &format!("//{login}@"), 1);
    assert_ne!(url, cluster.store_url, "STORE_URL names another user than these tests expect");
    let node = cluster.node_with("api,worker", &[("STORE__URL", &url), ("STORE__MIGRATE_ON_START", "false")]).await;
    let person = Agent::signs_in(&node.doors, &cluster.owner).await;
    cluster.widget(&person).await;
    drop(node);
    cluster.strike().await;
    // the database is gone, and with it what the role was given there; the connection was to it
    let server = Db::connect(&StoreConfig::at(harness_url(), 1)).await.expect("the server");
    run(&server, &format!("drop role {login}")).await;
}

fn harness_url() -> String {
    std::env::var("STORE_URL").unwrap_or_default()
}

async fn run(conn: &DatabaseConnection, statement: &str) {
    conn.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}
