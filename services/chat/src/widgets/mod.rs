//! Chat widgets: settings and words, the snippet a site pastes, and where a widget was seen.
//!
//! Promises: a deleted or inactive widget answers nobody; settings are checked when written, so what is stored can be
//! shown; sightings count page loads per origin and know nothing of visitors.

mod change;
mod find;
mod settings;
mod sightings;
mod snippet;
mod tables;

pub use change::{NewWidget, WidgetChange, create, delete, update};
pub use find::{Live, list, live, show};
pub use sightings::{Sighting, Tally, seen};
pub use snippet::snippet;

use store::Handler;

use crate::Ctx;

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    Vec::new()
}
