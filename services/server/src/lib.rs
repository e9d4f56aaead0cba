//! The one deployable: configuration, wiring, roles and commands. Tests start the real thing through [`start`].

mod bus_wiring;
mod cli;
mod config;
mod crew;
mod demo;
mod doors;
mod listen;
mod measures;
mod parts;
mod roles;
mod running;
mod shape;
mod stop;

pub use cli::run;
pub use config::Config;
pub use roles::{Role, Roles};
pub use parts::files;
pub use running::{Running, start};
