//! The real binary as many processes on PostgreSQL and NATS. Needs `STORE_URL` and `nats-server`; `cargo xtask test`
//! runs it with the suites on PostgreSQL.

mod broker;
mod node;
mod roles;
mod stage;
