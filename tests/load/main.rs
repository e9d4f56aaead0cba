//! `load`: a load generator that measures the product beside the limits of the machine it runs on.
//!
//! Promises: it is open-loop where it measures latency (a message's time counts from when it should have been sent),
//! bounded in count and time, speaks to loopback only, stops by itself, prints how much CPU it took itself, and counts
//! what was lost, doubled or out of order while it loads. A run with such a count ends with a failure.
//!
//! `cargo run -p porchlight-tests --bin load -- w1|w2|w4|w6|files|whatsapp|limits|all [--engine sqlite|postgres|both] [--seconds N]
//! [--flight 256,1000] [--sockets N] [--full] [--kills] [--cluster] [--release-binary PATH]
//! [--data FOLDER]`; and `-- scale`, which measures nothing and computes what many machines would do

mod chat;
mod check;
mod client;
mod figures;
mod files;
mod idle;
mod limits;
mod lists;
mod machine;
mod options;
mod people;
mod pile;
mod postgres;
mod product;
mod scale;
mod socket;
mod store_at;
mod storm;
mod whatsapp;

use anyhow::Result;

use options::{Options, Work};
use store_at::StoreAt;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, port] = arguments.as_slice()
        && word == "echo"
    {
        return limits::echo(port.parse()?);
    }
    if arguments == ["bucket"] {
        return files::serve_bucket();
    }
    if let [word, asked @ ..] = arguments.as_slice()
        && word == "scale"
    {
        return scale::run(asked);
    }
    let options = Options::parse(&arguments)?;
    // one thread: what the generator takes is easy to see and to take off
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, run(&options))
}

async fn run(options: &Options) -> Result<()> {
    println!("{}", machine::description(&options.binary)?);
    for engine in &options.engines {
        for work in &options.works {
            let store = StoreAt::start(*engine, &options.data)?;
            println!("\n## {} on {}; load average {}", work.title(), engine.name(), machine::load_average());
            match work {
                Work::Limits => limits::print(&store).await?,
                Work::Chat => chat::measure(options, &store).await?,
                Work::Idle => idle::measure(options, &store).await?,
                Work::Lists => lists::measure(options, &store).await?,
                Work::Storm => storm::measure(options, &store).await?,
                Work::Files => files::measure(options, &store).await?,
                Work::Whatsapp => whatsapp::measure(options, &store).await?,
            }
        }
    }
    Ok(())
}
