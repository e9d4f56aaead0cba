//! A connection in the hands of its socket.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bus::Hearers;
use bytestring::ByteString;
use kernel::wire::{Author, AuthorKind, Reach};
use kernel::{Actor, ContactId, ConversationId, Position, Result, Role, Scope};

use crate::connection::{Connection, Frame, Next};
use crate::product::is_visitor;
use crate::protocol::Active;
use crate::resume::{self, Step};
use crate::{Ending, Hub, Kind, Pass, frames};

/// Conversations whose owner a connection remembers, so that typing costs no look-up per key.
const REMEMBERED: usize = 4;

/// A connection in the hands of its socket. Dropped, it is gone from the hub.
pub struct Live {
    hub: Hub,
    connection: Arc<Connection>,
    /// Events read back and not handed over yet; empty and unallocated once live.
    pages: VecDeque<Frame>,
    /// Events read back so far.
    missed: usize,
    /// Whether the last read found the end of the stream.
    is_read: bool,
    is_greeted: bool,
    is_lost: bool,
    known: Vec<(ConversationId, Option<ContactId>)>,
}

/// What the socket does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Send this text frame.
    Text(ByteString),
    /// Close.
    End(Ending),
}

/// How a connection began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    pub position: Position,
    pub resumed: bool,
}

impl Live {
    pub(crate) fn new(hub: Hub, connection: Arc<Connection>) -> Self {
        Self {
            hub,
            connection,
            pages: VecDeque::new(),
            missed: 0,
            is_read: false,
            is_greeted: false,
            is_lost: false,
            known: Vec::new(),
        }
    }

    /// Takes its stand at `after`, or at the end of the stream. Gives the first frame to send.
    pub async fn begin(&mut self, after: Option<Position>) -> Result<ByteString> {
        self.introduce().await?;
        let begun = self.stand(after).await?;
        Ok(frames::welcome(begun.position, begun.resumed))
    }

    pub(crate) async fn stand(&mut self, after: Option<Position>) -> Result<Begun> {
        let head = self.hub.0.product.head(self.connection.tenant);
        let Some(after) = after else { return Ok(self.start_over(head, true)) };
        match resume::step(&self.hub.0.product, &self.connection, after, self.hub.0.config.page).await? {
            Step::TooOld => Ok(self.start_over(head, false)),
            step => {
                self.connection.tell(after.n);
                let is_end = self.take(step);
                if self.is_visitor() && !is_end && !self.scan().await? {
                    return Ok(self.start_over(head, false));
                }
                Ok(Begun { position: after, resumed: true })
            }
        }
    }

    /// A visitor's few events are looked for among all of the tenant's: bounded, and done before the welcome.
    async fn scan(&mut self) -> Result<bool> {
        let (page, most) = (self.hub.0.config.page, self.hub.0.config.most_scanned as u64);
        let mut scanned = page;
        while scanned < most {
            let from = self.connection.position(self.connection.seen());
            let step = resume::step(&self.hub.0.product, &self.connection, from, page).await?;
            scanned += page;
            if self.take(step) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn start_over(&mut self, head: Position, resumed: bool) -> Begun {
        self.pages = VecDeque::new();
        self.is_read = true;
        self.connection.restart_at(head.n);
        Begun { position: head, resumed }
    }

    /// Keeps what was read; says whether it was the end.
    fn take(&mut self, step: Step) -> bool {
        let Step::Read { frames, upto, is_end } = step else { return false };
        self.missed += frames.len();
        self.pages.extend(frames);
        self.connection.read_back(upto);
        self.is_read = is_end;
        is_end
    }

    /// What to do next. Safe to cancel.
    pub async fn next(&mut self) -> Out {
        loop {
            match self.connection.next() {
                Next::End(why) => return Out::End(why),
                Next::Frame(frame) => return self.out(frame.text),
                Next::Ping => return self.out(frames::ping(self.connection.told())),
                Next::Nothing { behind: false } => self.connection.wake.notified().await,
                Next::Nothing { behind: true } => {
                    if let Some(out) = self.catch_up().await {
                        return out;
                    }
                }
            }
        }
    }

    fn out(&self, text: ByteString) -> Out {
        self.hub.0.meters.frames.increment(1);
        Out::Text(text)
    }

    async fn catch_up(&mut self) -> Option<Out> {
        if let Some(frame) = self.pages.pop_front() {
            if self.pages.is_empty() {
                self.pages = VecDeque::new();
            }
            self.connection.tell(frame.n.unwrap_or_default());
            return Some(self.out(frame.text));
        }
        if self.is_read && self.connection.go_live() {
            self.greet();
            return None;
        }
        self.read_on().await
    }

    async fn read_on(&mut self) -> Option<Out> {
        let from = self.connection.position(self.connection.seen());
        let page = self.hub.0.config.page;
        let step = tokio::select! {
            step = resume::step(&self.hub.0.product, &self.connection, from, page) => step,
            _ = self.connection.ended() => return None,
        };
        match step {
            Ok(Step::TooOld) => Some(self.lose_track()),
            Ok(_) if self.missed > self.hub.0.config.most_missed => Some(self.lose_track()),
            Ok(step) => {
                self.take(step);
                None
            }
            Err(error) => {
                tracing::warn!(%error, "cannot read back events; the client resumes elsewhere");
                self.connection.end(Ending::Restart);
                None
            }
        }
    }

    /// Loading everything again is cheaper than reading all of it back: a second welcome says so.
    fn lose_track(&mut self) -> Out {
        let head = self.hub.0.product.head(self.connection.tenant);
        self.missed = 0;
        self.is_lost = true;
        let begun = self.start_over(head, false);
        self.out(frames::welcome(begun.position, begun.resumed))
    }

    /// Resolves when the connection is to be closed whatever is still unsent. Safe to cancel.
    pub async fn ended(&self) -> Ending {
        self.connection.ended().await
    }

    /// Who it is, as of now.
    pub fn scope(&self) -> Scope {
        self.connection.scope()
    }

    /// The peer said something: it is alive.
    pub fn heard(&self) {
        self.connection.heard.store(self.hub.millis(), Ordering::Relaxed);
    }

    /// A fresh token for the same bearer; another bearer's ends the connection.
    pub fn renew(&self, pass: Pass) -> bool {
        self.connection.renew(pass)
    }

    /// Somebody writes, or stopped. Silently nothing when the conversation is not theirs.
    pub async fn typing(&mut self, conversation: ConversationId, on: bool) {
        let scope = self.connection.scope();
        if matches!(scope.actor(), Actor::Agent { .. }) && scope.require(Role::Agent).is_err() {
            return;
        }
        let Some(visitor) = self.whose(&scope, conversation).await else { return };
        let (author, to, except) = match scope.actor() {
            Actor::Agent { id, .. } => {
                let name = self.name_of(*id);
                let author = Author { kind: AuthorKind::Agent, id: Some(id.to_string()), name };
                (author, visitor.map_or(Hearers::Agents, Hearers::AgentsAnd), Some(*id))
            }
            _ => {
                let id = visitor.map(|visitor| visitor.to_string());
                let author = Author { kind: AuthorKind::Visitor, id, name: String::new() };
                (author, Hearers::Agents, None)
            }
        };
        self.hub.say(scope.tenant(), to, except, frames::typing(conversation, &author, on));
    }

    /// Whether the agent is there, and what they look at. Silently nothing for visitors and foreign conversations.
    pub async fn presence(&mut self, state: Active, viewing: Option<ConversationId>) {
        let scope = self.connection.scope();
        if is_visitor(&scope) {
            return;
        }
        let viewing = match viewing {
            Some(conversation) => self.whose(&scope, conversation).await.map(|_| conversation),
            None => None,
        };
        self.hub.set_presence(&self.connection, state, viewing);
    }

    /// Messages up to `seq` arrived or were seen. Silently nothing when the conversation is not theirs.
    pub async fn mark(&self, conversation: ConversationId, seq: i64, reach: Reach) {
        let scope = self.connection.scope();
        if let Err(error) = self.hub.0.product.mark(&scope, conversation, seq, reach).await {
            tracing::debug!(%error, "receipt refused");
        }
    }

    async fn whose(&mut self, scope: &Scope, conversation: ConversationId) -> Option<Option<ContactId>> {
        if let Some((_, visitor)) = self.known.iter().find(|(known, _)| *known == conversation) {
            return Some(*visitor);
        }
        let visitor = self.hub.0.product.whose(scope, conversation).await.ok()?;
        self.known.truncate(REMEMBERED - 1);
        self.known.insert(0, (conversation, visitor));
        Some(visitor)
    }

    fn name_of(&self, agent: kernel::AgentId) -> String {
        let room = self.hub.0.rooms.get(&self.connection.tenant);
        room.and_then(|room| room.agents.get(&agent).map(|seat| seat.name.clone())).unwrap_or_default()
    }

    /// Looks up what others are told about this bearer.
    async fn introduce(&self) -> Result<()> {
        let scope = self.connection.scope();
        if is_visitor(&scope) {
            let conversations = self.hub.0.product.conversations(&scope).await?;
            if let (Some(mut room), Ok((visitor, _))) = (self.hub.0.rooms.get_mut(&scope.tenant()), scope.visitor())
                && let Some(seat) = room.visitors.get_mut(&visitor)
            {
                for conversation in conversations {
                    seat.learn(conversation);
                }
                room.is_stirred = true;
            }
        } else {
            let name = self.hub.0.product.name(&scope).await?;
            if let (Some(mut room), Ok((agent, _))) = (self.hub.0.rooms.get_mut(&scope.tenant()), scope.agent())
                && let Some(seat) = room.agents.get_mut(&agent)
            {
                seat.name = name;
            }
        }
        self.hub.0.moved.notify_one();
        Ok(())
    }

    fn greet(&mut self) {
        if std::mem::replace(&mut self.is_greeted, true) || self.connection.kind == Kind::Poll {
            return;
        }
        let Some(mut room) = self.hub.0.rooms.get_mut(&self.connection.tenant) else { return };
        match self.is_visitor() {
            true => room.greet_visitor(&self.connection, &self.hub.others(), &self.hub.0.config),
            false => room.greet_agent(&self.connection, &self.hub.others(), &self.hub.0.config),
        }
    }

    fn is_visitor(&self) -> bool {
        self.connection.with_scope(is_visitor)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether the client was told to load its state anew after it had been welcomed.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The furthest position up to which the peer has been handed everything.
    pub(crate) fn standing(&self) -> Position {
        let told = self.connection.told();
        match self.connection.settled().filter(|_| self.pages.is_empty()) {
            Some(n) => self.connection.position(n.max(told.n)),
            None => told,
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.hub.leave(&self.connection);
    }
}
