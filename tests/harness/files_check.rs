//! Whether rows, objects and counters say the same of all files. Holds whenever nothing is under way: after every test,
//! after every chaos run, after a restore.

use std::collections::{BTreeMap, BTreeSet};

use blobs::Blobs;
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::Value;
use store::sql;

/// A file's row, as far as it says where bytes are.
struct Row {
    id: String,
    tenant: String,
    state: String,
    counted: i64,
    keys: Vec<String>,
}

/// Panics where they differ.
pub async fn assert_agree(ctx: &chat::Ctx) {
    let problems = problems(ctx.db.platform(), &ctx.files.blobs).await;
    assert!(problems.is_empty(), "files, rows and counters differ:\n{}", problems.join("\n"));
}

/// Everything in which they differ, in words.
pub async fn problems(conn: &impl ConnectionTrait, blobs: &Blobs) -> Vec<String> {
    let (rows, there) = (rows(conn).await, keys(blobs, "").await);
    let mut problems = Vec::new();
    for row in &rows {
        let about = format!("{} ({})", row.id, row.state);
        match row.state.as_str() {
            "ready" | "checking" if row.keys.is_empty() => problems.push(format!("{about} names no object")),
            "ready" | "checking" => {
                let missing = row.keys.iter().filter(|key| !there.contains(*key));
                problems.extend(missing.map(|key| format!("{about} has no object {key}")));
            }
            "refused" | "gone" if !row.keys.is_empty() => problems.push(format!("{about} still names {:?}", row.keys)),
            "refused" | "gone" if row.counted != 0 => problems.push(format!("{about} still counts {}", row.counted)),
            "refused" | "gone" => (),
            _ => problems.push(format!("{about} is under way")),
        }
    }
    let named: BTreeSet<&String> = rows.iter().flat_map(|row| &row.keys).collect();
    problems.extend(there.iter().filter(|key| !named.contains(key)).map(|key| format!("no row names {key}")));
    problems.extend(counters(conn, &rows).await);
    problems
}

/// Every key in the store that starts so, in order.
pub async fn keys(blobs: &Blobs, prefix: &str) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    loop {
        let page = blobs.list(keys.last().map(String::as_str), prefix).await.expect("the store can be listed");
        if page.is_empty() {
            return keys;
        }
        keys.extend(page.into_iter().map(|listed| listed.key.to_string()));
    }
}

async fn rows(conn: &impl ConnectionTrait) -> Vec<Row> {
    let found = all(conn, "select id, tenant_id, state, counted, object, previews from file order by id").await;
    found.iter().map(row).collect()
}

fn row(row: &QueryResult) -> Row {
    let uuid = |n: usize| row.try_get_by_index::<uuid::Uuid>(n).expect("an id").as_simple().to_string();
    let text = |n: usize| row.try_get_by_index::<String>(n).expect("text");
    let object: Option<String> = row.try_get_by_index(4).expect("a key");
    let previews: Vec<Value> = serde_json::from_str(&text(5)).expect("previews");
    let previews = previews.iter().filter_map(|preview| preview["key"].as_str().map(str::to_owned));
    Row {
        id: uuid(0),
        tenant: uuid(1),
        state: text(2),
        counted: row.try_get_by_index(3).expect("a number"),
        keys: object.into_iter().chain(previews).collect(),
    }
}

/// What each tenant is said to use is what its rows count.
async fn counters(conn: &impl ConnectionTrait, rows: &[Row]) -> Vec<String> {
    let mut counted: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.counted != 0) {
        let sum = counted.entry(row.tenant.clone()).or_default();
        *sum = (sum.0 + row.counted, sum.1 + 1);
    }
    let mut kept: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in all(conn, "select tenant_id, bytes, files from file_usage").await {
        let tenant: uuid::Uuid = row.try_get_by_index(0).expect("an id");
        let numbers = (row.try_get_by_index(1).expect("bytes"), row.try_get_by_index(2).expect("files"));
        kept.insert(tenant.as_simple().to_string(), numbers);
    }
    kept.retain(|_, numbers| *numbers != (0, 0));
    match counted == kept {
        true => Vec::new(),
        false => vec![format!("the counters say {kept:?}, the rows {counted:?} (bytes, files)")],
    }
}

async fn all(conn: &impl ConnectionTrait, text: &str) -> Vec<QueryResult> {
    conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.expect("the tables can be read")
}
