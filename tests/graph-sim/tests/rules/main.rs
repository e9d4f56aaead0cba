//! One self-test per documented rule.

mod access;
mod clock;
mod ear;
mod faults;
mod files;
mod hooks;
mod kinds;
mod people;
mod sending;
mod shapes;
mod slice;
mod states;
mod vectors;
