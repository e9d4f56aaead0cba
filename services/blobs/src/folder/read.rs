//! Bytes out of a file, a piece at a time.

use std::io::SeekFrom;
use std::ops::Range;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use kernel::Result;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::Reading;
use crate::fault::{away, corrupt, of_folder, out_of_range};

/// Read at once; what is in memory per reader.
const PIECE: u64 = 256 * 1024;

pub(super) async fn read(path: &Path, range: Option<Range<u64>>) -> Result<Reading> {
    let mut file = File::open(path).await.map_err(of_folder("reading"))?;
    let total = file.metadata().await.map_err(of_folder("reading"))?.len();
    let range = match range {
        None => 0..total,
        Some(range) if range.start >= total.min(range.end) => return Err(out_of_range()),
        Some(range) => range.start..range.end.min(total),
    };
    if range.start > 0 {
        file.seek(SeekFrom::Start(range.start)).await.map_err(of_folder("reading"))?;
    }
    Ok(Reading { total, body: pieces(file, range.end - range.start).boxed() })
}

/// The next `left` bytes; a file that ends before is an error.
fn pieces(file: File, left: u64) -> impl Stream<Item = Result<Bytes>> {
    futures::stream::unfold((file, left), |(mut file, left)| async move {
        if left == 0 {
            return None;
        }
        let mut piece = BytesMut::with_capacity(usize::try_from(left.min(PIECE)).unwrap_or(0));
        let read = (&mut file).take(left.min(PIECE)).read_buf(&mut piece).await;
        Some(match read {
            Ok(0) => (Err(corrupt("the file ends before its length")), (file, 0)),
            Ok(count) => (Ok(piece.freeze()), (file, left - count as u64)),
            Err(error) => (Err(away("reading", error)), (file, 0)),
        })
    })
}
