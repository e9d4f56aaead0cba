//! The `[blobs]` section.

use std::path::PathBuf;

use kernel::{Error, Result, Secret};
use serde::Deserialize;

/// Where bytes are kept. Every key has a default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlobsConfig {
    /// `folder://path` or `s3://bucket/prefix?endpoint=…&region=…&style=path|virtual`.
    pub url: Secret<String>,
    /// Key of an S3 store; empty asks the machine for its own (instance, container, web identity, environment).
    pub access_key: Secret<String>,
    /// The secret that belongs to it.
    pub secret_key: Secret<String>,
    /// What an S3 store is asked to encrypt with: empty, `AES256`, `aws:kms` or `aws:kms:key`.
    pub encryption: String,
    /// Milliseconds for connecting with its TLS handshake.
    pub connect_ms: u64,
    /// Milliseconds one try may take until the store answers; a part of 5 MiB is sent within.
    pub try_ms: u64,
    /// Milliseconds for all tries of one request together.
    pub total_ms: u64,
    /// Milliseconds without a byte after which a reading is broken off.
    pub stall_ms: u64,
    /// How often a request is tried.
    pub tries: u32,
}

impl Default for BlobsConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("folder://data/files".to_owned()),
            access_key: Secret::new(String::new()),
            secret_key: Secret::new(String::new()),
            encryption: String::new(),
            connect_ms: 3_000,
            try_ms: 20_000,
            total_ms: 30_000,
            stall_ms: 10_000,
            tries: 3,
        }
    }
}

/// What the address names.
pub(crate) enum Place {
    Folder(PathBuf),
}

impl BlobsConfig {
    /// Reads the address. The text of an error names keys and never values: they may hold secrets.
    pub(crate) fn place(&self) -> Result<Place> {
        match self.url.reveal().split_once("://") {
            Some(("folder", path)) => folder(path),
            _ => Err(wrong("blobs.url must start with folder:// or s3://")),
        }
    }
}

fn folder(path: &str) -> Result<Place> {
    if path.trim_matches('/').is_empty() {
        return Err(wrong("blobs.url: folder:// needs a path, as in folder:///var/lib/porchlight/files"));
    }
    Ok(Place::Folder(path.into()))
}

/// A configuration nobody can start with.
pub(crate) fn wrong(what: &'static str) -> Error {
    Error::invalid("configuration", what)
}
