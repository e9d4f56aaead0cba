//! Templates: what Meta lets a business say first, checked before it is asked.
//!
//! The rules (what parts there are, what fits, what is filled in) know no table and no network; [`list`], [`make`],
//! [`news`], [`sample`], [`send`] and [`sync`] keep what Meta has, and use it.

mod components;
mod examples;
mod fill;
pub mod list;
pub mod make;
pub(crate) mod news;
mod rules;
pub mod sample;
pub mod send;
pub mod sync;
mod variables;

pub use components::{Button, Component, Template, parse, read};
pub use examples::examples;
pub use fill::{Values, fill};
pub use rules::check;
pub use variables::{Style, filled, variables};
