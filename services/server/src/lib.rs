//! The one deployable: configuration, wiring, roles and commands. Tests start the real thing through [`start`].

mod backup;
mod bus_wiring;
mod cli;
mod config;
mod crew;
mod demo;
mod doctor;
mod doors;
mod healthcheck;
mod isolation;
mod listen;
mod observe;
mod parts;
mod restore;
mod roles;
mod running;
mod schema;
mod secret_files;
mod shape;
mod stop;
mod vault;

pub use cli::run;
pub use config::Config;
pub use doctor::{Line, Verdict, examine};
pub use observe::{MEASURES, Measure, Observing, start_into as observe_into};
pub use parts::files;
pub use roles::{Role, Roles};
pub use running::{Running, start};
