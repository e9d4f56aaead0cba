//! One connection: who it is, where it stands, and a bounded queue of what it has not read yet.
//!
//! The queue is empty and unallocated while nothing happens; most connections are idle most of the time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytestring::ByteString;
use kernel::{Actor, Position, Role, Scope, TenantId, Timestamp};
use tokio::sync::Notify;

use crate::{Ending, HubConfig};

/// How the bearer is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A WebSocket: events and signals.
    Socket,
    /// One long poll: events only.
    Poll,
}

/// What a bearer proved.
#[derive(Clone, Debug)]
pub struct Pass {
    /// Who and where.
    pub scope: Scope,
    /// When the proof is over.
    pub expires_at: Timestamp,
    /// For a visitor, origin of the page the widget stands on.
    pub origin: Option<String>,
}

/// A frame and, for an event, its number.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub n: Option<i64>,
    pub text: ByteString,
}

/// One connection, as the hub and its socket share it.
pub(crate) struct Connection {
    pub number: u64,
    pub kind: Kind,
    pub tenant: TenantId,
    /// For a visitor, origin of the page the widget stands on.
    pub origin: Option<Box<str>>,
    /// Epoch and shard of every position it hears of.
    place: Position,
    scope: Mutex<Scope>,
    expires: AtomicI64,
    /// Milliseconds of the hub's life at which the peer was heard and pinged.
    pub heard: AtomicU64,
    pub pinged: AtomicU64,
    /// The last event the peer was handed.
    told: AtomicI64,
    ping_due: AtomicBool,
    queue: Mutex<Queue>,
    pub wake: Notify,
}

struct Queue {
    frames: VecDeque<Frame>,
    bytes: usize,
    /// Every event up to this number was queued or read back for this connection, or is not for it.
    seen: i64,
    mode: Mode,
    ending: Option<Ending>,
    /// An ending that lets what is queued out first.
    ending_after: Option<Ending>,
}

enum Mode {
    /// Reading back what it missed. Newer events wait here; when there are too many, the oldest are left to be read back.
    Behind { held: VecDeque<Frame>, bytes: usize, lost: i64 },
    /// Everything is queued as it happens.
    Live,
}

/// What the socket should do next.
pub(crate) enum Next {
    Frame(Frame),
    Ping,
    End(Ending),
    /// The queue is empty; the flag says whether there is something to read back first.
    Nothing {
        behind: bool,
    },
}

fn behind(lost: i64) -> Mode {
    Mode::Behind { held: VecDeque::new(), bytes: 0, lost }
}

impl Connection {
    pub fn new(number: u64, kind: Kind, pass: Pass, place: Position, now: u64) -> Self {
        let queue =
            Queue { frames: VecDeque::new(), bytes: 0, seen: 0, mode: behind(0), ending: None, ending_after: None };
        Self {
            number,
            kind,
            tenant: pass.scope.tenant(),
            origin: pass.origin.map(String::into_boxed_str),
            place,
            scope: Mutex::new(pass.scope),
            expires: AtomicI64::new(pass.expires_at.millis()),
            heard: AtomicU64::new(now),
            pinged: AtomicU64::new(now),
            told: AtomicI64::new(0),
            ping_due: AtomicBool::new(false),
            queue: Mutex::new(queue),
            wake: Notify::new(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who it is, as of now.
    pub fn scope(&self) -> Scope {
        self.scope.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks something of the scope without copying it.
    pub fn with_scope<T>(&self, ask: impl FnOnce(&Scope) -> T) -> T {
        ask(&self.scope.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The person's role changed while they were connected; the committed event is the proof.
    pub fn change_role(&self, now: Role) {
        let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
        *scope = scope.clone().in_role(now);
    }

    /// A fresh proof for the same bearer; another bearer's is refused.
    pub fn renew(&self, pass: Pass) -> bool {
        let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
        let same = is_same_bearer(&scope, &pass.scope) && pass.origin.as_deref() == self.origin.as_deref();
        if same {
            *scope = pass.scope;
            self.expires.store(pass.expires_at.millis(), Ordering::Release);
        }
        same
    }

    pub fn is_expired(&self, now: Timestamp) -> bool {
        now.millis() >= self.expires.load(Ordering::Acquire)
    }

    /// A number in this connection's stream as clients know it.
    pub fn position(&self, n: i64) -> Position {
        Position { n, ..self.place }
    }

    /// The last event the peer was handed, or where it began.
    pub fn told(&self) -> Position {
        self.position(self.told.load(Ordering::Acquire))
    }

    /// Says that the peer knows everything up to `n`.
    pub fn tell(&self, n: i64) {
        self.told.fetch_max(n, Ordering::AcqRel);
    }

    /// Up to where every event is queued, handed over or not for this connection.
    pub fn seen(&self) -> i64 {
        self.queue().seen
    }

    /// Everything up to `n` was read back.
    pub fn read_back(&self, n: i64) {
        let mut queue = self.queue();
        queue.seen = queue.seen.max(n);
    }

    /// Queues an event, or keeps it while older ones are read back.
    pub fn deliver(&self, n: i64, text: &ByteString, config: &HubConfig) -> Delivered {
        let mut queue = self.queue();
        if queue.ending.is_some() || n <= queue.seen {
            return Delivered::Skipped;
        }
        let frame = Frame { n: Some(n), text: text.clone() };
        let Queue { mode, seen, .. } = &mut *queue;
        match mode {
            Mode::Behind { held, bytes, lost } => {
                hold(held, bytes, lost, frame, config);
                Delivered::Held
            }
            Mode::Live => {
                *seen = n;
                self.push(queue, frame, config)
            }
        }
    }

    /// Queues what is only true for a moment. Nobody who is catching up needs it.
    pub fn signal(&self, text: &ByteString, config: &HubConfig) -> Delivered {
        let queue = self.queue();
        if self.kind == Kind::Poll || queue.ending.is_some() || matches!(queue.mode, Mode::Behind { .. }) {
            return Delivered::Skipped;
        }
        self.push(queue, Frame { n: None, text: text.clone() }, config)
    }

    fn push(&self, mut queue: MutexGuard<'_, Queue>, frame: Frame, config: &HubConfig) -> Delivered {
        let bytes = queue.bytes + frame.text.len();
        if queue.frames.len() >= config.queue_frames || bytes > config.queue_bytes {
            queue.end(Ending::Slow);
            drop(queue);
            self.wake.notify_one();
            return Delivered::TooSlow;
        }
        queue.bytes = bytes;
        queue.frames.push_back(frame);
        drop(queue);
        self.wake.notify_one();
        Delivered::Queued
    }

    /// Starts reading back after `n`, as if it had just arrived there; `lost` is the newest event that was not queued.
    pub fn fall_behind(&self, lost: i64) {
        let mut queue = self.queue();
        match &mut queue.mode {
            Mode::Behind { lost: known, .. } => *known = lost.max(*known),
            Mode::Live => queue.mode = behind(lost),
        }
        drop(queue);
        self.wake.notify_one();
    }

    /// Ends reading back when nothing was lost meanwhile: what was held is queued, and all else as it happens.
    pub fn go_live(&self) -> bool {
        let mut queue = self.queue();
        let seen = queue.seen;
        let Mode::Behind { held, lost, .. } = &mut queue.mode else { return true };
        if *lost > seen {
            return false;
        }
        let held = std::mem::take(held);
        queue.mode = Mode::Live;
        for frame in held {
            if frame.n.is_some_and(|n| n > queue.seen) {
                queue.seen = frame.n.unwrap_or(queue.seen);
                queue.bytes += frame.text.len();
                queue.frames.push_back(frame);
            }
        }
        true
    }

    /// The client loads its state anew and stands at `n`. What came after `n` meanwhile still reaches it.
    pub fn restart_at(&self, n: i64) {
        self.read_back(n);
        self.tell(n);
    }

    /// Everything up to this number was handed over or is not for this connection; nothing while something waits.
    pub fn settled(&self) -> Option<i64> {
        let queue = self.queue();
        let is_settled = matches!(queue.mode, Mode::Live) && queue.frames.is_empty();
        is_settled.then_some(queue.seen)
    }

    /// Resolves when the connection is to be closed whatever is still unsent. Safe to cancel.
    pub async fn ended(&self) -> Ending {
        loop {
            if let Some(why) = self.ending() {
                return why;
            }
            self.wake.notified().await;
        }
    }

    /// Ends the connection now; what is queued is not sent.
    pub fn end(&self, why: Ending) {
        self.queue().end(why);
        self.wake.notify_one();
    }

    /// Ends the connection when what is queued has been handed over.
    pub fn end_after(&self, why: Ending) {
        self.queue().ending_after.get_or_insert(why);
        self.wake.notify_one();
    }

    pub fn ending(&self) -> Option<Ending> {
        self.queue().ending
    }

    pub fn ask_for_ping(&self) {
        self.ping_due.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// What to hand over next.
    pub fn next(&self) -> Next {
        let mut queue = self.queue();
        if let Some(why) = queue.ending {
            return Next::End(why);
        }
        if let Some(frame) = queue.frames.pop_front() {
            queue.bytes -= frame.text.len();
            if queue.frames.is_empty() {
                // a burst is over; idle connections keep nothing
                queue.frames = VecDeque::new();
            }
            drop(queue);
            if let Some(n) = frame.n {
                self.tell(n);
            }
            return Next::Frame(frame);
        }
        if let Some(why) = queue.ending_after {
            queue.end(why);
            return Next::End(why);
        }
        let behind = matches!(queue.mode, Mode::Behind { .. });
        drop(queue);
        match self.ping_due.swap(false, Ordering::AcqRel) {
            true => Next::Ping,
            false => Next::Nothing { behind },
        }
    }
}

fn hold(held: &mut VecDeque<Frame>, bytes: &mut usize, lost: &mut i64, frame: Frame, config: &HubConfig) {
    *bytes += frame.text.len();
    held.push_back(frame);
    while held.len() > config.queue_frames / 2 || *bytes > config.queue_bytes / 2 {
        let Some(oldest) = held.pop_front() else { return };
        *bytes -= oldest.text.len();
        *lost = oldest.n.unwrap_or(*lost).max(*lost);
    }
}

impl Queue {
    fn end(&mut self, why: Ending) {
        self.ending.get_or_insert(why);
        self.frames = VecDeque::new();
        self.bytes = 0;
        self.mode = Mode::Live;
    }
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    Queued,
    Held,
    Skipped,
    TooSlow,
}

fn is_same_bearer(a: &Scope, b: &Scope) -> bool {
    let same_actor = match (a.actor(), b.actor()) {
        (Actor::Agent { id, session, .. }, Actor::Agent { id: other, session: other_session, .. }) => {
            id == other && session == other_session
        }
        (Actor::Visitor { id, widget }, Actor::Visitor { id: other, widget: other_widget }) => {
            id == other && widget == other_widget
        }
        _ => false,
    };
    same_actor && a.tenant() == b.tenant()
}
