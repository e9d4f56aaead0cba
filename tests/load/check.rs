//! What must hold whatever the load: nothing lost, nothing twice, everything in order.

use std::cell::{Cell, RefCell};

use anyhow::{Result, bail};

use crate::store_at::StoreAt;

/// One reader's view of one conversation's numbers.
#[derive(Default)]
pub struct Numbers(Cell<i64>);

/// What went wrong, with the first few cases in words.
#[derive(Default)]
pub struct Wrongs {
    count: Cell<u64>,
    first: RefCell<Vec<String>>,
}

impl Wrongs {
    pub fn add(&self, what: String) {
        self.count.set(self.count.get() + 1);
        let mut first = self.first.borrow_mut();
        if first.len() < 5 {
            first.push(what);
        }
    }

    pub fn none(&self) -> Result<()> {
        match self.count.get() {
            0 => Ok(()),
            count => bail!("{count} wrongs, among them {:?}", self.first.borrow()),
        }
    }
}

impl Numbers {
    /// Takes the next number; it must follow the last one.
    pub fn take(&self, seq: i64, who: &str, wrongs: &Wrongs) {
        let last = self.0.replace(seq);
        if seq != last + 1 {
            wrongs.add(format!("{who} heard {seq} after {last}"));
        }
    }
}

/// What the database holds: every acknowledged message once, numbers dense, counters and stream without a hole.
pub async fn stored(store: &StoreAt, acknowledged: u64, sent: u64) -> Result<String> {
    let held = number(store, "select count(*) from message").await?;
    let distinct =
        number(store, "select count(*) from (select distinct conversation_id, client_id from message) d").await?;
    let counted = number(store, "select cast(coalesce(sum(last_seq), 0) as bigint) from conversation").await?;
    let highest = number(store, "select cast(coalesce(sum(s), 0) as bigint) from (select max(seq) as s from message group by conversation_id) m").await?;
    let events = number(store, "select count(*) from outbox").await?;
    let heads = number(store, "select cast(sum(head) as bigint) from outbox_shard").await?;
    let (acknowledged, sent) = (i64::try_from(acknowledged)?, i64::try_from(sent)?);
    if held < acknowledged || held > sent || distinct != held || counted != held || highest != held || events != heads {
        bail!(
            "acknowledged {acknowledged}, sent {sent}, stored {held}, distinct {distinct}, counters {counted}, highest numbers {highest}, events {events} of {heads}"
        );
    }
    Ok(format!("{acknowledged} acknowledged, {held} stored once each, numbers and stream ({events} events) dense"))
}

/// How many messages there are.
pub async fn messages(store: &StoreAt) -> Result<u64> {
    Ok(u64::try_from(number(store, "select count(*) from message").await?)?)
}

/// Every message that was acknowledged once, by what it says: for messages whose sender makes no ids.
pub async fn each_once(store: &StoreAt, acknowledged: u64) -> Result<String> {
    let held = number(store, "select count(*) from message").await?;
    let distinct = number(store, "select count(distinct body) from message").await?;
    let counted = number(store, "select cast(coalesce(sum(last_seq), 0) as bigint) from conversation").await?;
    let acknowledged = i64::try_from(acknowledged)?;
    if [held, distinct, counted] != [acknowledged; 3] {
        bail!("acknowledged {acknowledged}, stored {held}, distinct {distinct}, counters {counted}");
    }
    Ok(format!("{acknowledged} acknowledged, {held} stored once each"))
}

async fn number(store: &StoreAt, ask: &str) -> Result<i64> {
    let conn = sea_orm::Database::connect(store.url()).await?;
    use sea_orm::ConnectionTrait;
    let statement = sea_orm::Statement::from_string(conn.get_database_backend(), ask);
    let row = conn.query_one_raw(statement).await?;
    let number = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    conn.close().await?;
    Ok(number)
}
