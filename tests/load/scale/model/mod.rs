//! What it takes: processes, databases, bytes and money, from what one of each costs.

pub mod cell;
mod cost;
pub mod units;

use cell::{Cell, Load, fewest};
use cost::{Bill, PRICES, sent};
use units::{ALL, Figures};

use crate::scale::constants::Constants;

/// The plan's sizes: a tenant has 100 sockets and 10 messages a second at the peak.
pub const SIZES: [Load; 3] = [
    Load { tenants: 1e3, sockets: 1e5, messages: 1e4 },
    Load { tenants: 1e4, sockets: 1e6, messages: 1e5 },
    Load { tenants: 1e5, sockets: 1e7, messages: 1e6 },
];

/// One column of the table.
struct Column {
    name: String,
    cell: Cell,
    figures: Figures,
    product: Constants,
}

/// Prints figures, sizes, limits and costs.
pub fn print(product: &Constants) {
    println!("\n# model: M measured, D derived, A assumed");
    for figure in ALL {
        let range = format!("{} to {}", figure.low, figure.high);
        let (letter, value) = (figure.mark.letter(), figure.value);
        println!("  {letter} {:<58} {value:>8} {:<3} ({range:<16}) {}", figure.name, figure.unit, figure.source);
    }
    print_table("what it takes", &SIZES.map(|load| column(load, product, |figure| figure.value)));
    let least = Constants { events_days: 3, ..product.clone() };
    let full = |name: &str, product: &Constants, change: fn(&mut Figures)| {
        let mut figures = Figures::picked(|figure| figure.value);
        change(&mut figures);
        Column { name: name.to_owned(), ..of(SIZES[2], product, figures) }
    };
    let other = [
        full("events 3 days", &least, |_| ()),
        full("+ messages 30 days", &least, |figures| figures.kept_days = 30.0),
        full("+ half as busy", &least, |figures| (figures.kept_days, figures.mean) = (30.0, 0.1)),
    ];
    print_table("the same 100,000 tenants otherwise", &other);
    let ends = [("all low", 0), ("all likely", 1), ("all high", 2)].map(|(name, which)| {
        let pick = move |figure: &units::Figure| [figure.low, figure.value, figure.high][which];
        Column { name: name.to_owned(), ..column(SIZES[2], product, pick) }
    });
    print_table("100,000 tenants at the ends of all ranges", &ends);
}

/// What one of the largest size's cells is.
pub fn full_cell(product: &Constants) -> Cell {
    column(SIZES[2], product, |figure| figure.value).cell
}

fn column(load: Load, product: &Constants, pick: impl Fn(&units::Figure) -> f64) -> Column {
    of(load, product, Figures::picked(pick))
}

fn of(load: Load, product: &Constants, figures: Figures) -> Column {
    let cell = fewest(load, &figures, product);
    Column { name: format!("{} tenants", load.tenants), cell, figures, product: product.clone() }
}

fn print_table(title: &str, columns: &[Column]) {
    println!("\n{title}");
    row("", columns, |column| column.name.clone());
    row("sockets / messages a second", columns, |Column { cell, .. }| {
        format!("{:.0} / {:.0}", cell.load.sockets * cell.cells, cell.load.messages * cell.cells)
    });
    row("cells (databases, each twice)", columns, |column| format!("{:.0}", column.cell.cells));
    row("tenants of a cell", columns, |column| format!("{:.0}", column.cell.load.tenants));
    row("processes of a cell: api, realtime, worker", columns, |Column { cell, .. }| {
        format!("{:.0}, {:.0}, {:.0}", cell.api, cell.realtime, cell.worker)
    });
    row("in all: processes, proxies, brokers", columns, |Column { cell, .. }| {
        format!("{:.0}, {:.0}, {:.0}", cell.processes() * cell.cells, 2.0 * cell.cells, 3.0 * cell.cells)
    });
    row("GB for sockets: of a process, of a proxy", columns, |Column { cell, figures, .. }| {
        let of_process = cell.load.sockets / (cell.realtime - 1.0) * figures.socket_kb / 1e6;
        format!("{of_process:.2}, {:.2}", cell.load.sockets / 2.0 * figures.tls_kb / 1e6)
    });
    print_rates(columns);
    row("what binds", columns, |column| column.cell.worst().0.to_owned());
    for (place, (name, _)) in columns[0].cell.uses.iter().enumerate() {
        row(&format!("  used: {name}, %"), columns, |column| format!("{:.0}", column.cell.uses[place].1 * 100.0));
    }
    print_costs(columns);
}

fn print_rates(columns: &[Column]) {
    row("a database: cores busy at the peak", columns, |Column { cell, figures, .. }| {
        format!("{:.1}", cell.database_cores(figures))
    });
    row("  its log at the peak, MB/s", columns, |Column { cell, figures, .. }| {
        format!("{:.0}", cell.load.messages * figures.wal_b / 1e6)
    });
    row("  read by its processes, MB/s", columns, |Column { cell, figures, .. }| {
        format!("{:.0}", cell.load.messages * (cell.processes() - 1.0) * figures.frame_b / 1e6)
    });
    row("  grows a day, GB (events not counted)", columns, |Column { cell, figures, .. }| {
        let a_day = cell.load.messages * figures.mean * 86_400.0;
        format!("{:.0}", a_day * (figures.message_b + figures.entry_b) / 1e9)
    });
    row("  holds in the end, TB", columns, |Column { cell, figures, product, .. }| {
        format!("{:.1}", cell.disk(figures, product) / 1e12)
    });
    row("S3 requests a second, all, on average", columns, |Column { cell, figures, .. }| {
        let files = cell.load.messages * cell.cells * figures.mean * figures.files;
        format!("{:.0}", files * (figures.file_puts + figures.file_gets))
    });
    row("sent to people, Gbit/s, on average", columns, |Column { cell, figures, .. }| {
        format!("{:.2}", sent(cell, figures) * 8.0 / 1e9)
    });
}

fn print_costs(columns: &[Column]) {
    let bill =
        |column: &Column, which: usize| Bill::of(&column.cell, &column.figures, &column.product, &PRICES[which].1);
    row("1,000 $ a month: low, likely, high prices", columns, |column| {
        [0, 1, 2].map(|which| format!("{:.0}", bill(column, which).all() / 1000.0)).join(", ")
    });
    row("  processes, databases, disks, S3, egress, %", columns, |column| {
        let bill = bill(column, 1);
        let parts = [bill.processes, bill.databases, bill.disks, bill.objects, bill.egress];
        parts.map(|part| format!("{:.0}", part / bill.all() * 100.0)).join(", ")
    });
    row("  $ a tenant and month, likely", columns, |column| {
        format!("{:.2}", bill(column, 1).all() / (column.cell.load.tenants * column.cell.cells))
    });
}

fn row(name: &str, columns: &[Column], value: impl Fn(&Column) -> String) {
    print!("{name:<46}");
    columns.iter().for_each(|column| print!("{:>24}", value(column)));
    println!();
}
