//! People who talk across two processes, and the time it takes.

use std::time::Duration;

use harness::{Agent, Live, Visitor};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::node::Node;
use crate::stage::{Cluster, agent_listens, visitor_listens};

/// Two processes with all roles, an owner who listens at the one, and a visitor who is connected to the other.
pub struct Talk {
    pub near: Node,
    pub far: Node,
    pub owner: Agent,
    pub inbox: Live,
    pub visitor: Visitor,
    pub page: Live,
    said: u64,
    /// The number each socket told of last: the owner's, the visitor's.
    told: [u64; 2],
}

/// Nothing that was acknowledged may come later, NATS or not.
pub const LATEST: Duration = Duration::from_secs(2);

impl Talk {
    /// `near` and `far` are where each process finds the broker.
    pub async fn begins(cluster: &Cluster, near: &str, far: &str) -> Self {
        let near = [("BUS__URL", near)];
        let far = [("BUS__URL", far)];
        let (near, far) = tokio::join!(cluster.node_with("all", &near), cluster.node_with("all", &far));
        let owner = cluster.owner_at(&near).await;
        let widget = cluster.widget(&owner).await;
        let (mut inbox, _) = agent_listens(&owner, &near, None).await;
        let mut visitor = Visitor::arrives(&far.doors, &widget, None).await;
        let (page, _) = visitor_listens(&visitor, &far).await;
        visitor.says("hello from afar").await;
        crate::stage::sees(&mut inbox, "hello from afar").await;
        Self { near, far, owner, inbox, visitor, page, said: 0, told: [0; 2] }
    }

    /// The visitor says something at the far process; gives how long after the answer the near one told of it.
    pub async fn there(&mut self) -> Duration {
        let words = self.words();
        self.visitor.says(&words).await;
        let answered = Instant::now();
        tell(&mut self.inbox, &mut self.told[0], self.said).await;
        answered.elapsed()
    }

    /// The owner answers at the near process; gives how long after that the far one told the visitor.
    pub async fn back(&mut self) -> Duration {
        let words = self.words();
        self.owner.answers(&self.visitor, &words).await;
        let answered = Instant::now();
        tell(&mut self.page, &mut self.told[1], self.said).await;
        answered.elapsed()
    }

    /// So many messages each way; gives each one's time, shortest first.
    pub async fn times(&mut self, rounds: usize) -> Vec<Duration> {
        let mut times = Vec::with_capacity(rounds * 2);
        for _ in 0..rounds {
            times.push(self.there().await);
            times.push(self.back().await);
        }
        times.sort();
        times
    }

    /// What both sockets told of is what the database has: nothing lost, nothing twice, in order.
    pub async fn is_whole(&mut self) {
        let conversation = self.visitor.conversation().to_owned();
        let stored = self.owner.reads(&conversation).await;
        let seqs: Vec<_> = stored.iter().map(|message| message["seq"].as_i64().expect("a seq")).collect();
        assert_eq!(seqs, (1..=i64::try_from(seqs.len()).expect("few")).collect::<Vec<_>>(), "dense");
        assert_eq!(stored.len() as u64, self.said + 1);
        for (live, told) in [&mut self.inbox, &mut self.page].into_iter().zip(&mut self.told) {
            if *told < self.said {
                tell(live, told, self.said).await;
            }
            let more = live.settled().await.into_iter().filter(|frame| number(frame).is_some()).collect::<Vec<_>>();
            assert!(more.is_empty(), "told twice: {more:?}");
        }
    }

    /// The owner types at the near process.
    pub async fn types(&mut self) {
        let conversation = self.visitor.conversation().to_owned();
        self.inbox.send(json!({ "type": "typing", "conversation_id": conversation, "on": true })).await;
    }

    fn words(&mut self) -> String {
        self.said += 1;
        format!("number {}", self.said)
    }
}

/// Waits until a socket has told of every number up to this: each once, none passed over, in order.
async fn tell(live: &mut Live, told: &mut u64, upto: u64) {
    while *told < upto {
        let frame = live.expect(|frame| number(frame).is_some()).await;
        *told += 1;
        assert_eq!(number(&frame), Some(*told), "in order, none lost, none twice");
    }
}

fn number(frame: &Value) -> Option<u64> {
    let body = frame["message"]["body"].as_str().filter(|_| frame["type"] == "message_posted");
    body.and_then(|body| body.strip_prefix("number ")?.parse().ok())
}

/// The time so many of a hundred stay below.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// Prints what was measured, with how.
pub fn print(what: &str, times: &[Duration]) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!(
        "{what}: answer → socket of the other process, n={}, p50 {:?}, p99 {:?}, most {:?} ({build}, load {})",
        times.len(),
        percentile(times, 50),
        percentile(times, 99),
        times[times.len() - 1],
        load.split(' ').next().unwrap_or_default(),
    );
}
