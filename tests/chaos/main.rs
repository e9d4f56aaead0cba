//! What the product promises when things go wrong: the real binary as a child, killed, stopped and pestered.
//!
//! Slow on purpose and so left out of the ordinary run: `cargo xtask test chaos`. `CHAOS_SECONDS` says how long the
//! server is killed again and again, `CHAOS_CLIENTS` how many people write meanwhile.

mod acks;
mod check;
mod child;
mod drained;
mod killed;
mod load;
mod once;
mod ordered;
mod repeated;
mod replayed;
mod resumed;
mod seed;
mod stage;
mod store_away;
mod uploads;
mod whatsapp_in;
mod whatsapp_out;
