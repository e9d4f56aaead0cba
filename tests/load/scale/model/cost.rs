//! What it costs a month, from prices that are assumptions.

use crate::scale::constants::Constants;
use crate::scale::model::cell::Cell;
use crate::scale::model::units::Figures;

/// Dollars for one of each in a month: low, likely, high. List prices of several hosts, without names.
pub struct Prices {
    pub process_core: f64,
    pub database_core: f64,
    pub disk_gb: f64,
    pub object_gb: f64,
    pub million_puts: f64,
    pub million_gets: f64,
    pub egress_gb: f64,
}

pub const PRICES: [(&str, Prices); 3] = [
    ("low", Prices::of([12.0, 25.0, 0.04, 0.006, 0.0, 0.0, 0.002])),
    ("likely", Prices::of([28.0, 45.0, 0.08, 0.02, 5.0, 0.4, 0.03])),
    ("high", Prices::of([40.0, 80.0, 0.12, 0.025, 5.5, 0.44, 0.09])),
];

const SECONDS_A_MONTH: f64 = 30.0 * 86_400.0;

/// Dollars a month.
#[derive(Clone, Copy, Debug)]
pub struct Bill {
    pub processes: f64,
    pub databases: f64,
    pub disks: f64,
    pub objects: f64,
    pub egress: f64,
}

impl Prices {
    const fn of(
        [process_core, database_core, disk_gb, object_gb, million_puts, million_gets, egress_gb]: [f64; 7],
    ) -> Self {
        Self { process_core, database_core, disk_gb, object_gb, million_puts, million_gets, egress_gb }
    }
}

impl Bill {
    pub fn of(cell: &Cell, figures: &Figures, product: &Constants, prices: &Prices) -> Self {
        let mean = cell.load.messages * figures.mean * cell.cells;
        let files = mean * figures.files * SECONDS_A_MONTH;
        let kept_gb = files / 30.0 * figures.file_days * figures.file_kb / 1e6;
        let stored_gb = kept_gb.min(cell.load.tenants * cell.cells * figures.quota_gb);
        let requests =
            files / 1e6 * figures.file_puts.mul_add(prices.million_puts, figures.file_gets * prices.million_gets);
        // in each cell two proxies as large as processes, and three brokers of two cores
        let process_cores = (cell.processes() + 2.0).mul_add(figures.process_cores, 3.0 * 2.0) * cell.cells;
        Self {
            processes: process_cores * prices.process_core,
            // with a copy that confirms each commit
            databases: 2.0 * cell.cells * figures.database_cores * prices.database_core,
            disks: 2.0 * cell.cells * cell.disk(figures, product) / 1e9 * prices.disk_gb,
            objects: stored_gb.mul_add(prices.object_gb, requests),
            egress: sent(cell, figures) * SECONDS_A_MONTH / 1e9 * prices.egress_gb,
        }
    }

    pub fn all(&self) -> f64 {
        self.processes + self.databases + self.disks + self.objects + self.egress
    }
}

/// Bytes a second that leave, on average: frames, and files twice.
pub fn sent(cell: &Cell, figures: &Figures) -> f64 {
    let mean = cell.load.messages * figures.mean * cell.cells;
    mean * figures.deliveries.mul_add(figures.frame_b, figures.files * figures.file_kb * 1000.0 * 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::model::cell::{Load, fewest};

    #[test]
    fn dearer_prices_cost_more_and_nothing_is_free() {
        let (figures, product) =
            (Figures::picked(|figure| figure.value), Constants::read().expect("the product's numbers"));
        let cell = fewest(Load { tenants: 1e4, sockets: 1e6, messages: 1e5 }, &figures, &product);
        let bills = PRICES.map(|(_, prices)| Bill::of(&cell, &figures, &product, &prices));
        assert!(bills.is_sorted_by(|one, two| one.all() < two.all()), "{bills:?}");
        let Bill { processes, databases, disks, objects, egress } = bills[0];
        assert!([processes, databases, disks, objects, egress].iter().all(|part| *part > 0.0), "{bills:?}");
    }
}
