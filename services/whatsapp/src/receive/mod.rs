//! The way of messages into the inbox.
//!
//! Promises:
//! - Meta's id of a message counts once per number, however often and in whatever company it is delivered;
//! - every kind becomes something somebody can see; what nobody understands is shown as such;
//! - a message never waits for its file, its neighbours, or the message it speaks of;
//! - a group's messages stand in the group's own conversation.

mod change;
mod content;
mod notice;
mod post;

pub use change::{catch_up, sign, taken_back};
pub use content::{body, line, shown, words};
pub use notice::renamed;

use chat::Ctx;
use kernel::{Result, Timestamp};
use serde_json::Value;
use store::Unit;

use crate::alias::Alias;
use crate::payload::{self, Content, Inbound, Person};
use crate::tables::{message, number};
use crate::wamid;

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// Its effect is there.
    Done,
    /// Kept until there is a place for it.
    Waiting,
    /// Nothing follows from it, and why.
    Ignored(&'static str),
    /// It could not be worked on, and why.
    Failed(&'static str),
}

/// One message on its way in.
struct Arriving<'a> {
    /// Through which number.
    number: &'a number::Model,
    /// As it was read.
    read: &'a Inbound,
    /// As it came.
    item: &'a Value,
    /// What its rows are found by.
    hash: String,
    /// When it was sent, as far as anybody can know.
    at: Timestamp,
    /// Every name of whoever sent it.
    from: Vec<Alias>,
    /// What they call themselves.
    name: Option<String>,
}

/// A message a customer sent; `people` are those its change speaks of.
pub async fn message(
    ctx: &Ctx,
    unit: &mut Unit,
    number: &number::Model,
    people: &[Person],
    item: &Value,
) -> Result<Became> {
    let Some(read) = payload::message(item) else { return Ok(Became::Failed("no_message_id")) };
    let arriving = Arriving::of(number, &read, item, people, ctx.clock().now());
    let needs_sender = !matches!(read.content, Content::System(_) | Content::Reaction { .. } | Content::Revoke { .. });
    if needs_sender && arriving.from.is_empty() {
        return Ok(Became::Failed("no_sender"));
    }
    // first of all: whoever delivers the same at this very moment waits here, and then goes home
    if !message::note(unit.conn(), &arriving.row(ctx, &read.id)?).await? {
        return Ok(Became::Ignored("repeated"));
    }
    match &read.content {
        Content::System(told) => notice::tell(ctx, unit, &arriving, told).await,
        Content::Reaction { target, emoji } => change::react(ctx, unit, &arriving, target, emoji.as_deref()).await,
        Content::Edit { original, content } => change::edit(ctx, unit, &arriving, original, content).await,
        Content::Revoke { original } => change::revoke(ctx, unit, &arriving, original).await,
        _ => post::message(ctx, unit, &arriving).await.map(|_| Became::Done),
    }
}

/// Follows the person a notice is about, and nothing else: their words may be worked on before it. A notice that was
/// worked on before tells nothing new; somebody else may have the number by now.
pub async fn introduce(
    ctx: &Ctx,
    unit: &mut Unit,
    number: &number::Model,
    people: &[Person],
    item: &Value,
) -> Result<()> {
    let Some(read) = payload::message(item) else { return Ok(()) };
    let arriving = Arriving::of(number, &read, item, people, ctx.clock().now());
    let Content::System(told) = &read.content else { return Ok(()) };
    if message::find(unit.conn(), number.id, &arriving.hash).await?.is_some() {
        return Ok(());
    }
    notice::follow(ctx, unit, &arriving, told).await.map(|_| ())
}

/// A problem of the number that belongs to no message: its line is all there is to it.
pub fn problem(item: &Value) -> Became {
    match payload::problem(item) {
        Some(_) => Became::Done,
        None => Became::Failed("no_problem"),
    }
}

/// Everybody a message may be about: what their conversations are looked up by before any of them is touched.
pub fn names(people: &[Person], item: &Value) -> Vec<Alias> {
    let Some(read) = payload::message(item) else { return Vec::new() };
    match read.group {
        Some(group) => vec![Alias::Group(group)],
        None => sender(&read, people).0,
    }
}

/// Every name of a message's sender, and what they call themselves.
fn sender(read: &Inbound, people: &[Person]) -> (Vec<Alias>, Option<String>) {
    let person = match (read.from.is_empty(), people) {
        // nobody is named, and there is nobody else it could be
        (true, [only]) => Some(only),
        _ => payload::sender(people, &read.from),
    };
    let mut from = read.from.clone();
    for alias in person.into_iter().flat_map(|person| &person.aliases) {
        if !from.contains(alias) {
            from.push(alias.clone());
        }
    }
    let handle = |person: &Person| person.username.as_ref().map(|name| format!("@{name}"));
    let name = person.and_then(|person| person.name.as_deref().and_then(content::line).or_else(|| handle(person)));
    (from, name.map(|name| name.chars().take(80).collect()))
}

impl<'a> Arriving<'a> {
    fn of(number: &'a number::Model, read: &'a Inbound, item: &'a Value, people: &[Person], now: Timestamp) -> Self {
        let (from, name) = sender(read, people);
        Self { number, read, item, hash: wamid::hash(&read.id), at: sent(read, now), from, name }
    }

    /// The row that makes it count once.
    fn row(&self, ctx: &Ctx, wamid: &str) -> Result<message::Model> {
        Ok(message::Model {
            tenant_id: self.number.tenant_id,
            number_id: self.number.id,
            hash: wamid::hash(wamid),
            wamid: wamid::seal(ctx, wamid)?,
            conversation_id: None,
            seq: None,
            way: "in".to_owned(),
            at: self.at,
        })
    }
}

/// When it was sent. Nothing was sent in the future: a time that pretends so would keep the window open for ever.
fn sent(read: &Inbound, now: Timestamp) -> Timestamp {
    let skew = std::time::Duration::from_secs(300);
    read.at.filter(|at| *at <= now.plus(skew)).unwrap_or(now)
}
