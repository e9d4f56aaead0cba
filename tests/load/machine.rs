//! What the kernel says of processes and of the machine.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Clock ticks of `/proc/<pid>/stat` in a second; fixed in Linux' interface to user space.
const TICKS: f64 = 100.0;

/// One line about where this was measured.
pub fn description(binary: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let kind = match binary.components().any(|part| part.as_os_str() == "release") {
        true => "release build",
        false => "DEBUG BUILD: figures say nothing about speed",
    };
    Ok(format!("{cores} cores, loopback, {kind}, load average {}", load_average()))
}

/// Load average of the last minute, with its two neighbours.
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// CPU seconds a process has taken, user and system.
pub fn cpu_of(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |stat| (stat.own) as f64 / TICKS)
}

/// CPU seconds of a process, its living children and those it has buried.
pub fn cpu_of_family(pid: u32) -> f64 {
    let all = |stat: Stat| stat.own + stat.buried;
    let ticks: u64 = children(pid).into_iter().chain([pid]).filter_map(stat).map(all).sum();
    ticks as f64 / TICKS
}

/// Living children of a process.
pub fn children(pid: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|number| stat(*number).is_some_and(|stat| stat.parent == pid)).collect()
}

/// CPU seconds of this process.
pub fn own_cpu() -> f64 {
    cpu_of(std::process::id())
}

struct Stat {
    parent: u32,
    own: u64,
    buried: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // the name in parentheses may hold anything
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |n: usize| fields.get(n).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Some(Stat { parent: fields.get(1)?.parse().ok()?, own: number(11) + number(12), buried: number(13) + number(14) })
}

/// Memory of a process in KiB, shared pages divided among those who share them.
pub fn pss(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss line")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// Flushes of 8 KB a second in a folder: what one commit costs at least.
pub fn flushes_per_second(folder: &Path) -> Result<f64> {
    let path = folder.join("flush-probe");
    let mut file = fs::File::create(&path)?;
    let page = [7_u8; 8192];
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < Duration::from_secs(1) {
        file.write_all(&page)?;
        file.sync_data()?;
        count += 1;
    }
    fs::remove_file(&path)?;
    Ok(f64::from(count) / began.elapsed().as_secs_f64())
}
