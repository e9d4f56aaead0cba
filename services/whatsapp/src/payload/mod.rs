//! What Meta sends, read without trust: by name, never by place; every item for itself; what is not understood is kept.

mod account;
mod content;
mod envelope;
mod look;
mod message;
mod person;
mod phone_app;
mod problem;
mod status;

pub use account::{News, Preference, TemplateName, news};
pub use content::{Card, Content, Location, Media, MediaKind, OrderItem, System};
pub use envelope::{Change, changes};
pub use look::Look;
pub use message::{Inbound, Quote, Referral, message, moment};
pub use person::{Person, person, sender};
pub use phone_app::{History, Known, Past, Thread, echoes, history, known, thread_names};
pub use problem::{Problem, problem, problems};
pub use status::{Reached, Status, status};

#[cfg(test)]
mod tests;
