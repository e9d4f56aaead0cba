//! Templates: what Meta lets a business say first, checked before it is asked.

mod components;
mod fill;
mod rules;
mod variables;

pub use components::{Button, Component, Template, read};
pub use fill::{Values, fill};
pub use rules::check;
pub use variables::{Style, variables};
