//! The product through its API: one file per slice, and what all routes have in common.

mod contract;
mod document;
mod domains;
mod embed;
mod events;
mod files;
mod files_life;
mod headers;
mod identity;
mod inbox;
mod jwt;
mod limits;
mod live;
mod operator;
mod search;
mod tenancy;
mod world;
