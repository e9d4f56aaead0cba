//! The data plane: `graph.facebook.com` and the media host, as far as WhatsApp goes.

mod account;
mod bearer;
mod blocks;
mod callbacks;
mod catalogue;
mod coexistence;
mod error;
mod fields;
mod files;
mod media;
mod messages;
mod numbers;
mod oauth;
mod profile;
mod registration;
mod route;
mod serve;
mod subscriptions;
mod templates;
mod uploads;

pub use catalogue::{CODES, http, title};
pub use error::{GraphError, pushed};
pub use media::{allowed, hash, link};
pub use serve::serve;

use crate::http::Answer;

/// What an endpoint answers.
pub(crate) type Answered = Result<Answer, GraphError>;
