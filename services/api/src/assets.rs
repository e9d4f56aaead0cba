//! Browser bundles, embedded in the binary.

use actix_web::web;

/// Dashboard, loader and frame assets.
pub fn public(_config: &mut web::ServiceConfig) {}

/// Operator console.
pub fn operator(_config: &mut web::ServiceConfig) {}
