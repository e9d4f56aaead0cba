//! `porchlight`: see `cli.rs` for the commands.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match server::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // one clear line, whatever went wrong
            eprintln!("porchlight: {error:#}");
            ExitCode::FAILURE
        }
    }
}
