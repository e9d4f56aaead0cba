//! Long polling, for networks that let no socket through: the same connection for the length of one request.

use std::time::Duration;

use bytestring::ByteString;
use kernel::{Position, Result};
use tokio::time::{Instant, timeout_at};

use crate::{Hub, Kind, Live, Out, Pass};

/// Events in one answer.
const MOST: usize = 500;

/// What a long poll found.
#[derive(Debug)]
pub struct Polled {
    /// Frames of events, oldest first.
    pub events: Vec<ByteString>,
    /// Where to ask from next.
    pub position: Position,
    /// Whether nothing was missed; if not, the client loads its state anew.
    pub resumed: bool,
}

impl Hub {
    /// Registers a bearer for one long poll.
    pub fn join_poll(&self, pass: Pass) -> Result<Live> {
        self.join(pass, Kind::Poll)
    }
}

impl Live {
    /// Events after `after`; waits for the first one up to `wait`. A connection that is ended gives what it had.
    pub async fn poll(&mut self, after: Option<Position>, wait: Duration) -> Result<Polled> {
        let until = Instant::now() + wait;
        let begun = self.stand(after).await?;
        if !begun.resumed {
            return Ok(Polled { events: Vec::new(), position: begun.position, resumed: false });
        }
        let mut events = Vec::new();
        while events.len() < MOST {
            // after the first event only what is there already is taken along
            let until = if events.is_empty() { until } else { Instant::now() };
            match timeout_at(until, self.next_event()).await {
                Ok(Some(text)) => events.push(text),
                Ok(None) | Err(_) => break,
            }
        }
        if self.is_lost() {
            return Ok(Polled { events: Vec::new(), position: self.standing(), resumed: false });
        }
        Ok(Polled { events, position: self.standing(), resumed: true })
    }

    /// Whether the server ended the connection.
    pub fn ending(&self) -> Option<crate::Ending> {
        self.connection().ending()
    }

    async fn next_event(&mut self) -> Option<ByteString> {
        match self.next().await {
            Out::Text(text) if !self.is_lost() => Some(text),
            _ => None,
        }
    }
}
