//! The real binary as many processes on PostgreSQL and NATS. Needs `STORE_URL` and `nats-server`; `cargo xtask test`
//! runs it with the suites on PostgreSQL.

mod broker;
mod front;
mod leaving;
mod nats;
mod node;
mod order;
mod owned;
mod proxied;
mod roles;
mod rolling;
mod skew;
mod stage;
mod takeover;
mod uploads;
mod wall;
