//! One row per lane of deliveries: whether somebody works on it. Whoever adds to a lane and whoever leaves it lock its
//! row, so that nothing is added unseen.

use kernel::{Result, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend};
use store::{fault, sql};

/// Wakes a lane to which deliveries were added; `false` when somebody works on it, who will see them.
pub async fn wake(conn: &impl ConnectionTrait, lane: &str, now: Timestamp) -> Result<bool> {
    let text = "insert into wa_lane (lane, busy, touched_at) values (?, ?, ?) on conflict (lane) \
                do update set busy = excluded.busy, touched_at = excluded.touched_at where wa_lane.busy = ? returning lane";
    let values = [lane.into(), true.into(), now.into(), false.into()];
    let woken = conn.query_one_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(woken.is_some())
}

/// Says that it is being worked on.
pub async fn touch(conn: &impl ConnectionTrait, lane: &str, now: Timestamp) -> Result<()> {
    let text = "update wa_lane set touched_at = ? where lane = ?";
    let ask = sql(conn.get_database_backend(), text, [now.into(), lane.into()]);
    conn.execute_raw(ask).await.map(|_| ()).map_err(fault)
}

/// Leaves a lane that has nothing new; `false` when it has.
pub async fn leave(conn: &impl ConnectionTrait, lane: &str) -> Result<bool> {
    let backend = conn.get_database_backend();
    if backend == DbBackend::Postgres {
        // whoever adds has this row until they commit: the next statement sees what they added
        let ask = sql(backend, "select 1 from wa_lane where lane = ? for update", [lane.into()]);
        conn.query_one_raw(ask).await.map_err(fault)?;
    }
    let text = "select 1 from wa_delivery where lane = ? and state = 'new' limit 1";
    if conn.query_one_raw(sql(backend, text, [lane.into()])).await.map_err(fault)?.is_some() {
        return Ok(false);
    }
    let ask = sql(backend, "update wa_lane set busy = ? where lane = ?", [false.into(), lane.into()]);
    conn.execute_raw(ask).await.map(|_| true).map_err(fault)
}

/// Lanes with deliveries from before `before` that nobody has touched since: whoever worked on them was lost.
pub async fn forsaken(conn: &impl ConnectionTrait, before: Timestamp, most: i64) -> Result<Vec<String>> {
    let text = "select distinct d.lane from wa_delivery d left join wa_lane l on l.lane = d.lane where d.state = 'new' \
                and d.received_at < ? and (l.touched_at is null or l.touched_at < ?) limit ?";
    let values = [before.into(), before.into(), most.into()];
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}
