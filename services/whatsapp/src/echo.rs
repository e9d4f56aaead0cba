//! What the business wrote on a phone that shares the number.
//!
//! Promises:
//! - it stands in the conversation with whom it was written to, as the phone's, and is sent: nothing leaves by it;
//! - an echo of a message of ours is no second message, whichever of the echo and Meta's answer to our call comes
//!   first: while a call to that person has not said its message's id, echoes to them wait for up to two minutes.

use std::time::Duration;

use chat::Ctx;
use chat::contacts::{self, Told};
use chat::inbox::{self, NewMessage, Via};
use kernel::wire::{Contact, Delivery, Extra, Message, Reaction, Side, Visibility};
use kernel::{Actor, ConversationId, Error, Result, Timestamp};
use serde_json::{Value, json};
use store::{NewJob, Outcome, Task, Unit, Whose};

use crate::alias::Alias;
use crate::payload::{self, Content, Inbound, Person};
use crate::receive::{self, Became};
use crate::tables::{early, message, number, parked};
use crate::{media, person, status, wamid};

/// Job that looks again whether an echo is of a message of ours.
pub const PARKED: &str = "whatsapp.echo";
/// How long an echo waits for the answer to a call.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_secs(5);
/// Older than this, a message says when it was sent.
const LATE: Duration = Duration::from_secs(60);

/// One echo.
struct Echo<'a> {
    number: &'a number::Model,
    read: &'a Inbound,
    item: &'a Value,
    hash: String,
    at: Timestamp,
    /// Names of whom it was written to.
    to: Vec<Alias>,
    /// What they call themselves.
    name: Option<String>,
}

/// A message the business wrote on its phone; `people` are those its change speaks of.
pub async fn message(
    ctx: &Ctx,
    unit: &mut Unit,
    number: &number::Model,
    people: &[Person],
    item: &Value,
) -> Result<Became> {
    let Some(read) = payload::message(item) else { return Ok(Became::Failed("no_message_id")) };
    let echo = Echo::of(number, &read, item, people, ctx.clock().now());
    if echo.is_calling(unit).await? {
        echo.park(ctx, unit, people).await?;
        return Ok(Became::Done);
    }
    echo.take(ctx, unit).await
}

/// Runs [`PARKED`].
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let id = serde_json::from_value(task.payload["number"].clone());
    let (Some(tenant), Ok(id), Some(hash)) = (task.tenant, id, task.payload["hash"].as_str()) else {
        return Ok(Outcome::GiveUp("the job names no echo".to_owned()));
    };
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let number = number::find(unit.conn(), tenant, id).await?;
    let Some(row) = parked::find(unit.conn(), id, hash).await? else { return Ok(Outcome::Done) };
    let kept: Value =
        serde_json::from_str(ctx.vault.open(&seal(&row.hash), &row.body)?.reveal()).map_err(Error::internal)?;
    let people: Vec<Person> = payload::Look::list(&kept, "people").iter().filter_map(payload::person).collect();
    let Some(read) = payload::message(&kept["item"]) else { return Ok(Outcome::GiveUp("no echo".to_owned())) };
    let echo = Echo::of(&number, &read, &kept["item"], &people, row.at);
    if ctx.clock().now() < row.at.plus(PATIENCE) && echo.is_calling(&unit).await? {
        return Ok(Outcome::Again(LOOK));
    }
    if parked::take(unit.conn(), &row).await? {
        echo.take(&ctx, &mut unit).await?;
        unit.commit().await?;
    }
    Ok(Outcome::Done)
}

/// What a parked echo is sealed for.
pub(crate) fn seal(hash: &str) -> String {
    format!("{hash} echo")
}

impl<'a> Echo<'a> {
    fn of(number: &'a number::Model, read: &'a Inbound, item: &'a Value, people: &[Person], now: Timestamp) -> Self {
        let person = match (read.to.is_empty(), people) {
            (true, [only]) => Some(only),
            _ => payload::sender(people, &read.to),
        };
        let mut to = read.to.clone();
        for alias in person.into_iter().flat_map(|person| &person.aliases) {
            if !to.contains(alias) {
                to.push(alias.clone());
            }
        }
        if let Some(group) = &read.group {
            to = vec![Alias::Group(group.clone())];
        }
        let name = person.and_then(|person| person.name.as_deref().and_then(receive::line));
        let at = read.at.filter(|at| *at <= now).unwrap_or(now);
        Self { number, read, item, hash: wamid::hash(&read.id), at, to, name }
    }

    /// Whether a call to this person has not told its message's id yet. Asked before anything else: an answer that is
    /// stored a moment later is seen by whoever asks next.
    async fn is_calling(&self, unit: &Unit) -> Result<bool> {
        match person::find(unit, self.number.tenant_id, &self.to).await? {
            Some(contact) => parked::is_calling(unit.conn(), self.number.channel().id, contact).await,
            None => Ok(false),
        }
    }

    async fn park(&self, ctx: &Ctx, unit: &mut Unit, people: &[Person]) -> Result<()> {
        let people: Vec<Value> = people.iter().map(named).collect();
        let body = json!({ "item": self.item, "people": people }).to_string();
        let (tenant, id, now) = (self.number.tenant_id, self.number.id, ctx.clock().now());
        let body = ctx.vault.seal(&seal(&self.hash), &body)?;
        parked::put(
            unit.conn(),
            parked::Model { tenant_id: tenant, number_id: id, hash: self.hash.clone(), body, at: now },
        )
        .await?;
        let payload = json!({ "number": id, "hash": self.hash });
        let unique_key = Some(format!("{PARKED}:{id}:{}", self.hash));
        unit.enqueue(NewJob { kind: PARKED, tenant: Some(tenant), payload, run_at: now.plus(LOOK), unique_key });
        Ok(())
    }

    /// Does what it says, once.
    async fn take(&self, ctx: &Ctx, unit: &mut Unit) -> Result<Became> {
        if parked::is_ours(unit.conn(), self.number.channel().id, &self.hash).await? {
            return Ok(Became::Ignored("our_own_message"));
        }
        let stays =
            !matches!(self.read.content, Content::Reaction { .. } | Content::Revoke { .. } | Content::System(_));
        if stays && self.to.is_empty() {
            return Ok(Became::Failed("no_recipient"));
        }
        if !message::note(unit.conn(), &self.row(ctx, &self.read.id)?).await? {
            return Ok(Became::Ignored("repeated"));
        }
        match &self.read.content {
            Content::System(_) => Ok(Became::Ignored("about_nobody")),
            Content::Reaction { target, emoji } => self.react(ctx, unit, target, emoji.as_deref()).await,
            Content::Edit { original, content } => self.edit(ctx, unit, original, content).await,
            Content::Revoke { original } => self.revoke(ctx, unit, original).await,
            _ => self.post(ctx, unit, None).await.map(|_| Became::Done),
        }
    }

    fn row(&self, ctx: &Ctx, wamid: &str) -> Result<message::Model> {
        Ok(message::Model {
            tenant_id: self.number.tenant_id,
            number_id: self.number.id,
            hash: wamid::hash(wamid),
            wamid: wamid::seal(ctx, wamid)?,
            conversation_id: None,
            seq: None,
            way: "echo".to_owned(),
            at: self.at,
        })
    }

    async fn post(&self, ctx: &Ctx, unit: &mut Unit, edited_at: Option<Timestamp>) -> Result<Message> {
        let channel = self.number.channel();
        let contact = self.who(ctx, unit).await?;
        let conversation = inbox::converse(ctx, unit, channel, &contact, self.read.group.as_deref()).await?;
        let shown = receive::shown(&self.read.content, self.item, &self.read.problems)?;
        let (reply_to, quotes_unknown) = self.quoted(unit, conversation).await?;
        let extra = Extra {
            content: shown.content,
            delivery: Some(Delivery::Sent),
            edited_at,
            quotes_unknown,
            phone_app: true,
            sent_at: (self.at.plus(LATE) < ctx.clock().now()).then_some(self.at),
            ..Extra::default()
        };
        let new = NewMessage {
            client_id: wamid::client_id(&self.read.id)?,
            body: shown.body,
            files: Vec::new(),
            visibility: Visibility::Public,
            reply_to,
            extra: Some(Box::new(extra)),
            via: Via::default(),
        };
        let scope = inbox::vouched(channel, Actor::Phone);
        let posted = inbox::post_within(ctx, unit, &scope, conversation, new).await?;
        let place = (conversation, posted.seq);
        message::place(unit.conn(), (self.number.id, &self.hash), place).await?;
        if let Some(media) = &shown.media {
            media::fetch_later(unit, self.number, conversation, posted.seq, media);
        }
        status::catch_up(unit, self.number, &self.hash, ctx.clock().now()).await?;
        receive::catch_up(ctx, unit, self.number, &self.hash, place).await?;
        Ok(posted)
    }

    async fn who(&self, ctx: &Ctx, unit: &mut Unit) -> Result<Contact> {
        let tenant = self.number.tenant_id;
        let met = person::meet(ctx, unit, tenant, &self.to).await?;
        contacts::noted(ctx, unit, tenant, met.contact, &Told { name: self.name.clone(), phone: met.phone }).await
    }

    async fn quoted(&self, unit: &Unit, here: ConversationId) -> Result<(Option<kernel::MessageId>, bool)> {
        let Some(id) = self.read.context.as_ref().and_then(|context| context.id.as_deref()) else {
            return Ok((None, false));
        };
        let known = self.standing(unit, id).await?.filter(|(conversation, _)| *conversation == here);
        let found = match known {
            Some((_, seq)) => inbox::message_at(unit, self.number.tenant_id, here, seq).await?,
            None => None,
        };
        Ok((found, found.is_none()))
    }

    async fn standing(&self, unit: &Unit, wamid: &str) -> Result<Option<(ConversationId, i64)>> {
        let known = message::find(unit.conn(), self.number.id, &wamid::hash(wamid)).await?;
        Ok(known.and_then(|row| row.conversation_id.zip(row.seq)))
    }

    async fn react(&self, ctx: &Ctx, unit: &mut Unit, target: &str, emoji: Option<&str>) -> Result<Became> {
        let Some((conversation, seq)) = self.standing(unit, target).await? else {
            return Ok(Became::Ignored("unknown_target"));
        };
        let emoji = receive::sign(emoji);
        inbox::amend(unit, self.number.tenant_id, conversation, seq, ctx.clock().now(), |message| {
            let extra = message.extra.get_or_insert_default();
            extra.reactions.retain(|sign| sign.side != Side::Agent);
            if !emoji.is_empty() && extra.revoked_at.is_none() {
                extra.reactions.push(Reaction { side: Side::Agent, emoji });
            }
        })
        .await
        .map(|_| Became::Done)
    }

    /// Other words. Of a message nobody here has, this is all there is, and it counts as that message.
    async fn edit(&self, ctx: &Ctx, unit: &mut Unit, original: &str, new: &Content) -> Result<Became> {
        let Some((conversation, seq)) = self.standing(unit, original).await? else {
            let posted = self.post(ctx, unit, Some(self.at)).await?;
            let place = (Some(posted.conversation_id), Some(posted.seq));
            let row = message::Model { conversation_id: place.0, seq: place.1, ..self.row(ctx, original)? };
            message::note(unit.conn(), &row).await?;
            receive::catch_up(ctx, unit, self.number, &row.hash, (posted.conversation_id, posted.seq)).await?;
            return Ok(Became::Done);
        };
        let Some(words) = receive::words(new) else { return Ok(Became::Ignored("no_words")) };
        let (body, at) = (receive::body(words)?.as_str().to_owned(), self.at);
        let amended = inbox::amend(unit, self.number.tenant_id, conversation, seq, ctx.clock().now(), |message| {
            let extra = message.extra.get_or_insert_default();
            if extra.revoked_at.is_none() && extra.edited_at.is_none_or(|before| before <= at) {
                extra.edited_at = Some(at);
                message.body = body;
            }
        });
        amended.await.map(|_| Became::Done)
    }

    /// Takes a message back: its words and files go, unless the conversation must be kept.
    async fn revoke(&self, ctx: &Ctx, unit: &mut Unit, original: &str) -> Result<Became> {
        if let Some(spot) = self.standing(unit, original).await? {
            receive::taken_back(ctx, unit, self.number, spot, self.at).await?;
            return Ok(Became::Done);
        }
        let row = early::Model {
            tenant_id: self.number.tenant_id,
            number_id: self.number.id,
            hash: wamid::hash(original),
            kind: "revoke".to_owned(),
            body: String::new(),
            at: self.at,
            kept_at: ctx.clock().now(),
        };
        early::put(unit.conn(), row).await?;
        Ok(Became::Ignored("unknown_target"))
    }
}

/// A person as Meta writes one.
fn named(person: &Person) -> Value {
    let of = |kind: &str| person.aliases.iter().find(|alias| alias.kind() == kind).map(Alias::value);
    json!({ "user_id": of("user"), "parent_user_id": of("parent"), "wa_id": of("wa"),
        "profile": { "name": person.name, "username": person.username } })
}
