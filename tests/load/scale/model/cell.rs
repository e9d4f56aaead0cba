//! How many cells and what is in each: the fewest cells in which nothing is asked of more than it can give.

use crate::scale::constants::Constants;
use crate::scale::model::units::Figures;

/// Most writes in one commit (`services/store/src/commit.rs`).
const BATCH: f64 = 512.0;
/// A part of what a queue could do if it did nothing else, so that it does not grow.
const SAFE: f64 = 0.5;

/// What is asked for at the peak.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub tenants: f64,
    pub sockets: f64,
    /// Messages a second.
    pub messages: f64,
}

/// One cell among `cells` alike.
#[derive(Clone, Debug)]
pub struct Cell {
    pub cells: f64,
    pub load: Load,
    pub api: f64,
    pub realtime: f64,
    pub worker: f64,
    /// How much of each limit is used; 1 is all that may be.
    pub uses: Vec<(&'static str, f64)>,
}

/// The smallest number of cells that holds.
pub fn fewest(load: Load, figures: &Figures, product: &Constants) -> Cell {
    let mut cells = 1.0;
    loop {
        let cell = Cell::among(cells, load, figures, product);
        if cell.worst().1 <= 1.0 || cells >= 100_000.0 {
            return cell;
        }
        cells = cells.mul_add(1.01, 1.0).floor();
    }
}

impl Cell {
    pub fn among(cells: f64, all: Load, figures: &Figures, product: &Constants) -> Self {
        let load = Load { tenants: all.tenants / cells, sockets: all.sockets / cells, messages: all.messages / cells };
        let cores = figures.process_cores * figures.use_process;
        let count = |busy: f64| (busy / 1e6 / cores).ceil().max(2.0);
        let rate = load.messages;
        let api = count(rate * figures.api_us);
        let spread = rate * figures.deliveries * figures.deliver_us + load.sockets * figures.idle_us;
        // every process hears all events of its cell, whoever its sockets are
        let heard = figures.hear_us * rate / 1e6 / cores;
        let by_cpu = (spread / 1e6 / cores / (1.0 - heard).max(0.05)).ceil();
        // one more, so that one may be away
        let realtime = by_cpu.max((load.sockets / figures.sockets).ceil()).max(1.0) + 1.0;
        let worker = 2.0;
        let mut cell = Self { cells, load, api, realtime, worker, uses: Vec::new() };
        cell.uses = cell.limits(figures, product);
        cell
    }

    pub fn processes(&self) -> f64 {
        self.api + self.realtime + self.worker
    }

    /// Cores of the database at the peak.
    pub fn database_cores(&self, figures: &Figures) -> f64 {
        // who commits does not read it again
        let readers = self.processes() - 1.0;
        let per_message = figures.write_us + figures.look_us + figures.read_us * readers;
        // the search may fall behind at the peak and catches up
        (self.load.messages * per_message + self.load.messages * figures.mean * figures.search_us) / 1e6
    }

    /// Bytes in the database once everything is as old as it is kept.
    pub fn disk(&self, figures: &Figures, product: &Constants) -> f64 {
        let a_day = self.load.messages * figures.mean * 86_400.0;
        let kept = figures.kept_days * (figures.message_b + figures.entry_b);
        a_day * (kept + f64::from(product.events_days) * figures.event_b)
    }

    /// How much of each limit is used, in no order.
    fn limits(&self, figures: &Figures, product: &Constants) -> Vec<(&'static str, f64)> {
        let rate = self.load.messages;
        let commit = BATCH / (BATCH * figures.hold_us + figures.flush_us) * 1e6;
        vec![
            ("disk of the database", self.disk(figures, product) / (figures.disk_tb * 1e12)),
            ("search follower", rate * figures.mean * figures.search_us / 1e6 / (2.0 * SAFE)),
            ("CPU of the database", self.database_cores(figures) / figures.database_cores / figures.use_database),
            ("counters of the stream", rate / (commit * SAFE)),
            ("one task that hears all", rate * (figures.hear_us + figures.deliveries) / 1e6 / SAFE),
            ("who is there, of one process", self.load.sockets / self.realtime / f64::from(product.facts)),
        ]
    }

    /// What is used most.
    pub fn worst(&self) -> (&'static str, f64) {
        self.uses.iter().copied().fold(("", 0.0), |worst, used| if used.1 > worst.1 { used } else { worst })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        Figures::picked(|figure| figure.value)
    }

    fn product() -> Constants {
        Constants::read().expect("the product's numbers")
    }

    const FULL: Load = Load { tenants: 100_000.0, sockets: 1e7, messages: 1e6 };

    #[test]
    fn the_fewest_cells_hold_and_one_less_does_not() {
        let cell = fewest(FULL, &figures(), &product());
        assert!(cell.worst().1 <= 1.0, "{:?}", cell.uses);
        let fewer = Cell::among((cell.cells * 0.95).floor(), FULL, &figures(), &product());
        assert!(fewer.worst().1 > 1.0, "{} cells would do: {:?}", fewer.cells, fewer.uses);
    }

    #[test]
    fn more_processes_in_a_cell_cost_the_database_more() {
        let cell = Cell::among(50.0, FULL, &figures(), &product());
        let twice = Cell { realtime: cell.realtime * 2.0, ..cell.clone() };
        let more = twice.database_cores(&figures()) - cell.database_cores(&figures());
        let expected = cell.load.messages * cell.realtime * figures().read_us / 1e6;
        assert!((more - expected).abs() < 1e-9, "{more} {expected}");
    }

    #[test]
    fn twice_the_work_needs_about_twice_the_cells() {
        let cells = |messages: f64| fewest(Load { messages, ..FULL }, &figures(), &product()).cells;
        let ratio = cells(1e6) / cells(5e5);
        assert!((1.8..2.3).contains(&ratio), "{ratio}");
    }
}
