//! Everything a request caused, beside its answer.

use sea_orm::ConnectionTrait;
use store::sql;

use crate::Mail;
use crate::database::connect;

/// Events, jobs and letters since the last look.
#[derive(Debug, Default)]
pub struct Effects {
    /// Types of committed events, in order.
    pub events: Vec<String>,
    /// Kinds of waiting jobs.
    pub jobs: Vec<String>,
    /// Letters that went.
    pub mails: Vec<Mail>,
}

/// What has been seen already.
#[derive(Default)]
pub(crate) struct Seen {
    events: i64,
    mails: usize,
}

impl Seen {
    pub async fn look(&mut self, conn: &impl ConnectionTrait, mails: Vec<Mail>) -> Effects {
        let events = texts(conn, "select body from outbox order by shard, n").await;
        let fresh = events.iter().skip(usize::try_from(self.events).unwrap_or(0)).map(|body| type_of(body)).collect();
        self.events = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let jobs = texts(conn, "select kind from job where gave_up_at is null order by run_at, kind").await;
        let new_mails = mails.get(self.mails..).unwrap_or_default().to_vec();
        self.mails = mails.len();
        Effects { events: fresh, jobs, mails: new_mails }
    }
}

/// Jobs that gave up, with the reason: none is left behind by a test that went well.
pub(crate) async fn dead_letters(url: &str) -> Vec<String> {
    let conn = connect(url).await;
    let text = "select kind || ': ' || coalesce(last_error, '') from job where gave_up_at is not null";
    let dead = texts(&conn, text).await;
    conn.close().await.expect("closed");
    dead
}

async fn texts(conn: &impl ConnectionTrait, text: &str) -> Vec<String> {
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.expect("the tables can be read");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

fn type_of(body: &str) -> String {
    let event: serde_json::Value = serde_json::from_str(body).expect("events are JSON");
    event["type"].as_str().expect("a type").to_owned()
}
