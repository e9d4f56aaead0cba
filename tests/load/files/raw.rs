//! The same bytes without the server: what disk, memory and store allow in these minutes.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures::future::try_join_all;
use tokio::task::spawn_blocking;

use super::bucket::Bucket;
use super::tally::Tally;
use super::{WORK, samples, wire};

pub async fn measure(folder: &Path, bucket: &Bucket, tally: &mut Tally) -> Result<()> {
    for (what, bytes, at_once, each) in WORK {
        let film = samples::film(bytes);
        let megabytes = (bytes * each * at_once) as f64 / 1e6;
        let mut add = |how: &str, began: Instant| {
            tally.add(
                format!("raw: {what}, {at_once} at once, {how}"),
                "MB/s",
                megabytes / began.elapsed().as_secs_f64(),
            );
        };
        let files: Vec<_> = (0..at_once).map(|number| folder.join(format!("raw-{number}"))).collect();
        let began = Instant::now();
        try_join_all(files.iter().map(|file| writes(file.clone(), film.clone(), each))).await?;
        add("written and flushed", began);
        let began = Instant::now();
        try_join_all(files.iter().map(|file| reads(file.clone(), bytes, each))).await?;
        add("read", began);
        objects(bucket, &film, (at_once, each), &mut add).await?;
    }
    Ok(())
}

/// As a careful program does: under another name, flushed, renamed, the folder flushed.
async fn writes(file: PathBuf, film: Bytes, each: usize) -> Result<()> {
    let write = move |number: usize| -> Result<()> {
        let (draft, place) = (file.with_extension("draft"), file.with_extension(number.to_string()));
        let mut open = File::create(&draft)?;
        open.write_all(&film)?;
        open.sync_all()?;
        fs::rename(&draft, &place)?;
        if let Some(folder) = place.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    spawn_blocking(move || (0..each).try_for_each(write)).await?
}

/// Out of the page cache, as the server's reads are here too.
async fn reads(file: PathBuf, bytes: usize, each: usize) -> Result<()> {
    let read = move |number: usize| -> Result<()> {
        let place = file.with_extension(number.to_string());
        ensure!(fs::read(&place)?.len() == bytes, "other bytes were read than written");
        Ok(fs::remove_file(place)?)
    };
    spawn_blocking(move || (0..each).try_for_each(read)).await?
}

/// One PUT and one GET an object, signed by their addresses.
async fn objects(
    bucket: &Bucket,
    film: &Bytes,
    (at_once, each): (usize, usize),
    add: &mut impl FnMut(&str, Instant),
) -> Result<()> {
    let client = wire::client()?;
    let places = try_join_all((0..at_once).map(|number| {
        let (one, name) = (bucket, move |place: usize| format!("raw/{number}-{place}"));
        async move { try_join_all((0..each).map(|place| async move { one.signed(&name(place)).await })).await }
    }));
    let places = places.await?;
    let began = Instant::now();
    try_join_all(places.iter().map(async |mine| -> Result<()> {
        for (put, _) in mine {
            client.put(put).body(film.clone()).send().await?.error_for_status()?;
        }
        Ok(())
    }))
    .await?;
    add("PUT to the S3 store", began);
    let began = Instant::now();
    try_join_all(places.iter().map(async |mine| -> Result<()> {
        for (_, get) in mine {
            let got = wire::drain(client.get(get).send().await?.error_for_status()?).await?;
            ensure!(got == film.len(), "other bytes were got than put");
        }
        Ok(())
    }))
    .await?;
    add("GET from the S3 store", began);
    Ok(())
}
