//! The architecture as tests: which way arrows point, who may say which word, which documents are up to date.
//!
//! Blunt on purpose: they read manifests and source text. One that cries wolf twice is deleted.

mod arrows;
mod codes;
mod deploy;
mod source;
mod words;
