//! Choosing what is called next: what is due, in nobody's way, and within both limits; committed before any call.

use std::time::Duration;

use chat::{Ctx, inbox};
use kernel::wire::{Delivery, Failure};
use kernel::{Result, Timestamp, WaSendId};
use serde_json::Value;
use store::{Unit, Whose};

use super::plan::{Part, Plan, plan};
use super::show;
use super::turn::Turn;
use crate::pace::{Mark, Pace};
use crate::tables::outgoing::{self, State};
use crate::tables::talk::{self, Talk};
use crate::tables::{number, turn, word};

/// Calls of one number at once, also those that an earlier turn began.
pub const AT_ONCE: i64 = 16;
/// How long a call may take until it counts as never answered: longer than the client waits.
const CALL: Duration = Duration::from_secs(30);
/// The same where a file is handed over first.
const CALL_WITH_FILE: Duration = Duration::from_secs(30 + super::file::MOST.as_secs());
/// How long until a file that is looked at is asked about again.
const LOOK: Duration = Duration::from_secs(2);

/// What was chosen.
#[derive(Default)]
pub struct Picked {
    /// To be called now.
    pub rows: Vec<outgoing::Model>,
    /// The number may not go on before.
    pub not_before: Option<Timestamp>,
}

/// Chooses; what it gives is committed as being called.
pub async fn pick(ctx: &Ctx, turn: &Turn) -> Result<Picked> {
    let (conn, now, channel) = (ctx.db.platform(), ctx.clock().now(), turn.number.uuid());
    // most looks find nothing: they hold no writer up
    if outgoing::due(conn, channel, now, 1).await?.is_empty() {
        return Ok(Picked::default());
    }
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let room = AT_ONCE - outgoing::flying(unit.conn(), channel).await?;
    let number = number::find(unit.conn(), turn.tenant, turn.number).await?;
    let pacing = turn::pacing(unit.conn(), turn.number, turn.holder).await?;
    let Some(pacing) = pacing.filter(|_| room > 0 && number.halted_at.is_none()) else {
        return Ok(Picked::default());
    };
    if let Some(until) = pacing.paused_until.filter(|until| *until > now) {
        return Ok(Picked { not_before: Some(until), ..Picked::default() });
    }
    let mut picking = Picking { ctx, now, number, mark: pacing.idle.map(Mark::from_micros), picked: Picked::default() };
    for row in outgoing::due(unit.conn(), channel, now, room).await? {
        if !picking.one(&mut unit, row.id).await? {
            break;
        }
    }
    let Picking { mark, picked, .. } = picking;
    match turn::keep(unit.conn(), turn.number, turn.holder, turn.until(now), mark.map(Mark::micros)).await? {
        true => unit.commit().await.map(|_| picked),
        // somebody else's by now: what was chosen here is theirs to choose
        false => Ok(Picked::default()),
    }
}

struct Picking<'a> {
    ctx: &'a Ctx,
    now: Timestamp,
    number: number::Model,
    mark: Option<Mark>,
    picked: Picked,
}

impl Picking<'_> {
    /// Looks at one row; `false` when the number has had enough.
    async fn one(&mut self, unit: &mut Unit, id: WaSendId) -> Result<bool> {
        let Some(row) = outgoing::lock(unit.conn(), id).await? else { return Ok(true) };
        let row = match row.stands()? {
            State::New => match self.apart(unit, row).await? {
                Some(first) => first,
                None => return Ok(true),
            },
            State::Ready => row,
            // news of it came meanwhile
            _ => return Ok(true),
        };
        self.lease(unit, row).await
    }

    /// Takes a new message apart; gives its first call.
    async fn apart(&self, unit: &mut Unit, row: outgoing::Model) -> Result<Option<outgoing::Model>> {
        let message = inbox::said(unit.conn(), row.tenant_id, row.conversation_id, row.seq).await?;
        let parts = match message.map(|message| plan(&message, row.request.as_deref())) {
            Some(Plan::Calls(parts)) => parts,
            Some(Plan::Wait) => {
                let later = outgoing::Model { next_at: self.now.plus(LOOK), ..row };
                return outgoing::save(unit.conn(), &later).await.map(|()| None);
            }
            Some(Plan::Nothing) | None => {
                outgoing::save(unit.conn(), &row.clone().failed(&nothing(), self.now)?).await?;
                return show::show(unit, &row, self.now).await.map(|()| None);
            }
        };
        let mut first = None;
        for (part, n) in parts.iter().zip(0..) {
            let one = self.call(&row, part, n)?;
            match n {
                0 => outgoing::save(unit.conn(), &one).await?,
                _ => outgoing::insert(unit.conn(), &one).await?,
            }
            first.get_or_insert(one);
        }
        Ok(first)
    }

    fn call(&self, row: &outgoing::Model, part: &Part, n: i32) -> Result<outgoing::Model> {
        let id = if n == 0 { row.id } else { WaSendId::new(self.ctx.clock()) };
        let request = Some(serde_json::to_string(part).map_err(kernel::Error::internal)?);
        outgoing::Model { id, part: n, request, delivery: word(Delivery::Queued)?, ..row.clone() }
            .moved(State::Ready, self.now)
    }

    /// Says that a row is being called, if both limits let it.
    async fn lease(&mut self, unit: &mut Unit, row: outgoing::Model) -> Result<bool> {
        let per_second = u32::try_from(self.number.per_second).unwrap_or_default();
        let next = match Pace::of_number(per_second).take(self.mark, self.now) {
            Ok(next) => next,
            Err(wait) => {
                self.picked.not_before = Some(self.now.plus(wait.max(Duration::from_millis(1))));
                return Ok(false);
            }
        };
        let pair = talk::idle(unit.conn(), row.conversation_id).await?.map(Mark::from_micros);
        match Pace::of_pair().take(pair, self.now) {
            Ok(pair) => {
                let of = Talk { tenant: row.tenant_id, number: self.number.id, conversation: row.conversation_id };
                talk::set_idle(unit.conn(), of, pair.micros()).await?;
            }
            Err(wait) => {
                let later = outgoing::Model { next_at: self.now.plus(wait), ..row };
                return outgoing::save(unit.conn(), &later).await.map(|()| true);
            }
        }
        self.mark = Some(next);
        let until = self.now.plus(if has_file(&row) { CALL_WITH_FILE } else { CALL });
        let leased = outgoing::Model { leased_until: Some(until), next_at: until, called_at: Some(self.now), ..row };
        let leased = leased.moved(State::Leased, self.now)?;
        outgoing::save(unit.conn(), &leased).await?;
        self.picked.rows.push(leased);
        Ok(true)
    }
}

fn nothing() -> Failure {
    Failure {
        code: None,
        text: "There is nothing in it that WhatsApp could carry.".to_owned(),
        next: "Write it anew.".to_owned(),
        unknown: false,
    }
}

fn is_media(parameter: &Value) -> bool {
    ["image", "video", "document"].iter().any(|kind| parameter["type"] == *kind)
}

/// Whether a file has to be with Meta first.
fn has_file(row: &outgoing::Model) -> bool {
    match row.request.as_deref().and_then(|text| serde_json::from_str(text).ok()) {
        Some(Part::File { .. }) => true,
        Some(Part::Template { components, .. }) => components.iter().any(|part| {
            part["type"] == "header" && part["parameters"].as_array().is_some_and(|all| all.iter().any(is_media))
        }),
        _ => false,
    }
}
