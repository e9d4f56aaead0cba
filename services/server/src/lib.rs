//! The one deployable: configuration, wiring, roles and commands. Tests start the real thing through [`start`].

mod cli;
mod config;
mod demo;
mod doors;
mod listen;
mod parts;
mod running;

pub use cli::run;
pub use config::Config;
pub use parts::files;
pub use running::{Running, start};
