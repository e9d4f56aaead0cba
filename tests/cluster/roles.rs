//! Each role alone does its part and refuses the rest.

use harness::Visitor;
use serde_json::json;

use crate::stage::{Cluster, agent_listens, sees, visitor_listens};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_does_its_part_and_sends_the_rest_elsewhere() {
    let Some(cluster) = Cluster::set().await else { return };
    let (api, realtime, worker) = tokio::join!(cluster.node("api"), cluster.node("realtime"), cluster.node("worker"));
    for path in ["/v1/live", "/widget/v1/live", "/v1/live/poll", "/widget/v1/live/poll?wait=1"] {
        let problem = api.doors.http().get(path).await.refused(404, "not_this_role");
        assert!(problem["detail"].as_str().is_some_and(|words| words.contains("proxy")), "{problem}");
        let known = realtime.doors.http().get(path).await;
        assert_ne!(known.body["code"], "not_this_role", "{path} is the part of realtime");
    }
    realtime.doors.http().get("/v1/me").await.refused(404, "not_this_role");
    realtime.doors.http().post("/v1/sessions", json!({})).await.refused(404, "not_this_role");
    let incomplete = api.doors.http().post("/v1/sessions", json!({})).await;
    assert!(incomplete.status == 400 && incomplete.body["code"] != "not_this_role", "the part of api: {incomplete:?}");
    for node in [&api, &realtime, &worker] {
        for path in ["/healthz", "/readyz", "/metrics"] {
            assert_eq!(node.doors.operator_http().get(path).await.status, 200, "{} {path}", node.roles);
        }
    }
    for node in [&api, &realtime] {
        assert_eq!(node.doors.http().get("/readyz").await.status, 200, "{}", node.roles);
    }
    for node in [&realtime, &worker] {
        node.doors.operator_http().get("/operator/v1/system").await.refused(404, "not_this_role");
    }
    let attempt = worker.doors.http().attempt(reqwest::Method::GET, "/healthz", None).await;
    assert!(attempt.is_err(), "a worker has no public listener");
    drop((api, realtime, worker));
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_posted_at_one_api_arrives_at_the_sockets_of_another_realtime() {
    let Some(cluster) = Cluster::set().await else { return };
    let (api_1, api_2, realtime_1, realtime_2) =
        tokio::join!(cluster.node("api"), cluster.node("api"), cluster.node("realtime"), cluster.node("realtime"));
    let owner = cluster.owner_at(&api_1).await;
    let widget = cluster.widget(&owner).await;
    let (mut inbox, _) = agent_listens(&owner, &realtime_2, None).await;
    let mut visitor = Visitor::arrives(&api_2.doors, &widget, None).await;
    let (mut page, _) = visitor_listens(&visitor, &realtime_1).await;
    visitor.says("is this shop open?").await;
    sees(&mut inbox, "is this shop open?").await;
    let mut owner_elsewhere = cluster.owner_at(&api_2).await;
    owner_elsewhere.answers(&visitor, "day and night").await;
    sees(&mut page, "day and night").await;
    drop((api_1, api_2, realtime_1, realtime_2));
    cluster.strike().await;
}
