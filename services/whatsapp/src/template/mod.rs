//! Templates: what Meta lets a business say first, checked before it is asked.

mod components;
mod examples;
mod fill;
mod rules;
mod variables;

pub use components::{Button, Component, Template, parse, read};
pub use examples::examples;
pub use fill::{Values, fill};
pub use rules::check;
pub use variables::{Style, filled, variables};
