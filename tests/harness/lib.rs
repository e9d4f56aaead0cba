//! What the tests stand on: the real server in this process, people who use it, and the strangers it meets.
//!
//! Tests arrange with people, act through the API and wait for events; nothing here sleeps. The database is SQLite,
//! or PostgreSQL when `STORE_URL` names a server: every [`TestApp`] gets its own, copied from a migrated template.

mod app;
mod binary;
mod database;
mod effects;
pub mod fakes;
pub mod fault_proxy;
pub mod files;
pub mod files_check;
pub mod history;
mod http;
mod live;
mod mails;
mod people;
pub mod postgres;
pub mod reduce;
mod visitor;
pub mod whatsapp;

pub use app::TestApp;
pub use binary::binary;
pub use database::Engine;
pub use effects::Effects;
pub use http::{Answer, Doors, Http};
pub use live::{Live, PATIENCE};
pub use mails::Mail;
pub use people::{Agent, Operator, PASSWORD, Tenant, Widget, client_id, found};
pub use visitor::Visitor;
