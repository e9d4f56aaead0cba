//! The product through its API: one file per slice, and what all routes have in common.

mod contract;
mod document;
mod domains;
mod embed;
mod events;
mod headers;
mod inbox;
mod limits;
mod live;
mod tenancy;
mod world;
