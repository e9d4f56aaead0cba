//! This process and its machine in numbers, under the names every Prometheus knows.

use std::path::Path;

use metrics::{counter, gauge};

/// Reads what the kernel says of this process. What it does not say is not told.
pub fn measure() {
    if let Some((cpu, threads, resident)) = stat() {
        // a counter is told as whole seconds; a gauge would not survive `rate`
        counter!("process_cpu_seconds_total").absolute(cpu);
        gauge!("process_threads").set(threads);
        gauge!("process_resident_memory_bytes").set(resident);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(open.count() as f64);
    }
    if let Some(most) = most_files() {
        gauge!("process_max_fds").set(most);
    }
}

/// CPU seconds, threads, resident bytes. The name of the program may hold blanks, so what follows it is read.
fn stat() -> Option<(u64, f64, f64)> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<_> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    let cpu = (number(11)? + number(12)?) / ticks;
    let resident = number(21)? * rustix::param::page_size() as u64;
    Some((cpu, number(17)? as f64, resident as f64))
}

fn most_files() -> Option<f64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current.map(|most| most as f64)
}

/// Bytes free on the disk that holds a place.
pub fn free(place: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(place).ok()?;
    Some((disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize))
}
