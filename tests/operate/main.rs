//! What keeps data when the machine is lost: backups, restores, keys, changes of the schema. The real binary does all of
//! it beside a server that runs. `STORE_URL` chooses the engine as everywhere.

mod drill;
mod pages;
mod place;
mod schema;
mod secrets;
mod snap;
