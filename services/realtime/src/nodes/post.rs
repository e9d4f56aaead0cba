//! The way to the other processes.

use bus::Bus;
use bytes::Bytes;
use uuid::Uuid;

use crate::nodes::TOPIC;

/// The bus, or for tests a pipe to another hub.
pub(crate) enum Post {
    Bus(Bus),
    #[cfg(test)]
    Pipe(crate::tests::Pipe),
}

impl Post {
    /// Which process this is.
    pub fn node(&self) -> Uuid {
        match self {
            Self::Bus(bus) => bus.node(),
            #[cfg(test)]
            Self::Pipe(pipe) => pipe.node,
        }
    }

    /// Whether there may be others.
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Bus(bus) => bus.is_shared(),
            #[cfg(test)]
            Self::Pipe(_) => true,
        }
    }

    pub fn send(&self, bytes: Bytes) {
        match self {
            Self::Bus(bus) => bus.note(TOPIC, bytes),
            #[cfg(test)]
            Self::Pipe(pipe) => pipe.send(bytes),
        }
    }
}
