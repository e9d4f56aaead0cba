//! What happens to files, in numbers.

use std::time::Duration;

use blobs::Stored;
use kernel::{Error, Kind, Result};

/// An upload ended.
pub fn upload(result: &Result<Stored>) {
    let outcome = match result {
        Ok(stored) => {
            metrics::counter!("porchlight_files_bytes_total", "way" => "in").increment(stored.bytes);
            "stored"
        }
        Err(error) => error.code(),
    };
    metrics::counter!("porchlight_files_uploads_total", "outcome" => outcome).increment(1);
    if let Err(error) = result {
        failure(error);
    }
}

/// A check ended.
pub fn check(verdict: &'static str, took: Duration) {
    metrics::counter!("porchlight_files_checks_total", "verdict" => verdict).increment(1);
    metrics::histogram!("porchlight_files_check_seconds").record(took.as_secs_f64());
}

/// Bytes were asked for.
pub fn served(bytes: u64) {
    metrics::counter!("porchlight_files_bytes_total", "way" => "out").increment(bytes);
}

/// The store did not do what it was asked.
pub fn failure(error: &Error) {
    if error.kind() == Kind::Unavailable {
        metrics::counter!("porchlight_files_store_failures_total").increment(1);
    }
}
