//! WhatsApp: the Business Platform's way of speaking, and what follows from it for the inbox.
//!
//! So far the rules that need no network: whether a delivery is Meta's, what it says, under which names people write,
//! how long one may answer.

pub mod alias;
pub mod failure;
pub mod outgoing;
pub mod pace;
pub mod payload;
pub mod signature;
pub mod template;
pub mod window;
