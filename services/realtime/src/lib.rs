//! Who is connected and who may hear what.

/// Connections of this process.
#[derive(Clone)]
pub struct Hub;
