//! Faults that need a machine of their own: a PostgreSQL that may be killed, a disk that may be full, a clock that may
//! jump. They choose their database themselves, so they run once and not once per database.

mod clock;
mod disk;
mod disk_full;
mod flushes;
mod half_open;
mod partition;
mod poison;
mod postgres_killed;
mod power_cut;
mod slow_readers;
mod starved;
