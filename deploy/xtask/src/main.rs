//! The commands of the repository: `run`, `web`, `docs` and `test`. Needs nothing but std, so it builds in a second.
//!
//! The checkout is asked for when it runs, never baked in: a shared target folder must not make one checkout's
//! command work on another's tree.

mod docs;
mod hash;
mod longest;
mod process;
mod run;
mod test;
mod tree;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run  [--release] [--fresh] [ARG…]   build the bundles and the server, start the demo
cargo xtask web  [--fresh]                      build the browser bundles
cargo xtask docs                                write the generated files in docs/ and the types made from them
cargo xtask test [--long] [PART…]               everything, or some of: format web lint rust house browser chaos";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((command, rest)) if command == "run" => run::run(rest),
        Some((command, rest)) if command == "web" => web::command(rest),
        Some((command, _)) if command == "docs" => docs::write(),
        Some((command, rest)) if command == "test" => test::run(rest),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
