//! NATS between the processes: a hint that may be lost, late, doubled, forged or away (NATS-01 to 03, REL-05).

mod away;
mod faulty;
mod forged;
mod guarded;
pub mod lossy;
mod refused;
mod spied;
mod talk;
mod typing;
