//! What goes wrong, and how it comes to be well again.

use std::time::Duration;

use harness::fault_proxy::{FaultProxy, Wire};
use harness::postgres::Postgres;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tokio::time::{Instant, sleep};

use crate::broker::Broker;
use crate::node::Node;

/// Everything in reach, and the dice that say what befalls it.
pub struct Weather<'a> {
    pub nodes: &'a mut [Node],
    pub broker: &'a mut Broker,
    pub wire: &'a FaultProxy,
    pub postgres: &'a mut Postgres,
    pub dice: StdRng,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Killed(&'static str),
    AllOf(&'static str),
    Anybody,
    Frozen,
    NatsKilled,
    PostgresKilled,
    PostgresStopped,
    WireCut,
    WireDead,
    WireLate,
}

const ALL: [Fault; 12] = [
    Fault::Killed("api"),
    Fault::Killed("realtime"),
    Fault::Killed("worker"),
    Fault::AllOf("api"),
    Fault::Anybody,
    Fault::Frozen,
    Fault::NatsKilled,
    Fault::PostgresKilled,
    Fault::PostgresStopped,
    Fault::WireCut,
    Fault::WireDead,
    Fault::WireLate,
];

impl Weather<'_> {
    /// Rounds of all kinds, each round in another order, until it is time and every kind has come once.
    pub async fn rages(mut self, until: Instant) -> Vec<&'static str> {
        let mut came = Vec::new();
        loop {
            let mut round = ALL;
            round.shuffle(&mut self.dice);
            for fault in round {
                if Instant::now() > until && came.len() >= ALL.len() {
                    return came;
                }
                // some traffic between two faults, so that there is something to lose
                self.pause(300..1_200).await;
                came.push(self.befalls(fault).await);
            }
        }
    }

    async fn befalls(&mut self, fault: Fault) -> &'static str {
        match fault {
            Fault::Killed(role) => self.one_is_killed(role).await,
            Fault::AllOf(role) => self.all_are_killed(role).await,
            Fault::Anybody => self.two_are_killed().await,
            Fault::Frozen => self.one_is_frozen().await,
            Fault::NatsKilled => self.nats_is_killed().await,
            Fault::PostgresKilled => {
                self.postgres.kill();
                self.postgres_comes_back("PostgreSQL killed").await
            }
            Fault::PostgresStopped => {
                self.postgres.stop_at_once();
                self.postgres_comes_back("PostgreSQL stopped at once").await
            }
            Fault::WireCut => {
                self.wire.cut();
                "connections to PostgreSQL reset"
            }
            Fault::WireDead => self.wire_is(Wire::Blackhole, "PostgreSQL behind a black hole").await,
            Fault::WireLate => self.wire_is(Wire::Late(Duration::from_millis(100)), "PostgreSQL 100 ms away").await,
        }
    }

    async fn one_is_killed(&mut self, role: &'static str) -> &'static str {
        let which = self.dice.random_range(0..2);
        let node = self.nodes.iter_mut().filter(|node| node.roles == role).nth(which).expect("two of each");
        node.kill();
        sleep(Duration::from_millis(self.dice.random_range(0..1_500))).await;
        node.start_again().await;
        match role {
            "api" => "an api killed",
            "realtime" => "a realtime killed",
            _ => "a worker killed",
        }
    }

    async fn all_are_killed(&mut self, role: &str) -> &'static str {
        for node in self.nodes.iter_mut().filter(|node| node.roles == role) {
            node.kill();
        }
        self.pause(0..500).await;
        for node in self.nodes.iter_mut().filter(|node| node.roles == role) {
            node.start_again().await;
        }
        "all api killed"
    }

    async fn two_are_killed(&mut self) -> &'static str {
        self.nodes.shuffle(&mut self.dice);
        self.nodes[0].kill();
        self.pause(0..400).await;
        self.nodes[1].kill();
        self.pause(0..1_000).await;
        self.nodes[1].start_again().await;
        self.nodes[0].start_again().await;
        "two of any role killed"
    }

    /// It wakes up and believes that no time has passed; what it held may be somebody else's by then.
    async fn one_is_frozen(&mut self) -> &'static str {
        let which = self.dice.random_range(0..self.nodes.len());
        self.nodes[which].signal("STOP");
        self.pause(500..4_000).await;
        self.nodes[which].signal("CONT");
        "a process frozen"
    }

    async fn nats_is_killed(&mut self) -> &'static str {
        self.broker.kill();
        self.pause(300..2_500).await;
        self.broker.start_again().await;
        "NATS killed"
    }

    async fn postgres_comes_back(&mut self, what: &'static str) -> &'static str {
        self.pause(0..1_500).await;
        self.postgres.start().await;
        what
    }

    async fn wire_is(&mut self, wire: Wire, what: &'static str) -> &'static str {
        self.wire.set(wire);
        self.pause(500..3_000).await;
        self.wire.set(Wire::Clear);
        what
    }

    async fn pause(&mut self, milliseconds: std::ops::Range<u64>) {
        sleep(Duration::from_millis(self.dice.random_range(milliseconds))).await;
    }
}
