//! Files: sent up to one process, looked at by another.

use harness::files;

use crate::stage::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_hears_the_verdict_of_a_worker_elsewhere() {
    let Some(cluster) = Cluster::set().await else { return };
    let (api, worker) = tokio::join!(cluster.node_with("api", &[("FILES__WAIT_MS", "20000")]), cluster.node("worker"));
    let owner = cluster.owner_at(&api).await;
    let file =
        owner.http.upload("/v1/files", ("cat.png", "image/png"), &files::png(40, 30)).await.is(201)["file"].clone();
    assert_eq!(file["state"], "ready", "{file}");
    drop(worker);
    drop(api);
    let hasty = cluster.node_with("api", &[("FILES__WAIT_MS", "300")]).await;
    let owner = cluster.owner_at(&hasty).await;
    let file =
        owner.http.upload("/v1/files", ("dog.png", "image/png"), &files::png(30, 40)).await.is(201)["file"].clone();
    assert_eq!(file["state"], "checking", "no worker is there to look at it: {file}");
    drop(hasty);
    cluster.strike().await;
}
