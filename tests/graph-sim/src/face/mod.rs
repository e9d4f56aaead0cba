//! The client face for tests in Rust: the simulator in the same process, on a port of its own.

mod number;
mod sim;
mod user;

pub use number::Number;
pub use sim::Sim;
pub use user::User;
