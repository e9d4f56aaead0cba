//! Numbers: what the tenant decides about them, and everything Meta lets a business do with one.

mod code;
mod look;
mod registration;
mod resume;
mod settings;

pub use crate::account::numbers_of as list;
pub use code::{Method, request_code, verify_code};
pub use look::refresh;
pub(crate) use look::{Reach, reach, refresh_all};
pub use registration::{change_pin, deregister, register};
pub(crate) use registration::{checked_pin, register_as};
pub(crate) use resume::disconnected;
pub use resume::resume;
pub use settings::{Change, change};
