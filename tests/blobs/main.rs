//! Bytes under keys, in both kinds of store: one suite for what they promise alike, one for what may happen to an S3
//! store, and one for memory.

mod alike;
mod memory;
mod outages;
mod place;
mod requests;
