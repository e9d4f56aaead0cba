//! What handlers take: each extractor refuses before the handler runs.

mod agent;
mod bearer;
mod cookie;
mod json;
mod message;
mod operator;
mod peer;
mod query;
mod seat;
mod upload;
mod visitor;

pub use agent::AgentScope;
pub use bearer::bearer;
pub use cookie::{AgentCookie, OperatorCookie, Whose};
pub use json::Json;
pub use message::PathMessage;
pub use operator::OperatorScope;
pub use peer::Peer;
pub use query::{PathId, Query};
pub use upload::Upload;
pub use visitor::VisitorScope;
