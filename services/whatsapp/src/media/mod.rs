//! Media, both ways. A message never waits for its file: it stands in the inbox first, and the file comes to it later.

mod plan;

pub use plan::fetch_later;
