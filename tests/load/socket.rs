//! A WebSocket client that keeps no buffer while nothing happens: ten thousand of them fit into one thread.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Result, bail};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::product::Doors;

/// One socket that has said hello.
pub struct Socket {
    stream: TcpStream,
    /// Bytes of a frame that has not come whole.
    rest: Vec<u8>,
}

/// What came.
pub enum Came<'a> {
    Text(&'a str),
    Closed(u16),
}

impl Socket {
    /// Opens `path`, says hello with `token` and waits for the welcome. `number` chooses the address it comes from:
    /// few sockets of one address may wait at the door.
    pub async fn open(doors: Doors, path: &str, token: &str, number: usize, scratch: &mut Vec<u8>) -> Result<Self> {
        Self::come_back(doors, path, token, number, None, scratch, |_| ()).await
    }

    /// The same for somebody who was here `after` a position; hands over every frame from the welcome on.
    pub async fn come_back(
        doors: Doors,
        path: &str,
        token: &str,
        number: usize,
        after: Option<&str>,
        scratch: &mut Vec<u8>,
        mut take: impl FnMut(&str),
    ) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        let (high, low) = (number / 200 % 200, number % 200);
        let from = Ipv4Addr::new(127, 1, u8::try_from(high)?, u8::try_from(low)? + 1);
        socket.bind(SocketAddr::from((from, 0)))?;
        let mut stream = socket.connect(doors.live).await?;
        stream.set_nodelay(true)?;
        let ask = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nupgrade: websocket\r\nconnection: upgrade\r\norigin: {}\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: bG9hZCBnZW5lcmF0b3IhIQ==\r\nsec-websocket-protocol: porchlight.v1\r\n\r\n",
            doors.public,
            doors.origin()
        );
        stream.write_all(ask.as_bytes()).await?;
        let mut socket = Self { stream, rest: Vec::new() };
        socket.upgraded().await?;
        let after = after.map_or_else(|| "null".to_owned(), |after| format!("\"{after}\""));
        socket.send(&format!(r#"{{"type":"hello","token":"{token}","after":{after}}}"#)).await?;
        let mut welcome = false;
        while !welcome {
            socket
                .hear(scratch, |came| match came {
                    Came::Text(text) => {
                        welcome |= text.contains(r#""type":"welcome""#);
                        take(text);
                        Ok(())
                    }
                    Came::Closed(code) => bail!("closed with {code} before the welcome"),
                })
                .await?;
        }
        Ok(socket)
    }

    async fn upgraded(&mut self) -> Result<()> {
        loop {
            if let Some(end) = self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                if !self.rest.starts_with(b"HTTP/1.1 101") {
                    bail!("no upgrade: {}", String::from_utf8_lossy(&self.rest));
                }
                self.rest.drain(..end + 4);
                return Ok(());
            }
            self.stream.readable().await?;
            let mut chunk = [0; 1024];
            match self.stream.try_read(&mut chunk) {
                Ok(0) => bail!("closed while opening: {}", String::from_utf8_lossy(&self.rest)),
                Ok(n) => self.rest.extend_from_slice(&chunk[..n]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Sends a text frame; the mask is all zeros, which masks and costs nothing.
    pub async fn send(&mut self, text: &str) -> Result<()> {
        let mut frame = Vec::with_capacity(text.len() + 8);
        frame.push(0x81);
        match u8::try_from(text.len()) {
            Ok(short) if short < 126 => frame.push(0x80 | short),
            _ => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&u16::try_from(text.len())?.to_be_bytes());
            }
        }
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(text.as_bytes());
        self.stream.write_all(&frame).await?;
        Ok(())
    }

    /// Waits for bytes, and hands over every whole frame. Answers pings by itself. Safe to cancel.
    pub async fn hear(&mut self, scratch: &mut Vec<u8>, mut take: impl FnMut(Came<'_>) -> Result<()>) -> Result<()> {
        scratch.resize(64 * 1024, 0);
        let mut pings = 0;
        // what came together with the upgrade
        if self.rest.is_empty() || whole(&self.rest).is_none() {
            self.stream.readable().await?;
            match self.stream.try_read(scratch) {
                Ok(0) => return take(Came::Closed(1006)),
                Ok(n) if self.rest.is_empty() => {
                    let used = frames(&scratch[..n], &mut pings, &mut take)?;
                    self.rest.extend_from_slice(&scratch[used..n]);
                }
                Ok(n) => self.rest.extend_from_slice(&scratch[..n]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        let used = frames(&self.rest, &mut pings, &mut take)?;
        self.rest.drain(..used);
        if self.rest.is_empty() {
            self.rest = Vec::new();
        }
        for _ in 0..pings {
            self.send(r#"{"type":"pong"}"#).await?;
        }
        Ok(())
    }
}

/// Head and whole length of the first frame, if it is there.
fn whole(bytes: &[u8]) -> Option<(usize, usize)> {
    let (head, length) = match *bytes.get(1)? & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        short => (2, usize::from(short)),
    };
    (bytes.len() >= head + length).then_some((head, head + length))
}

fn frames(bytes: &[u8], pings: &mut u32, take: &mut impl FnMut(Came<'_>) -> Result<()>) -> Result<usize> {
    let mut used = 0;
    while let Some((head, length)) = whole(&bytes[used..]) {
        let body = &bytes[used + head..used + length];
        match bytes[used] & 0x0f {
            1 => {
                let text = std::str::from_utf8(body)?;
                *pings += u32::from(text.starts_with(r#"{"type":"ping""#));
                take(Came::Text(text))?;
            }
            8 => take(Came::Closed(body.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]))))?,
            _ => {}
        }
        used += length;
    }
    Ok(used)
}
