//! REL-06: the file store is away under chat load: it refuses connections, then hangs, then answers 503. Texts go on as
//! if nothing were; files are refused with a sentence, never half taken; afterwards all of them go, and nothing of what
//! failed is left.
//!
//! What "as if nothing were" means here: no text is refused, all are heard, and the times of those sent while the store
//! was away are held against those sent while nobody sent files at all, before and after. (Texts beside files that do
//! go would be too easy a measure: looking at files costs more than refusing them.) A text that waited for the store
//! would wait for seconds ([`ONE_TRY`]); [`ALLOWANCE`] is what a machine with other work on it makes of tail times by
//! itself.

mod files;
mod texts;

use std::sync::atomic::Ordering;
use std::time::Duration;

use chat::files::{compare, sweep};
use harness::fakes::S3;
use harness::files_check::problems;
use kernel::Clock;
use tokio::time::{Instant, sleep};

use crate::check;
use crate::load::{Load, number};
use crate::stage::Stage;
use files::Senders;
use texts::{Ear, Measured, Talks};

/// Milliseconds the server gives the store for one try, and for all of them. Its defaults are longer than an outage of
/// this test.
const ONE_TRY: u64 = 3_000;
const ALL_TRIES: u64 = 5_000;
/// Milliseconds on top of a tenth: for the median, and for the hundredth that takes longest.
const ALLOWANCE: (f64, f64) = (60.0, 400.0);
/// Beyond every grace of the sweep.
const LATER: Duration = Duration::from_secs(26 * 3_600);

/// How a store can be away.
#[derive(Clone, Copy, Debug)]
enum Away {
    Refusing,
    Hanging,
    Busy,
}

/// When the store was away.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    away: Away,
    from: Instant,
    to: Instant,
}

impl Outage {
    /// Whether what began then and ended then met it.
    fn touches(&self, from: Instant, to: Instant) -> bool {
        from < self.to && to > self.from
    }

    /// Whether all of it fell within.
    fn holds(&self, from: Instant, to: Instant) -> bool {
        from > self.from && to < self.to
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_06_a_store_that_is_away_costs_files_and_never_text() {
    let s3 = S3::start().await;
    let mut stage = Stage::with(&settings(&s3)).await;
    let ear = Ear::of_team(&stage).await;
    let visitors = usize::try_from(number("CHAOS_CLIENTS", 20)).expect("a number of clients");
    let mut load = Load::start(&stage, visitors).await;
    let mut talks = Talks::start(&stage).await;
    let before = quiet().await;
    let mut senders = Senders::start(&stage).await;
    let outages = outages(&s3, &senders).await;
    // everybody goes on until what failed has gone
    senders.end().await;
    let after = quiet().await;
    talks.end().await;
    load.end().await;

    let acks = [load.acks.all(), talks.acks.all()].concat();
    let retries = load.retries.load(Ordering::Relaxed);
    println!("{} texts acknowledged, {retries} sent more than once", acks.len());
    // those with a watch are never sent twice; others may meet a connection that was idle and is just closed
    assert!(usize::try_from(retries).expect("few") * 1_000 <= acks.len(), "texts had to be sent again");
    ear.heard(acks.iter().map(|ack| ack.id.clone())).await;
    talks.heard_by_visitors().await;
    check::invariants(&stage, &acks).await;
    unmoved(talks.times(&ear, &[before, after], &outages));
    senders.told_in_time(&outages);
    senders.all_ready(outages[0].to - outages[0].from).await;
    nothing_left(&mut stage, &s3, senders.kept().len()).await;
    stage.strike().await;
}

fn settings(s3: &S3) -> Vec<(&'static str, String)> {
    let [(_, url), (_, access_key), (_, secret_key)] = s3.settings();
    vec![
        ("PORCHLIGHT__BLOBS__URL", url),
        ("PORCHLIGHT__BLOBS__ACCESS_KEY", access_key),
        ("PORCHLIGHT__BLOBS__SECRET_KEY", secret_key),
        ("PORCHLIGHT__BLOBS__CONNECT_MS", "1000".to_owned()),
        ("PORCHLIGHT__BLOBS__TRY_MS", ONE_TRY.to_string()),
        ("PORCHLIGHT__BLOBS__TOTAL_MS", ALL_TRIES.to_string()),
        ("PORCHLIGHT__BLOBS__STALL_MS", "2000".to_owned()),
        ("PORCHLIGHT__FILES__VISITOR_UPLOADS_PER_HOUR", "1000000".to_owned()),
        ("PORCHLIGHT__FILES__VISITOR_BYTES_PER_DAY", "1000000000000".to_owned()),
        // so that some are acknowledged before they were looked at, and meet the outage then
        ("PORCHLIGHT__FILES__WAIT_MS", "50".to_owned()),
    ]
}

/// The store is there, goes, comes back; three times, each in another way.
async fn outages(s3: &S3, senders: &Senders) -> Vec<Outage> {
    let mut outages = Vec::new();
    for away in [Away::Refusing, Away::Hanging, Away::Busy] {
        sleep(seconds() / 2).await;
        senders.one_is_had().await;
        let from = Instant::now();
        match away {
            Away::Refusing => s3.away().await,
            Away::Hanging => s3.hang(),
            Away::Busy => s3.busy(),
        }
        senders.none_is_had().await;
        sleep(seconds().saturating_sub(from.elapsed())).await;
        let to = Instant::now();
        s3.back().await;
        outages.push(Outage { away, from, to });
        senders.one_goes_up(to).await;
    }
    sleep(seconds() / 2).await;
    outages
}

/// How long each outage lasts.
fn seconds() -> Duration {
    Duration::from_secs((number("CHAOS_SECONDS", 30) / 3).clamp(15, 60))
}

/// A time in which nobody sends files.
async fn quiet() -> (Instant, Instant) {
    let from = Instant::now();
    sleep(seconds() / 2).await;
    (from, Instant::now())
}

/// Held against each other: texts sent while the store was away, and those sent while nobody sent files.
fn unmoved(times: Measured) {
    let Measured { mut quiet, mut beside, away } = times;
    println!("nobody sends files: {}", quiet.shown());
    println!("files go: {}", beside.shown());
    for (outage, mut times) in away {
        println!("store {:?}: {}", outage.away, times.shown());
        assert!(times.count().min(quiet.count()) > 200, "too little happened to prove anything");
        for (what, now, before) in times.beside(&quiet) {
            for (part, allowance) in [(0.5, ALLOWANCE.0), (0.99, ALLOWANCE.1)] {
                let (now, before) = (now.at(part), before.at(part));
                let most = before * 1.1 + allowance;
                assert!(now <= most, "{:?}, {what}, {part}: {now:.1} ms instead of {before:.1} ms", outage.away);
            }
        }
    }
}

/// After the sweeps, rows, objects and counters say the same, and nothing is unfinished.
async fn nothing_left(stage: &mut Stage, s3: &S3, kept: usize) {
    stage.server.kill();
    let clock = Clock::frozen(Clock::System.now().plus(LATER));
    let settings = s3.settings();
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let after = stage.afterwards(clock.clone(), &settings).await;
    after.run_due().await.expect("jobs run");
    let swept = sweep(&after.ctx, clock.now()).await.expect("swept");
    let compared = compare(&after.ctx, clock.now()).await.expect("compared");
    after.run_due().await.expect("jobs run");
    println!("{kept} files kept; {swept:?} {compared:?}");
    assert_eq!((compared.lost, compared.foreign), (0, 0), "an acknowledged file lost its object");
    let problems = problems(after.ctx.db.platform(), &after.ctx.files.blobs).await;
    assert!(problems.is_empty(), "rows, objects and counters differ:\n{}", problems.join("\n"));
    assert_eq!(s3.unfinished(), 0, "uploads in parts that nobody ends cost money for ever");
    after.stop().await;
}
