//! What follows from an answer, in one commit.

use std::time::Duration;

use chat::{Ctx, inbox};
use kernel::wire::{Conversation, Delivery, Failure};
use kernel::{Result, Timestamp, WaNumberId};
use store::Unit;

use super::answer::Answered;
use super::progress::further;
use super::retry::{self, Next};
use super::show::{because, show};
use super::{halt, unheard, wake};
use crate::alias::Alias;
use crate::failure::judge;
use crate::payload::Problem;
use crate::status::News;
use crate::tables::outgoing::{self, Model, State};
use crate::tables::{alias, entry, message, number, orphan, turn, word};
use crate::{preference, wamid};

/// An answer within this time of an advertisement's message …
const ENTRY: Duration = Duration::from_secs(24 * 3_600);
/// … is free for so long.
const FREE: Duration = Duration::from_secs(72 * 3_600);
/// How long a number waits that could not reach Meta.
const AWAY: Duration = Duration::from_secs(5);

/// Meta's word for somebody who wants no marketing.
const NO_MARKETING: i64 = 131_050;

/// What is known of a call.
#[derive(Clone, Debug)]
pub enum Known {
    /// Meta's answer, or that there is none.
    Answered(Answered),
    /// It was not made and never will be.
    Never(Failure),
    /// It was not made, and is to be after this long.
    Later(Duration),
    /// It was not made: there is nothing to make it with.
    NoToken,
}

/// Writes down what is known. `is_over`: the turn that began the call has ended, so a job is left for what comes next.
pub async fn settle(ctx: &Ctx, called: &Model, known: &Known, is_over: bool) -> Result<()> {
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(called.tenant_id).await?;
    let talk = inbox::held(&unit, called.tenant_id, called.conversation_id).await?;
    let same = |row: &Model| row.called_at == called.called_at;
    let Some(row) = outgoing::lock(unit.conn(), called.id).await?.filter(same) else { return Ok(()) };
    let number = number::find(unit.conn(), row.tenant_id, row.channel()).await?;
    let is_open = matches!(row.stands()?, State::Leased | State::Unknown);
    let mut settling = Settling { ctx, unit: &mut unit, now, number: &number };
    match known {
        Known::Answered(Answered::Taken { wamid, names }) => settling.taken(row, wamid, names, &talk).await?,
        // a state has told more meanwhile than this answer does
        _ if !is_open => return Ok(()),
        Known::Answered(Answered::Refused(problem)) => settling.refused(row, problem, true).await?,
        Known::Answered(Answered::Strange(_)) => settling.refused(row, &wordless(131_000), false).await?,
        Known::Answered(Answered::Busy) => settling.refused(row, &wordless(130_429), false).await?,
        Known::Answered(Answered::NotSent) => settling.not_sent(row).await?,
        Known::Answered(Answered::Unknown) => {
            outgoing::save(settling.unit.conn(), &unheard::unknown(row, now)?).await?
        }
        Known::Never(failure) => settling.fail(row, failure).await?,
        Known::Later(wait) => settling.later(row, *wait).await?,
        Known::NoToken => {
            outgoing::save(settling.unit.conn(), &back(row, now, now)?).await?;
            halt::halt(settling.unit, &number, true, "credentials_removed", now).await?;
        }
    }
    if is_over {
        wake(&mut unit, called.tenant_id, called.channel(), now);
    }
    unit.commit().await.map(|_| ())
}

fn wordless(code: i64) -> Problem {
    Problem { code, subcode: None, title: None, details: None, trace: None }
}

/// The row as one that is to be called at this moment.
fn back(row: Model, at: Timestamp, now: Timestamp) -> Result<Model> {
    Model { next_at: at, leased_until: None, ..row }.moved(State::Ready, now)
}

struct Settling<'a> {
    ctx: &'a Ctx,
    unit: &'a mut Unit,
    now: Timestamp,
    number: &'a number::Model,
}

impl Settling<'_> {
    async fn taken(&mut self, row: Model, wamid: &str, names: &[Alias], talk: &Conversation) -> Result<()> {
        let news = News { reached: Delivery::Sent, at: None, problem: None };
        let row = known_as(self.ctx, self.unit, row, wamid, self.now).await?;
        let row = news_of(self.unit, self.number, row, &news, self.now).await?;
        let hash = wamid::hash(wamid);
        for early in orphan::take(self.unit.conn(), self.number.id, &hash).await? {
            let Ok(news) = serde_json::from_str(&early.body) else { continue };
            let row = outgoing::lock(self.unit.conn(), row.id).await?.unwrap_or_else(|| row.clone());
            news_of(self.unit, self.number, row, &news, self.now).await?;
        }
        if talk.group.is_none() {
            self.called(names, talk).await?;
        }
        self.entered(talk).await
    }

    /// What Meta calls them is a name of theirs: here national spellings first show.
    async fn called(&mut self, names: &[Alias], talk: &Conversation) -> Result<()> {
        for name in names {
            let new = alias::Model {
                tenant_id: self.number.tenant_id,
                kind: name.kind().to_owned(),
                value: name.value().to_owned(),
                contact_id: talk.contact.id,
                created_at: self.now,
                former_at: None,
            };
            alias::add(self.unit.conn(), new).await?;
        }
        Ok(())
    }

    /// The first answer to somebody an advertisement led here opens the time that is free.
    async fn entered(&mut self, talk: &Conversation) -> Result<()> {
        let Some(came) = entry::take(self.unit.conn(), talk.id).await? else { return Ok(()) };
        if self.now >= came.plus(ENTRY) {
            return Ok(());
        }
        let until = self.now.plus(FREE);
        inbox::change_window(self.unit, self.number.tenant_id, talk.id, self.now, |window| {
            window.free_until = window.free_until.max(Some(until));
        })
        .await
    }

    async fn refused(&mut self, row: Model, problem: &Problem, said: bool) -> Result<()> {
        let tries = row.attempts.saturating_add(1);
        let verdict = judge(problem);
        let next = retry::next(problem, u32::try_from(tries).unwrap_or(1), row.id, row.created_at, self.now);
        let tried = Model { attempts: tries, ..row.clone() };
        let failure = because(said.then_some(problem.code), verdict.words, verdict.next);
        wants_none(self.ctx, self.unit, &row, problem.code).await?;
        match next {
            Next::After(wait) => self.later(tried, wait).await,
            Next::Pause(wait) => {
                turn::pause(self.unit.conn(), row.tenant_id, self.number.id, self.now.plus(wait)).await?;
                self.later(tried, wait).await
            }
            Next::Halt { account } => {
                outgoing::save(self.unit.conn(), &back(row, self.now, self.now)?).await?;
                halt::halt(self.unit, self.number, account, retry::cause(problem), self.now).await
            }
            Next::Shut => {
                window_shut(self.unit, &row, None, self.now).await?;
                self.fail(tried, &failure).await
            }
            Next::Fail => self.fail(tried, &failure).await,
        }
    }

    async fn later(&mut self, row: Model, wait: Duration) -> Result<()> {
        outgoing::save(self.unit.conn(), &back(row, self.now.plus(wait), self.now)?).await
    }

    /// Nothing left us, so nothing is counted; the whole number waits a moment.
    async fn not_sent(&mut self, row: Model) -> Result<()> {
        let until = self.now.plus(AWAY);
        turn::pause(self.unit.conn(), row.tenant_id, self.number.id, until).await?;
        outgoing::save(self.unit.conn(), &back(row, until, self.now)?).await
    }

    async fn fail(&mut self, row: Model, failure: &Failure) -> Result<()> {
        outgoing::save(self.unit.conn(), &row.clone().failed(failure, self.now)?).await?;
        show(self.unit, &row, self.now).await
    }
}

/// Gives a row Meta's id of its message.
pub async fn known_as(ctx: &Ctx, unit: &Unit, row: Model, wamid: &str, now: Timestamp) -> Result<Model> {
    if row.wamid_hash.is_some() {
        return Ok(row);
    }
    let (hash, sealed) = (wamid::hash(wamid), wamid::seal(ctx, wamid)?);
    let place = (row.kind == "message").then_some((row.conversation_id, row.seq));
    let noted = message::Model {
        tenant_id: row.tenant_id,
        number_id: row.channel(),
        hash: hash.clone(),
        wamid: sealed.clone(),
        conversation_id: place.map(|(conversation, _)| conversation),
        seq: place.map(|(_, seq)| seq),
        way: "out".to_owned(),
        at: now,
    };
    message::note(unit.conn(), &noted).await?;
    Ok(Model { wamid: Some(sealed), wamid_hash: Some(hash), ..row })
}

/// Takes a row as far as the news say, and its message with it.
pub async fn news_of(
    unit: &mut Unit,
    number: &number::Model,
    row: Model,
    news: &News,
    now: Timestamp,
) -> Result<Model> {
    // what nobody knew is no more than what nobody has done
    let before = if row.is_unknown()? { Delivery::Queued } else { row.reached()? };
    let reached = further(before, news.reached);
    let mut after = match reached {
        Delivery::Failed if before == Delivery::Failed => row.clone(),
        Delivery::Failed => {
            let problem = news.problem();
            let verdict = judge(&problem);
            let code = news.problem.as_ref().map(|_| problem.code);
            match retry::next(&problem, u32::MAX, row.id, Timestamp::default(), now) {
                Next::Shut => window_shut(unit, &row, news.at, now).await?,
                Next::Halt { account } => halt::halt(unit, number, account, retry::cause(&problem), now).await?,
                _ => (),
            }
            row.clone().failed(&because(code, verdict.words, verdict.next), now)?
        }
        _ => super::show::arrived(row.clone(), now)?,
    };
    after.delivery = word(reached)?;
    outgoing::save(unit.conn(), &after).await?;
    show(unit, &after, now).await?;
    Ok(after)
}

/// They told WhatsApp that they want no marketing, and Meta has just told us.
pub async fn wants_none(ctx: &Ctx, unit: &mut Unit, row: &Model, code: i64) -> Result<()> {
    if code != NO_MARKETING {
        return Ok(());
    }
    let (contact, _) = inbox::window_of(unit.conn(), row.tenant_id, row.conversation_id).await?;
    for name in alias::of_contact(unit.conn(), row.tenant_id, contact).await? {
        if let Some(name) = Alias::of(&name.value).filter(|_| name.kind != "group") {
            preference::refuse(ctx, unit, row.tenant_id, &name).await?;
        }
    }
    Ok(())
}

/// Meta says that the window is shut, whatever our clock says.
pub async fn window_shut(unit: &mut Unit, row: &Model, at: Option<Timestamp>, now: Timestamp) -> Result<()> {
    let refused = Some(at.unwrap_or(now));
    inbox::change_window(unit, row.tenant_id, row.conversation_id, now, |window| {
        // they wrote after what was refused: that window is another one
        let is_old = refused < window.last_inbound_at;
        window.refused_at = if is_old { window.refused_at } else { refused };
    })
    .await
}

impl Model {
    /// The number it leaves through.
    pub fn channel(&self) -> WaNumberId {
        WaNumberId::from_uuid(self.channel_id)
    }
}
