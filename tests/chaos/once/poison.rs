//! REL-22: jobs that fail whatever one does. Each is put aside after eight tries, and all others wait no longer for them
//! than a second.

use std::path::Path;
use std::time::Duration;

use harness::Engine;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;
use store::sql;
use tokio::time::{Instant, sleep};

use crate::stage::{Plan, Stage};

/// Jobs that never work; more than are ever run at once.
const POISON: usize = 60;
/// How long the letter of somebody else may take longer.
const LONGER: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_22_jobs_that_always_fail_are_put_aside_and_hold_nobody_up() {
    let stage = Stage::on(Plan { engine: Engine::Sqlite, ..Plan::default() }).await;
    let conn = Database::connect(stage.store_url()).await.expect("the database");
    let alone = letter(&stage, "first").await;
    for n in 0..POISON {
        // half of them at their last try, so that all that happens to a job happens
        poison(&conn, if n % 2 == 0 { 7 } else { 0 }).await;
    }
    let beside = letter(&stage, "second").await;
    println!("a letter takes {alone:.0?} alone and {beside:.0?} beside {POISON} failing jobs");
    assert!(beside < alone + LONGER, "failing jobs hold others up");
    let began = Instant::now();
    while counted(&conn, "gave_up_at is not null").await < POISON / 2 {
        assert!(began.elapsed() < Duration::from_secs(10), "jobs are tried more than eight times");
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(counted(&conn, "gave_up_at is not null and attempts > 8").await, 0, "jobs are tried too often");
    assert_eq!(counted(&conn, "gave_up_at is null and attempts > 0 and last_error is not null").await, POISON / 2);
    // an operator looks at them; here they have served
    conn.execute_unprepared("delete from job where kind = 'identity.send_invitation'").await.expect("deleted");
    conn.close().await.expect("closed");
    stage.strike().await;
}

/// How long an invitation takes from the click to the letter.
async fn letter(stage: &Stage, name: &str) -> Duration {
    let folder = stage.folder().join("mail");
    let (before, began) = (letters(&folder), Instant::now());
    let body = json!({ "email": format!("{name}@acme.example.com"), "role": "agent", "name": name });
    stage.owner.http.post("/v1/invitations", body).await.is(201);
    while letters(&folder) == before {
        assert!(began.elapsed() < Duration::from_secs(20), "the letter never comes");
        sleep(Duration::from_millis(5)).await;
    }
    began.elapsed()
}

fn letters(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

async fn poison(conn: &DatabaseConnection, attempts: i32) {
    let text = "insert into job (id, tenant_id, kind, payload, unique_key, run_at, attempts, created_at) \
                values (?, null, 'identity.send_invitation', '{}', null, 0, ?, 0)";
    let values = [uuid::Uuid::new_v4().into(), attempts.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.expect("a job");
}

async fn counted(conn: &DatabaseConnection, which: &str) -> usize {
    let text = format!("select count(*) from job where kind = 'identity.send_invitation' and {which}");
    let row = conn.query_one_raw(sql(conn.get_database_backend(), &text, [])).await.expect("jobs").expect("a count");
    usize::try_from(row.try_get_by_index::<i64>(0).expect("a number")).expect("a count")
}
