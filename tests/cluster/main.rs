//! The real binary as many processes on PostgreSQL and NATS. Needs `STORE_URL` and `nats-server`; `cargo xtask test`
//! runs it with the suites on PostgreSQL.

mod broker;
mod chaos;
mod front;
mod leaving;
mod nats;
mod node;
mod noisy;
mod order;
mod owned;
mod pooled;
mod proxied;
mod replica;
mod roles;
mod rolling;
mod shared;
mod skew;
mod stage;
mod takeover;
mod uploads;
mod wall;
