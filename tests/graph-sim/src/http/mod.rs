//! Requests and answers as plain values, so that every rule can be asked without a socket.

mod answer;
mod call;
mod multipart;
mod serve;

pub use answer::Answer;
pub use call::{Call, pairs};
pub use multipart::{Part, parts};
pub(crate) use serve::serve;
