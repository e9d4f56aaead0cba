//! Objects onto the shelf and back. What lies under a key never changes, so what an earlier backup has is not read again.

use std::path::Path;

use anyhow::{Context, Result};
use blobs::{Blobs, Key};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use kernel::{Error, Kind};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::manifest::{Objects, check};
use super::shelf::{List, Object, Shelf};
use crate::parts::plain;

/// Objects on their way at once.
const AT_ONCE: usize = 4;
/// Bytes read at once.
const PIECE: usize = 256 * 1024;

/// Copies what is not on the shelf yet; gives the list and what to say of it.
pub async fn take(blobs: &Blobs, shelf: &Shelf, keys: Vec<String>) -> Result<(List, Objects)> {
    let known = shelf.known()?;
    let (mut list, mut wanted) = (List::new(), Vec::new());
    for key in keys {
        let lies = |one: &&Object| shelf.object(&one.sha256).metadata().is_ok_and(|about| about.len() == one.bytes);
        match known.get(&key).filter(lies) {
            Some(object) => drop(list.insert(key, object.clone())),
            None => wanted.push(key),
        }
    }
    let fetching = wanted.into_iter().enumerate().map(|(number, key)| async move {
        let object =
            fetch(blobs, shelf, number, &key).await.with_context(|| format!("the object {key} cannot be copied"))?;
        anyhow::Ok((key, object))
    });
    let fetched: Vec<_> = futures::stream::iter(fetching).buffer_unordered(AT_ONCE).try_collect().await?;
    let (mut new, mut missing) = (0, Vec::new());
    for (key, object) in fetched {
        match object {
            Some(object) => {
                new += 1;
                list.insert(key, object);
            }
            None => missing.push(key),
        }
    }
    missing.sort_unstable();
    let bytes = list.values().map(|one| one.bytes).sum();
    let said = Objects { count: list.len() as u64, bytes, new, missing };
    Ok((list, said))
}

/// One object; `None` when the store has it no more.
async fn fetch(blobs: &Blobs, shelf: &Shelf, number: usize, key: &str) -> Result<Option<Object>> {
    let mut reading = match blobs.read(&Key::parse(key).map_err(plain)?, None).await {
        Err(error) if error.kind() == Kind::NotFound => return Ok(None),
        reading => reading.map_err(plain)?,
    };
    let draft = shelf.draft(number);
    let (mut file, mut hash, mut bytes) = (File::create(&draft).await?, Sha256::new(), 0);
    while let Some(chunk) = reading.body.next().await {
        let chunk = chunk.map_err(plain)?;
        bytes += chunk.len() as u64;
        hash.update(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    let object = Object { bytes, sha256: HEXLOWER.encode(&hash.finalize()) };
    let place = shelf.object(&object.sha256);
    if let Some(folder) = place.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    tokio::fs::rename(draft, place).await?;
    Ok(Some(object))
}

/// Looks at every object of a list.
pub fn check_all(shelf: &Shelf, list: &List) -> Result<()> {
    list.values().try_for_each(|object| check(&shelf.object(&object.sha256), object.bytes, &object.sha256))
}

/// Puts objects into a store that may have some of them; gives how many were put and how many were there.
pub async fn give(blobs: &Blobs, shelf: &Shelf, list: &List) -> Result<(u64, u64)> {
    let giving = list.iter().map(|(key, object)| async move {
        let put =
            one(blobs, shelf, key, object).await.with_context(|| format!("the object {key} cannot be put back"))?;
        anyhow::Ok(put)
    });
    let done: Vec<bool> = futures::stream::iter(giving).buffer_unordered(AT_ONCE).try_collect().await?;
    let put = done.iter().filter(|put| **put).count() as u64;
    Ok((put, done.len() as u64 - put))
}

async fn one(blobs: &Blobs, shelf: &Shelf, key: &str, object: &Object) -> Result<bool> {
    let key = Key::parse(key).map_err(plain)?;
    if is_there(blobs, &key, object).await? {
        return Ok(false);
    }
    let body = pieces(&shelf.object(&object.sha256)).await?;
    blobs.put(&key, object.bytes, body).await.map_err(plain)?;
    Ok(true)
}

/// Whether the store has it, byte for byte.
async fn is_there(blobs: &Blobs, key: &Key, object: &Object) -> Result<bool> {
    let reading = match blobs.read(key, None).await {
        Err(error) if error.kind() == Kind::NotFound => return Ok(false),
        reading => reading.map_err(plain)?,
    };
    if reading.total != object.bytes {
        return Ok(false);
    }
    let mut body = reading.verified(&object.sha256).body;
    while let Some(chunk) = body.next().await {
        if chunk.is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn pieces(path: &Path) -> Result<BoxStream<'static, kernel::Result<Bytes>>> {
    let file = File::open(path).await?;
    let body = futures::stream::unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok(Bytes::from(piece)), file))
            }
            Err(error) => Some((Err(Error::internal(error)), file)),
        }
    });
    Ok(body.boxed())
}
