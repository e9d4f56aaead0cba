//! One self-test per documented rule.

mod ear;
mod slice;
