//! A pipe between hubs, in place of a broker: nobody waits for anybody, and each hears in order.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use tokio::sync::mpsc::{Sender, channel};
use uuid::Uuid;

use crate::Hub;

/// Notes that may wait for a hub; no test sends as many.
const ROOM: usize = 1 << 16;

/// One hub's end.
#[derive(Clone)]
pub(crate) struct Pipe {
    pub node: Uuid,
    shared: Arc<Shared>,
}

type End = (Uuid, Sender<(Uuid, Bytes)>);

/// What all ends share.
#[derive(Default)]
struct Shared {
    ends: Mutex<Vec<End>>,
    notes: AtomicUsize,
    is_cut: AtomicBool,
}

impl Pipe {
    /// So many ends.
    pub fn ends<const N: usize>() -> [Self; N] {
        let shared = Arc::new(Shared::default());
        std::array::from_fn(|n| Self { node: Uuid::from_u128(n as u128 + 1), shared: shared.clone() })
    }

    /// From now on this hub hears what the others send.
    pub fn reach(&self, hub: &Hub) {
        let (sender, mut notes) = channel::<(Uuid, Bytes)>(ROOM);
        self.all().push((self.node, sender));
        let hub = Arc::downgrade(&hub.0);
        tokio::spawn(async move {
            while let Some((from, bytes)) = notes.recv().await {
                let Some(inner) = hub.upgrade() else { return };
                Hub(inner).hear_note(from, &bytes);
            }
        });
    }

    fn all(&self) -> MutexGuard<'_, Vec<End>> {
        self.shared.ends.lock().expect("no test panics while holding it")
    }

    pub fn send(&self, bytes: Bytes) {
        self.shared.notes.fetch_add(1, Ordering::Relaxed);
        if !self.shared.is_cut.load(Ordering::Acquire) {
            for (_, other) in self.all().iter().filter(|(node, _)| *node != self.node) {
                // a hub that is gone hears nothing
                let _ = other.try_send((self.node, bytes.clone()));
            }
        }
    }

    /// Cuts the pipe, or mends it.
    pub fn cut(&self, is_cut: bool) {
        self.shared.is_cut.store(is_cut, Ordering::Release);
    }

    /// How many notes were sent.
    pub fn notes(&self) -> usize {
        self.shared.notes.load(Ordering::Relaxed)
    }
}
