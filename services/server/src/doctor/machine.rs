//! The machine: its disks, its clock, how many files it may open.

use std::path::Path;

use super::Line;
use crate::Config;
use crate::observe::{free, places};

/// Marks of those who keep a clock right.
const KEEPERS: [&str; 5] = ["chronyd", "ntpd", "systemd-timesyn", "openntpd", "ptp4l"];

pub fn look(config: &Config) -> Vec<Line> {
    let mut lines: Vec<_> = places(config).iter().map(|(name, place)| disk(name, place)).collect();
    lines.push(clock());
    lines.push(files());
    lines
}

fn disk(name: &str, place: &Path) -> Line {
    let todo = "Make room, or move it to a larger disk: a full disk stops every write.";
    let Some((free, size)) = free(place) else {
        return Line::warn(
            "disk",
            format!("The disk of {name} ({}) cannot be looked at.", place.display()),
            "Is the folder there?",
        );
    };
    let (megabytes, percent) = (free / 1_048_576, free * 100 / size.max(1));
    let says = format!("{megabytes} MiB ({percent} %) are free for {name} in {}.", place.display());
    match (megabytes, percent) {
        (..256, _) => Line::fail("disk", says, todo),
        (..2_048, _) | (_, ..10) => Line::warn("disk", says, todo),
        _ => Line::ok("disk", says),
    }
}

fn clock() -> Line {
    if Path::new("/run/systemd/timesync/synchronized").exists() {
        return Line::ok("clock", "This machine's clock is synchronised.");
    }
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = processes.filter_map(|process| std::fs::read_to_string(process.path().join("comm")).ok());
    let mut keepers = names.filter(|name| KEEPERS.contains(&name.trim()));
    match keepers.next() {
        Some(keeper) => Line::ok("clock", format!("{} keeps this machine's clock.", keeper.trim())),
        None => Line::warn(
            "clock",
            "Nobody is seen who keeps this machine's clock (in a container it is the host's).",
            "Run chrony or systemd-timesyncd on the host: tokens and second factors depend on the time.",
        ),
    }
}

fn files() -> Line {
    let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    let says = format!("A process started like this one may open {most} files and sockets.");
    match most {
        ..4_096 => Line::warn("files", says, "Raise it (LimitNOFILE=, ulimit -n): each connection is one."),
        _ => Line::ok("files", says),
    }
}
