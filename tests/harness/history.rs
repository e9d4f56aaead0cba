//! What must hold of everything that was ever written, read from the tables themselves: after every chaos run, after a
//! takeover, after a restore.
//!
//! Sequences and positions have no hole and no double, every message was told of exactly once, counters say what
//! counting gives, and nobody holds work they have forgotten.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm::{ConnectionTrait, Database, QueryResult};
use serde_json::Value;
use store::sql;
use uuid::Uuid;

/// How long after its lease a job may lie about: a worker looks once a second.
const FORGOTTEN: Duration = Duration::from_secs(20);
/// How long a due job may wait for its turn.
const OVERDUE: Duration = Duration::from_secs(60);

/// Everything that does not hold in this database, in words.
pub async fn problems(url: &str) -> Vec<String> {
    let conn = Database::connect(url).await.expect("the database can be reached");
    let found = problems_in(&conn).await;
    conn.close().await.expect("closed");
    found
}

/// The same through a connection that is open already.
pub async fn problems_in(conn: &impl ConnectionTrait) -> Vec<String> {
    let mut problems = Vec::new();
    for (about, text) in [
        ("the messages of a conversation are not numbered 1, 2, 3 …", NUMBERED),
        ("a conversation names another last message than it has", LAST),
        ("a message belongs to no conversation of its tenant", ORPHANS),
        ("what the team has not read was counted wrongly", UNREAD),
        ("what the visitor has not read was counted wrongly", UNREAD_BY_VISITOR),
        ("events of a shard are not numbered without a hole up to its head", EVENTS),
    ] {
        let rows = all(conn, text, []).await;
        problems.extend(rows.iter().map(|row| format!("{about}: {}", shown(row))));
    }
    problems.extend(stuck(conn).await);
    problems.extend(told_once(conn).await);
    problems
}

const NUMBERED: &str = "select conversation_id, count(*), min(seq), max(seq) from message group by conversation_id \
    having count(*) <> max(seq) or min(seq) <> 1";
const LAST: &str = "select c.id, c.last_seq, c.last_seq, coalesce(m.most, 0) from conversation c left join (select \
    conversation_id, max(seq) as most from message group by conversation_id) m on m.conversation_id = c.id where \
    c.last_seq <> coalesce(m.most, 0)";
const ORPHANS: &str = "select m.conversation_id, m.seq, m.seq, m.seq from message m left join conversation c on c.id = \
    m.conversation_id and c.tenant_id = m.tenant_id where c.id is null";
const UNREAD: &str = "select c.id, c.unread, c.agent_read_seq, coalesce(m.count, 0) from conversation c left join \
    (select m.conversation_id, count(*) as count from message m join conversation c on c.id = m.conversation_id where \
    m.author_kind = 'visitor' and m.visibility = 'public' and m.seq > c.agent_read_seq group by m.conversation_id) m \
    on m.conversation_id = c.id where c.unread <> coalesce(m.count, 0)";
const UNREAD_BY_VISITOR: &str = "select c.id, c.visitor_unread, c.visitor_read_seq, coalesce(m.count, 0) from \
    conversation c left join (select m.conversation_id, count(*) as count from message m join conversation c on c.id = \
    m.conversation_id where m.author_kind <> 'visitor' and m.visibility = 'public' and m.seq > c.visitor_read_seq \
    group by m.conversation_id) m on m.conversation_id = c.id where c.visitor_unread <> coalesce(m.count, 0) and \
    c.source <> 'whatsapp'";
const EVENTS: &str = "select null, s.head, coalesce(o.most, 0), coalesce(o.count, 0) from outbox_shard s left join \
    (select shard, max(n) as most, min(n) as least, count(*) as count from outbox group by shard) o on o.shard = \
    s.shard where (o.count is not null and (o.most <> s.head or o.count <> o.most - o.least + 1)) or (o.count is null \
    and s.head <> 0)";

fn shown(row: &QueryResult) -> String {
    let id = row.try_get_by_index::<Option<Uuid>>(0).ok().flatten().map(|id| id.as_simple().to_string());
    let number = |n: usize| row.try_get_by_index::<i64>(n).map_or("?".to_owned(), |n| n.to_string());
    format!("{} ({}, {}, {})", id.unwrap_or_default(), number(1), number(2), number(3))
}

/// Jobs whose holder forgot them, that nobody takes, or that gave up.
async fn stuck(conn: &impl ConnectionTrait) -> Vec<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let before = |by: Duration| i64::try_from((now - by).as_millis()).expect("a time");
    let text = "select kind, run_at, claimed_until, gave_up_at, coalesce(last_error, '') from job where gave_up_at is \
        not null or claimed_until < ? or (claimed_until is null and run_at < ?)";
    let rows = all(conn, text, [before(FORGOTTEN).into(), before(OVERDUE).into()]).await;
    rows.iter().map(stuck_job).collect()
}

fn stuck_job(row: &QueryResult) -> String {
    let text = |n: usize| row.try_get_by_index::<String>(n).unwrap_or_default();
    let time = |n: usize| row.try_get_by_index::<Option<i64>>(n).ok().flatten();
    let how = match (time(3), time(2)) {
        (Some(_), _) => "gave up",
        (_, Some(_)) => "is held by somebody who is gone",
        _ => "waits and nobody takes it",
    };
    format!("a job of kind {} {how}: {}", text(0), text(4))
}

/// Every message has one event that tells of it, with the same number and the same words; nothing else is told.
async fn told_once(conn: &impl ConnectionTrait) -> Vec<String> {
    let mut told: HashMap<(String, i64), Vec<(String, String)>> = HashMap::new();
    let posted = "select body from outbox where body like '{\"type\":\"message_posted\"%'";
    for row in all(conn, posted, []).await {
        let event: Value = serde_json::from_str(&row.try_get_by_index::<String>(0).expect("text")).expect("JSON");
        let (place, what) = told_of(&event);
        told.entry(place).or_default().push(what);
    }
    let gone = deleted(conn).await;
    let mut problems = Vec::new();
    for row in all(conn, "select conversation_id, seq, id, body from message", []).await {
        let id = |n: usize| row.try_get_by_index::<Uuid>(n).expect("an id").as_simple().to_string();
        let place = (id(0), row.try_get_by_index::<i64>(1).expect("a number"));
        let what = (id(2), row.try_get_by_index::<String>(3).expect("words"));
        let heard = told.remove(&place).unwrap_or_default();
        // what is edited later was said otherwise once: the id is enough there
        let is_told = matches!(&heard[..], [(id, _)] if *id == what.0);
        if !is_told {
            problems.push(format!("message {place:?} {what:?} was told of as {heard:?}"));
        }
    }
    let left: BTreeMap<_, _> = told.into_iter().filter(|(place, _)| !gone.contains(&place.0)).collect();
    problems
        .extend(left.iter().map(|(place, what)| format!("an event tells of {place:?} {what:?}, which is not there")));
    problems
}

async fn deleted(conn: &impl ConnectionTrait) -> HashSet<String> {
    let rows = all(conn, "select body from outbox where body like '{\"type\":\"conversation_deleted\"%'", []).await;
    let bodies = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("text"));
    bodies
        .map(|body| serde_json::from_str::<Value>(&body).expect("JSON"))
        .map(|e| bare(&e["conversation_id"]))
        .collect()
}

fn told_of(event: &Value) -> ((String, i64), (String, String)) {
    let message = &event["message"];
    let place = (bare(&event["conversation_id"]), event["seq"].as_i64().expect("a number"));
    (place, (bare(&message["id"]), message["body"].as_str().unwrap_or_default().to_owned()))
}

/// An id without the word in front of it, as the tables have it.
fn bare(id: &Value) -> String {
    id.as_str().and_then(|id| id.split_once('_')).map(|(_, hex)| hex.to_owned()).expect("an id")
}

async fn all<const N: usize>(conn: &impl ConnectionTrait, text: &str, values: [sea_orm::Value; N]) -> Vec<QueryResult> {
    let ask = sql(conn.get_database_backend(), text, values);
    conn.query_all_raw(ask).await.unwrap_or_else(|error| panic!("{error}: {text}"))
}
