//! Scale on paper: where tenants live, what storms do, what it takes. Pure arithmetic and seeded chance in one process;
//! no network, no clock, the same output on every machine. `docs/scale.md` is written from what this prints.
//!
//! `load scale [placement|storm|model|all] [--seed N] [--tenants N] [--cells N] [--sockets N] [--processes N]`

mod chance;
mod constants;
mod model;
mod placement;
mod storm;

use anyhow::{Context, Result, bail};

use constants::Constants;
use storm::plan::Cell;

/// What to print, for what sizes.
struct Asked {
    what: Vec<String>,
    seed: u64,
    tenants: usize,
    cells: Option<usize>,
    /// Of one cell; what the model says, unless said otherwise.
    sockets: Option<usize>,
    processes: Option<usize>,
}

const USAGE: &str =
    "load scale [placement|storm|model|all] [--seed N] [--tenants N] [--cells N] [--sockets N] [--processes N]";

/// Prints what is asked for.
pub fn run(arguments: &[String]) -> Result<()> {
    let asked = Asked::parse(arguments)?;
    let product = Constants::read()?;
    let full = model::full_cell(&product);
    let cells = asked.cells.unwrap_or(full.cells as usize);
    if asked.wants("model") {
        model::print(&product);
    }
    if asked.wants("placement") {
        placement::print(asked.tenants, cells, asked.seed);
    }
    if asked.wants("storm") {
        let (processes, sockets) = (asked.processes.unwrap_or(full.realtime as usize), full.load.sockets as usize);
        storm::print(Cell::of(processes, asked.sockets.unwrap_or(sockets)), cells, &product, asked.seed);
    }
    Ok(())
}

impl Asked {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut asked =
            Self { what: Vec::new(), seed: 1, tenants: 100_000, cells: None, sockets: None, processes: None };
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let mut number =
                || rest.next().and_then(|text| text.parse::<u64>().ok()).with_context(|| format!("{word}: {USAGE}"));
            match word.as_str() {
                "placement" | "storm" | "model" | "all" => asked.what.push(word.clone()),
                "--seed" => asked.seed = number()?,
                "--tenants" => asked.tenants = number()?.clamp(100, 1_000_000) as usize,
                "--cells" => asked.cells = Some(number()?.clamp(2, 1_000) as usize),
                "--sockets" => asked.sockets = Some(number()?.clamp(100, 1_000_000) as usize),
                "--processes" => asked.processes = Some(number()?.clamp(2, 100) as usize),
                other => bail!("{other} is not known here; {USAGE}"),
            }
        }
        if asked.what.is_empty() {
            asked.what.push("all".to_owned());
        }
        Ok(asked)
    }

    fn wants(&self, what: &str) -> bool {
        self.what.iter().any(|asked| asked == what || asked == "all")
    }
}
