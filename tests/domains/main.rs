//! Claims, proofs, the life of a claim and the gate, against real servers and with a clock that is moved. Names carry
//! the ids of the list in `docs/SECURITY.md`.

mod by_dns;
mod by_file;
mod life;
mod world;
