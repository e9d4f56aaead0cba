//! How files, conversations and tenants end, and that nothing of them is left.

mod deletion;
mod dump;
mod erasure;
mod gallery;
mod hold;
mod people;
mod retention;
mod sweeps;
mod tenants;
