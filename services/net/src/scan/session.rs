//! One connection, one command. Written here because an answer must be heard while bytes are still being sent: clamd
//! says that a stream is too long and hangs up, and a client that writes first and reads later never hears it.

use std::path::Path;

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::Place;

/// Longest answer that is read.
const MOST_ANSWER: usize = 4_096;
const CHUNK: usize = 64 * 1024;

type Reader = Box<dyn AsyncRead + Send + Unpin>;
type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Sends a command and hears the answer.
pub async fn command(place: &Place, command: &[u8]) -> Result<String, String> {
    let (reader, mut writer) = connect(place).await?;
    writer.write_all(command).await.map_err(|error| format!("cannot be written to: {error}"))?;
    answer(reader).await
}

/// Sends a file and hears the answer, which may come before the file's end.
pub async fn stream(place: &Place, path: &Path) -> Result<String, String> {
    let mut file = File::open(path).await.map_err(|error| format!("the file cannot be read: {error}"))?;
    let (reader, mut writer) = connect(place).await?;
    let mut answer = std::pin::pin!(answer(reader));
    tokio::select! {
        early = &mut answer => early,
        sent = send(&mut file, &mut writer) => match sent {
            Sent::All | Sent::HungUp => answer.await,
            Sent::Unreadable(problem) => Err(problem),
        },
    }
}

enum Sent {
    All,
    /// They said something and left; the answer tells what.
    HungUp,
    Unreadable(String),
}

async fn send(file: &mut File, writer: &mut Writer) -> Sent {
    if writer.write_all(b"zINSTREAM\0").await.is_err() {
        return Sent::HungUp;
    }
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = match file.read(&mut buffer).await {
            Ok(read) => read,
            Err(error) => return Sent::Unreadable(format!("the file cannot be read: {error}")),
        };
        // a chunk of no bytes is the end
        let length = u32::try_from(read).unwrap_or_default().to_be_bytes();
        if writer.write_all(&length).await.is_err() || writer.write_all(&buffer[..read]).await.is_err() {
            return Sent::HungUp;
        }
        if read == 0 {
            return if writer.flush().await.is_err() { Sent::HungUp } else { Sent::All };
        }
    }
}

async fn connect(place: &Place) -> Result<(Reader, Writer), String> {
    let away = |error: std::io::Error| format!("cannot be reached: {error}");
    match place {
        Place::Address(address) => {
            let (reader, writer) = TcpStream::connect(address).await.map_err(away)?.into_split();
            Ok((Box::new(reader), Box::new(writer)))
        }
        Place::Socket(path) => {
            let (reader, writer) = UnixStream::connect(path).await.map_err(away)?.into_split();
            Ok((Box::new(reader), Box::new(writer)))
        }
        Place::Nowhere(problem) => Err(problem.clone()),
    }
}

/// Reads up to the zero byte that ends an answer; one that ends otherwise was cut off.
async fn answer(mut reader: Reader) -> Result<String, String> {
    let mut heard = Vec::new();
    let mut buffer = [0; 1_024];
    while !heard.contains(&0) {
        let read = reader.read(&mut buffer).await.map_err(|error| format!("the answer broke off: {error}"))?;
        heard.extend_from_slice(&buffer[..read]);
        if read == 0 || heard.len() > MOST_ANSWER {
            return Err(format!("no whole answer in {} bytes", heard.len()));
        }
    }
    let line = heard.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(line).trim().to_owned())
}
