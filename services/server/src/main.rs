//! `porchlight`: see `cli.rs` for the commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    // the child that looks at files: before any runtime, thread or configuration exists that it would have to give up
    if std::env::args_os().nth(1).is_some_and(|command| command == "inspect") {
        return inspect::child::run();
    }
    serve()
}

#[tokio::main]
async fn serve() -> ExitCode {
    match server::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // one clear line, whatever went wrong
            eprintln!("porchlight: {error:#}");
            ExitCode::FAILURE
        }
    }
}
