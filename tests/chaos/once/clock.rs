//! REL-21: the clock jumps: an hour ahead, back again, ten minutes back, an hour back. Messages keep their order, because
//! order is a number and not a time; nobody is locked out, nobody hears anything twice.

use std::path::PathBuf;
use std::time::Duration;

use harness::{Agent, Engine};
use tokio::time::{Instant, sleep};

use crate::check;
use crate::load::{Load, number};
use crate::stage::{Plan, Stage};

/// How soon a dozen messages must be acknowledged after a jump; sessions that are over by it are begun anew.
const GOES_ON: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_21_a_jumping_clock_changes_no_order_and_locks_nobody_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let time = folder.path().join("time");
    std::fs::write(&time, "+0").expect("a time");
    let more = [
        ("LD_PRELOAD", library().display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", time.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        // timers go by the clock that no one can set
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    let stage = Stage::on(Plan { engine: Engine::Sqlite, more: &more, ..Plan::default() }).await;
    let load = Load::start(&stage, 10).await;
    let begun = stage.another_tab().await;
    for (jump, of) in [("+0", 0), ("+1h", 3_600), ("+0", 0), ("-10m", -600), ("-1h", -3_600), ("+0", 0)] {
        std::fs::write(&time, jump).expect("a time");
        let (before, began) = (load.acks.count(), Instant::now());
        sleep(Duration::from_millis(number("CHAOS_SECONDS", 30) * 60)).await;
        while load.acks.count() <= before + 10 {
            assert!(began.elapsed() < GOES_ON, "{jump}: hardly anything is acknowledged");
            load.acks.next().await;
        }
        sane(&stage, of).await;
    }
    // whoever was signed in before all that still is: by the cookie, if not by the token
    let renewed = begun.refreshes().await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    check::at_the_end(stage, load).await;
}

/// The server believes the jump; people sign in, write, read and hear.
async fn sane(stage: &Stage, of: i64) {
    let mut agent = Agent::signs_in(&stage.server.doors, &stage.owner.email).await;
    agent.opens_inbox().await;
    let mut visitor = stage.visitor().await;
    let words = format!("it is {of} seconds later");
    let message = visitor.says(&words).await;
    agent.sees(&words).await;
    let now = seconds_now();
    let at = message["created_at"].as_str().expect("a time");
    let off = seconds_of(at) - now - of;
    assert!(off.abs() < 30, "the server's clock was to be {of} s off and says {at}");
    assert_eq!(visitor.reads().await.len(), 1);
}

fn seconds_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(now.as_secs()).expect("a time")
}

/// Seconds since 1970 of a time as the API writes it.
fn seconds_of(time: &str) -> i64 {
    let time = serde_json::from_value::<kernel::Timestamp>(time.into()).expect("a time");
    time.millis() / 1000
}

/// The library that changes the clock of a process; a Debian package.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut all = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    all.find(|path| path.is_file()).expect("libfaketime is installed")
}
