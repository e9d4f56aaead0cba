//! The simulator as a program: `graph-sim [--listen 127.0.0.1:8085] [--seed 1] [--callback URL] [--rate 1] [--now MS]
//! [--until stdin]`. With the last it ends with its input, and so with whoever started it.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use graph_sim::switch::ledger;
use graph_sim::{Setup, Sim};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("graph-sim: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let options = Options::read(std::env::args().skip(1))?;
    let sim = Sim::with(&options.setup, &options.listen).await.map_err(|error| error.to_string())?;
    if let Some(callback) = &options.callback {
        sim.calls_back(callback);
    }
    println!("graph-sim listens on {}   phone: {0}/_sim/phone", sim.base());
    if options.child {
        // whoever started us reads one line and is gone from the other end of the pipe
        return ended().await;
    }
    println!("app {}  account {}  number {}  token {}", Setup::APP, Setup::WABA, Setup::NUMBER, Setup::TOKEN);
    println!("Ledger of assumptions (PUT /_sim/switches):");
    for row in sim.world(|world| ledger(&world.switches)) {
        println!("  {:24} {:18} {}", text(&row["switch"]), row["now"].to_string(), text(&row["topic"]));
    }
    tokio::signal::ctrl_c().await.map_err(|error| error.to_string())
}

/// The input came to its end, or Ctrl-C was pressed.
async fn ended() -> Result<(), String> {
    let (done, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = done.send(());
    });
    tokio::select! {
        _ = end => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed.map_err(|error| error.to_string()),
    }
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default()
}

struct Options {
    setup: Setup,
    listen: String,
    callback: Option<String>,
    /// Ends with its input.
    child: bool,
}

impl Options {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
        let setup = Setup { now: since.as_millis() as i64, rate: 1.0, ..Setup::default() };
        let mut options = Self { setup, listen: "127.0.0.1:8085".to_owned(), callback: None, child: false };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            let wrong = |_| format!("{word} {value} is no number");
            match word.as_str() {
                "--listen" => options.listen = value,
                "--until" if value == "stdin" => options.child = true,
                "--callback" => options.callback = Some(value),
                "--seed" => options.setup.seed = value.parse().map_err(wrong)?,
                "--now" => options.setup.now = value.parse().map_err(wrong)?,
                "--rate" => options.setup.rate = value.parse().map_err(|_| format!("--rate {value} is no number"))?,
                _ => return Err(format!("there is no option {word}")),
            }
        }
        Ok(options)
    }
}
