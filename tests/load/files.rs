//! Files through the server, beside the same bytes written to and read from the file system and the same S3 store.
//!
//! Three runs of everything, so that a figure comes with its spread. "Stored" counts until the server acknowledges, when
//! the bytes are durable; "ready" until the last of them was looked at and may be had.

mod bucket;
mod people;
mod raw;
mod samples;
mod tally;
mod watch;
mod wire;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures::future::try_join_all;

use crate::machine;
use crate::options::Options;
use crate::product::{Doors, Product};
use crate::store_at::StoreAt;
use bucket::Bucket;
use people::Sender;
use tally::Tally;
use watch::Watch;

pub use bucket::serve as serve_bucket;

const RUNS: usize = 3;
/// Sizes, how many at once, and how many of them one after the other.
const WORK: [(&str, usize, usize, usize); 4] = [
    ("25 MB", 25_000_000, 1, 12),
    ("25 MB", 25_000_000, 10, 2),
    ("200 kB", 200_000, 1, 100),
    ("200 kB", 200_000, 10, 20),
];
/// Bytes a second of each of ten senders whose memory is watched: slow enough that all ten are there at once.
const PACE: usize = 5_000_000;
/// Of each typical file, how many in a run.
const TYPICAL: usize = 5;

/// Where the server keeps files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Folder,
    S3,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::S3 => "S3",
        }
    }
}

pub async fn measure(options: &Options, store: &StoreAt) -> Result<()> {
    let bucket = Bucket::start()?;
    let mut tally = Tally::default();
    for run in 1..=RUNS {
        println!("run {run} of {RUNS}, load average {}", machine::load_average());
        raw::measure(&store.folder, &bucket, &mut tally).await?;
        for place in [Place::Folder, Place::S3] {
            measure_place(options, &bucket, place, &mut tally).await?;
        }
    }
    println!("\n{}", tally.shown());
    Ok(())
}

/// A server on a database of its own, once without waiting for verdicts and once as it is by default.
async fn measure_place(options: &Options, bucket: &Bucket, place: Place, tally: &mut Tally) -> Result<()> {
    let store = StoreAt::start(crate::options::Engine::Sqlite, &options.data)?;
    let doors = Doors::choose(options)?;
    let senders = people::senders(&store, doors).await?;
    let mut settings = people::settings();
    if place == Place::S3 {
        settings.extend(bucket.settings());
    }
    let impatient = [&settings[..], &[("FILES__WAIT_MS", "0".to_owned())]].concat();
    let product = Product::start_with(options, &store, doors, &impatient).await?;
    let fresh = machine::pss(product.pid())? / 1024.0;
    tally.add(format!("{}: memory, just started", place.name()), "MB PSS", fresh);
    for (what, bytes, at_once, each) in WORK {
        let about = format!("{}: {what}, {at_once} at once", place.name());
        throughput(&product, &senders[..at_once], (bytes, each), &about, tally).await?;
    }
    memory(&product, &senders, place, tally).await?;
    drop(product);
    let product = Product::start_with(options, &store, doors, &settings).await?;
    latency(&senders[0], place, tally).await?;
    drop(product);
    Ok(())
}

/// Everybody sends `each` files one after the other, then everybody fetches them.
async fn throughput(
    product: &Product,
    senders: &[Sender],
    (bytes, each): (usize, usize),
    about: &str,
    tally: &mut Tally,
) -> Result<()> {
    let film = samples::film(bytes);
    let megabytes = (bytes * each * senders.len()) as f64 / 1e6;
    let (began, cpu, own) = (Instant::now(), machine::cpu_of_family(product.pid()), machine::own_cpu());
    let sent = try_join_all(senders.iter().map(|sender| sender.sends(&film, each))).await?;
    tally.add(format!("{about}, up, stored"), "MB/s", megabytes / began.elapsed().as_secs_f64());
    let own = (machine::own_cpu() - own) / began.elapsed().as_secs_f64();
    tally.add(format!("{about}, up, generator"), "of a core", own);
    let all = senders.iter().zip(&sent).flat_map(|(sender, ids)| ids.iter().map(move |id| (sender, id)));
    for (sender, id) in all.clone() {
        sender.has_ready(id).await?;
    }
    tally.add(format!("{about}, up, ready"), "MB/s", megabytes / began.elapsed().as_secs_f64());
    let cpu = machine::cpu_of_family(product.pid()) - cpu;
    tally.add(format!("{about}, up, server with inspectors"), "CPU s per 100 MB", cpu / megabytes * 100.0);

    let (began, cpu, own) = (Instant::now(), machine::cpu_of(product.pid()), machine::own_cpu());
    let got = try_join_all(senders.iter().zip(&sent).map(|(sender, ids)| sender.fetches(ids))).await?;
    tally.add(format!("{about}, down"), "MB/s", megabytes / began.elapsed().as_secs_f64());
    let own = (machine::own_cpu() - own) / began.elapsed().as_secs_f64();
    tally.add(format!("{about}, down, generator"), "of a core", own);
    let cpu = machine::cpu_of(product.pid()) - cpu;
    tally.add(format!("{about}, down, server"), "CPU s per 100 MB", cpu / megabytes * 100.0);
    ensure!(got.iter().sum::<usize>() == bytes * each * senders.len(), "other bytes came back than were sent");
    for (sender, id) in all {
        sender.takes_back(id).await?;
    }
    Ok(())
}

/// Ten uploads of 25 MB at once: at one pace, so that all ten are there, then as fast as they go.
async fn memory(product: &Product, senders: &[Sender], place: Place, tally: &mut Tally) -> Result<()> {
    let film = samples::film(25_000_000);
    // what the runs before left behind is given back, or it is not
    tokio::time::sleep(Duration::from_secs(5)).await;
    let name = place.name();
    tally.add(format!("{name}: memory before, nobody sends"), "MB PSS", machine::pss(product.pid())? / 1024.0);
    for (how, pace) in [("ten of 25 MB at 5 MB/s each", Some(PACE)), ("ten of 25 MB at full speed", None)] {
        let watch = Watch::start(product.pid())?;
        let sent = try_join_all(senders.iter().map(|sender| sender.sends_at(&film, pace))).await?;
        for (sender, id) in senders.iter().zip(&sent) {
            sender.has_ready(id).await?;
        }
        let seen = watch.end().await?;
        tally.add(format!("{name}: memory, {how}, most of the server"), "MB RSS", seen.resident);
        tally.add(format!("{name}: memory, {how}, most of the server"), "MB PSS", seen.own);
        tally.add(format!("{name}: memory, {how}, most with inspectors"), "MB PSS", seen.family);
        for (sender, id) in senders.iter().zip(&sent) {
            sender.takes_back(id).await?;
        }
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    tally.add(format!("{name}: memory after"), "MB PSS", machine::pss(product.pid())? / 1024.0);
    Ok(())
}

/// From the last byte of a request to the answer that says "ready".
async fn latency(sender: &Sender, place: Place, tally: &mut Tally) -> Result<()> {
    for (what, name, kind, bytes) in samples::typical()? {
        let bytes = Bytes::from(bytes);
        for _ in 0..TYPICAL {
            let (took, id) = sender.waits_for(name, kind, &bytes).await?;
            tally.add(format!("{}: last byte to ready, {what}", place.name()), "ms", took.as_secs_f64() * 1000.0);
            sender.takes_back(&id).await?;
        }
    }
    Ok(())
}
