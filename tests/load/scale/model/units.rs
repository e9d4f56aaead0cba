//! What one of each thing costs, and how we know.

/// How a figure came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Measured,
    Derived,
    Assumed,
}

impl Mark {
    pub const fn letter(self) -> char {
        match self {
            Self::Measured => 'M',
            Self::Derived => 'D',
            Self::Assumed => 'A',
        }
    }
}

/// A figure with the range it may as well have.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub name: &'static str,
    pub unit: &'static str,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub mark: Mark,
    pub source: &'static str,
}

macro_rules! figures {
    ($($field:ident: $name:literal, $unit:literal, $value:literal ($low:literal to $high:literal), $mark:ident, $source:literal;)*) => {
        /// Every figure the model knows.
        #[derive(Clone, Debug)]
        pub struct Figures { $(pub $field: f64,)* }

        /// All of them, for the reader.
        pub const ALL: &[Figure] = &[$(Figure {
            name: $name, unit: $unit, value: $value, low: $low, high: $high, mark: Mark::$mark, source: $source,
        },)*];

        impl Figures {
            /// As `pick` chooses between low, likely and high.
            pub fn picked(pick: impl Fn(&Figure) -> f64) -> Self {
                let mut all = ALL.iter().map(pick);
                Self { $($field: all.next().unwrap_or($value),)* }
            }
        }
    };
}

figures! {
    api_us: "process CPU per message: request, commit, one delivery", "us", 64.0 (64.0 to 85.0), Measured, "docs/performance.md W1";
    write_us: "database CPU per message written", "us", 61.0 (61.0 to 75.0), Measured, "docs/performance.md W1";
    search_us: "database time per search entry", "us", 170.0 (85.0 to 170.0), Derived, "docs/performance.md W5: wall, not CPU";
    read_us: "database CPU per event another process reads", "us", 4.5 (3.3 to 5.6), Measured, "docs/scale.md, pages of 30 and 1,000";
    hear_us: "process CPU per event it reads and looks up", "us", 10.0 (5.0 to 20.0), Assumed, "budget of the plan";
    deliver_us: "process CPU per delivery, with TLS at the proxy", "us", 6.0 (4.0 to 10.0), Assumed, "budget of the plan";
    idle_us: "process CPU per idle socket and second", "us", 2.0 (1.0 to 4.0), Assumed, "budget of the plan";
    look_us: "database CPU of reads per message (lists, history)", "us", 100.0 (50.0 to 300.0), Assumed, "one page of 25 per 10 messages";
    socket_kb: "memory per idle socket, kernel in", "kB", 25.2 (10.0 to 30.0), Measured, "docs/performance.md W2 (debug) + 4 of the plan";
    tls_kb: "memory per socket at the proxy", "kB", 16.0 (8.0 to 32.0), Assumed, "budget of the plan";
    message_b: "table and indexes per message, with its conversation", "B", 410.0 (390.0 to 600.0), Measured, "docs/scale.md";
    entry_b: "search entry per message", "B", 370.0 (267.0 to 565.0), Measured, "docs/decisions/0027, 10 M";
    event_b: "event per message, table and indexes", "B", 756.0 (740.0 to 1_200.0), Measured, "docs/scale.md";
    wal_b: "log of the database per message", "B", 3_700.0 (2_000.0 to 6_000.0), Measured, "docs/scale.md, small batches";
    frame_b: "bytes of a delivered frame", "B", 640.0 (580.0 to 900.0), Derived, "body of an event, 540 measured, + 100";
    deliveries: "deliveries per message", "", 4.0 (2.0 to 8.0), Assumed, "plan";
    mean: "mean rate as a part of the peak", "", 0.2 (0.1 to 0.3), Assumed, "plan";
    kept_days: "days messages stay in the database", "d", 90.0 (30.0 to 365.0), Assumed, "no limit in the product";
    files: "messages with a file", "", 0.02 (0.01 to 0.05), Assumed, "";
    file_kb: "size of a file", "kB", 200.0 (100.0 to 500.0), Assumed, "";
    file_days: "days files are kept", "d", 90.0 (30.0 to 365.0), Measured, "docs/features/files.md, the default";
    quota_gb: "files of a tenant at most", "GB", 5.4 (5.4 to 5.4), Measured, "deploy/config.default.toml, the default";
    file_puts: "requests to S3 that write, per file", "", 4.0 (3.0 to 6.0), Derived, "quarantine, 1 to 3 kept, deletion free";
    file_gets: "requests to S3 that read, per file", "", 3.0 (2.0 to 6.0), Derived, "check, then 2 downloads assumed";
    process_cores: "cores of one process", "", 4.0 (4.0 to 4.0), Assumed, "choice";
    database_cores: "cores of one database", "", 16.0 (16.0 to 16.0), Assumed, "choice";
    use_process: "how busy a process may be at the peak", "", 0.5 (0.5 to 0.5), Assumed, "choice";
    use_database: "how busy a database may be at the peak", "", 0.5 (0.5 to 0.5), Assumed, "choice";
    disk_tb: "disk of one database", "TB", 16.0 (16.0 to 16.0), Assumed, "choice: restorable in a day";
    sockets: "sockets of one process", "", 20_000.0 (20_000.0 to 20_000.0), Assumed, "choice: a storm finds room, docs/scale.md";
    hold_us: "time a commit holds its shards, per message", "us", 18.0 (12.0 to 40.0), Assumed, "writing events, before the flush";
    flush_us: "one flush", "us", 1_000.0 (120.0 to 3_000.0), Measured, "plan: 0.12 ms quiet, 2 to 3 ms busy";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_lies_in_its_range_and_says_where_it_is_from() {
        for figure in ALL {
            assert!(figure.low <= figure.value && figure.value <= figure.high, "{}", figure.name);
            assert!(figure.mark == Mark::Assumed || !figure.source.is_empty(), "{}", figure.name);
        }
        let likely = Figures::picked(|figure| figure.value);
        assert!((likely.flush_us - 1_000.0).abs() < f64::EPSILON && (likely.api_us - 64.0).abs() < f64::EPSILON);
    }
}
