//! REL-08: one conversation, ten writers, three processes, one order.

use harness::{Visitor, client_id};
use serde_json::{Value, json};

use crate::stage::{Cluster, agent_listens};

const WRITERS: usize = 10;
const EACH: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_08_ten_writers_at_three_processes_make_one_order_that_all_hear() {
    let Some(cluster) = Cluster::set().await else { return };
    let nodes = [cluster.node("api,realtime").await, cluster.node("api,realtime").await, cluster.node("all").await];
    let owner = cluster.owner_at(&nodes[0]).await;
    let widget = cluster.widget(&owner).await;
    let mut visitor = Visitor::arrives(&nodes[1].doors, &widget, None).await;
    visitor.says("the first words").await;
    let path = format!("/v1/conversations/{}/messages", visitor.conversation());
    let mut ears = Vec::new();
    for node in &nodes {
        ears.push(agent_listens(&cluster.owner_at(node).await, node, None).await.0);
    }
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..WRITERS {
        let (http, path) = (cluster.owner_at(&nodes[number % nodes.len()]).await.http, path.clone());
        writers.spawn(async move {
            for word in 0..EACH {
                let body = json!({ "client_id": client_id(), "body": format!("writer {number}, word {word}") });
                http.post(&path, body).await.is(201);
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.expect("nobody failed");
    }
    let there = owner.reads(visitor.conversation()).await;
    let dense: Vec<_> = (1..).take(1 + WRITERS * EACH).collect();
    assert_eq!(there.iter().filter_map(|message| message["seq"].as_i64()).collect::<Vec<_>>(), dense);
    let ids = |messages: &[Value]| messages.iter().map(|message| message["id"].clone()).collect::<Vec<_>>();
    for (live, node) in ears.iter_mut().zip(&nodes) {
        let mut heard = Vec::new();
        while heard.len() < WRITERS * EACH {
            heard.push(live.sees("message_posted").await["message"].clone());
        }
        assert_eq!(ids(&heard), ids(&there[1..]), "what {} told", node.roles);
    }
    drop(nodes);
    cluster.strike().await;
}
