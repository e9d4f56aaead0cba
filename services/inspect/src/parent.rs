//! Starting a child, waiting for its line, and making sure that it is gone.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use kernel::{Error, Result};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use crate::answer::{Answer, MOST};
use crate::child::UNCONFINED;
use crate::{Asked, Format, Limits};

/// Longest complaint that is logged.
const MOST_COMPLAINT: u64 = 1_024;

/// How it went.
pub enum Ended {
    /// With a line that can be read.
    Answered(Answer),
    /// Killed, crashed, out of memory or time, or with nonsense; for the log.
    Badly(String),
}

/// Has a child look at the file. Dropped in the middle, it takes the child with it.
pub async fn ask(program: &Path, limits: Limits, asked: &Asked<'_>, format: &Format) -> Result<Ended> {
    let input = tokio::fs::File::open(asked.input).await.map_err(Error::internal)?.into_std().await;
    let mut command = Command::new(program);
    command.arg("inspect").arg(format.extensions[0]);
    command.args([limits.memory.to_string(), limits.cpu_seconds.to_string()]);
    command.env_clear().current_dir(asked.folder).kill_on_drop(true);
    command.stdin(Stdio::from(input)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(Error::internal)?;
    match heard(&mut child, limits.wall).await.map_err(Error::internal)? {
        Some((line, complaint, status)) => ended(&line, &complaint, status),
        None => {
            child.kill().await.map_err(Error::internal)?;
            Ok(Ended::Badly(format!("no answer within {} ms", limits.wall.as_millis())))
        }
    }
}

type Heard = (Vec<u8>, Vec<u8>, ExitStatus);

async fn heard(child: &mut Child, wall: Duration) -> std::io::Result<Option<Heard>> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let all = async { tokio::join!(read(stdout, MOST as u64), read(stderr, MOST_COMPLAINT), child.wait()) };
    match tokio::time::timeout(wall, all).await {
        Ok((line, complaint, status)) => Ok(Some((line?, complaint?, status?))),
        Err(_) => Ok(None),
    }
}

/// Up to `most` bytes; whoever writes more finds the pipe closed.
async fn read(pipe: Option<impl AsyncRead + Unpin>, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(most).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

fn ended(line: &[u8], complaint: &[u8], status: ExitStatus) -> Result<Ended> {
    let complaint = String::from_utf8_lossy(complaint).trim().to_owned();
    if status.code() == Some(i32::from(UNCONFINED)) {
        return Err(Error::internal(format!("the child that looks at files cannot be confined: {complaint}")));
    }
    let answer = if status.success() { serde_json::from_slice(line).ok() } else { None };
    Ok(answer.map_or_else(|| Ended::Badly(format!("{status}: {complaint}")), Ended::Answered))
}
