//! HTTP/1.1 over one kept connection, as cheap as it gets.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The server closes what is idle for five seconds; a connection that was idle for longer than this is opened anew.
const IDLE: Duration = Duration::from_secs(3);

/// One connection.
pub struct Client {
    stream: TcpStream,
    to: SocketAddr,
    used: Instant,
    read: Vec<u8>,
    write: Vec<u8>,
}

/// An answer; the body stays in the connection's buffer until the next request.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a str,
}

impl Client {
    pub async fn connect(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, to, used: Instant::now(), read: Vec::with_capacity(2048), write: Vec::with_capacity(1024) })
    }

    pub async fn get(&mut self, path: &str, headers: &str) -> Result<Answer<'_>> {
        self.ask("GET", path, headers, "").await
    }

    pub async fn post(&mut self, path: &str, headers: &str, body: &str) -> Result<Answer<'_>> {
        self.ask("POST", path, headers, body).await
    }

    /// `headers` are lines that end with CR LF.
    async fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer<'_>> {
        use std::io::Write;
        if self.used.elapsed() > IDLE {
            self.stream = TcpStream::connect(self.to).await?;
            self.stream.set_nodelay(true)?;
        }
        self.used = Instant::now();
        self.write.clear();
        write!(self.write, "{method} {path} HTTP/1.1\r\nhost: {}\r\n{headers}", self.to)?;
        if method == "POST" {
            write!(self.write, "content-type: application/json\r\ncontent-length: {}\r\n", body.len())?;
        }
        write!(self.write, "\r\n{body}")?;
        self.stream.write_all(&self.write).await?;
        self.read.clear();
        let (start, length) = self.head().await?;
        while self.read.len() < start + length {
            self.more().await?;
        }
        let status = std::str::from_utf8(&self.read[9..12])?.parse()?;
        Ok(Answer { status, body: std::str::from_utf8(&self.read[start..start + length])? })
    }

    /// Where the body begins and how long it is.
    async fn head(&mut self) -> Result<(usize, usize)> {
        loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.read[..end])?;
                let length = head.split("\r\n").find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    name.eq_ignore_ascii_case("content-length").then(|| value.trim())
                });
                return Ok((end + 4, length.unwrap_or("0").parse().context("a length")?));
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => bail!("the server closed a kept connection"),
            _ => Ok(()),
        }
    }
}
