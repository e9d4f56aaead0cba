//! Every state a scanner can be in, played by one that does as it is told.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::fakes::{Clamd, Mood};
use kernel::{Clock, Timestamp};
use net::scan::{ScanConfig, Scanned, Scanner};
use tempfile::NamedTempFile;
use tokio::sync::Semaphore;

/// 2026-11-21 10:00 UTC, a day after the fake's signatures.
const NOW: i64 = 1_795_255_200_000;
const HOUR: Duration = Duration::from_secs(3_600);

fn config(url: &str) -> ScanConfig {
    ScanConfig { scan: url.to_owned(), scan_timeout_ms: 1_500, scan_signature_hours: 0 }
}

fn scanner(config: &ScanConfig) -> Scanner {
    Scanner::new(config).expect("a scanner").by(Clock::frozen(Timestamp::from_millis(NOW)))
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    file
}

async fn told(mood: Mood, bytes: &[u8]) -> Scanned {
    let clamd = Clamd::start(mood).await;
    scanner(&config(&clamd.url())).scan(file(bytes).path()).await
}

fn is_away(scanned: &Scanned) -> bool {
    matches!(scanned, Scanned::Away(_))
}

#[tokio::test]
async fn a_file_is_clean_when_the_scanner_says_so_of_all_of_it() {
    let clamd = Clamd::start(Mood::Says("stream: OK")).await;
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(300_000).collect();
    assert_eq!(scanner(&config(&clamd.url())).scan(file(&bytes).path()).await, Scanned::Clean);
    assert_eq!(clamd.heard(), [bytes], "every byte, once, in order");
}

#[tokio::test]
async fn what_is_found_has_a_name() {
    let found = told(Mood::Says("stream: Win.Test.EICAR_HDB-1 FOUND"), b"x").await;
    assert_eq!(found, Scanned::Infected("Win.Test.EICAR_HDB-1".to_owned()));
}

#[tokio::test]
async fn a_file_that_was_not_looked_at_whole_is_too_large_and_never_clean() {
    let exceeded = "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND";
    assert_eq!(told(Mood::Says(exceeded), b"x").await, Scanned::TooLarge);
    assert_eq!(told(Mood::Says("INSTREAM size limit exceeded. ERROR"), b"x").await, Scanned::TooLarge);
    // said while we are still sending, by somebody who then hangs up
    assert_eq!(told(Mood::Full, &vec![7; 20 * 1024 * 1024]).await, Scanned::TooLarge);
}

#[tokio::test]
async fn an_answer_that_vouches_for_nothing_is_none() {
    for nonsense in
        ["", "OK", "stream: ok", "stream: OK FOUND?", "PONG", "UNKNOWN COMMAND", "stream: x ERROR", "\u{7f}ELF"]
    {
        assert!(is_away(&told(Mood::Says(nonsense), b"x").await), "{nonsense:?}");
    }
}

#[tokio::test]
async fn a_scanner_that_hangs_or_hears_nothing_is_away_when_time_is_up() {
    for mood in [Mood::Hangs, Mood::Deaf] {
        let began = Instant::now();
        let scanned = told(mood.clone(), &vec![7; 20 * 1024 * 1024]).await;
        assert!(is_away(&scanned), "{mood:?}: {scanned:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{mood:?} took {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_scanner_that_hangs_up_is_away() {
    assert!(is_away(&told(Mood::Resets, &vec![7; 20 * 1024 * 1024]).await));
    let clamd = Clamd::start(Mood::Says("stream: OK")).await;
    let url = clamd.url();
    drop(clamd);
    assert!(is_away(&scanner(&config(&url)).scan(file(b"x").path()).await), "nobody listens");
    assert!(is_away(&scanner(&config("clamd:///nowhere/clamd.ctl")).scan(file(b"x").path()).await));
}

#[tokio::test]
async fn a_slow_scanner_is_waited_for_as_long_as_is_configured() {
    let gate = Arc::new(Semaphore::new(0));
    let clamd = Clamd::start(Mood::Slow(gate.clone())).await;
    let patient = ScanConfig { scan_timeout_ms: 60_000, ..config(&clamd.url()) };
    let file = file(b"x");
    let scan = tokio::spawn(async move { scanner(&patient).scan(file.path()).await });
    for _ in 0..11 {
        assert!(!scan.is_finished());
        gate.add_permits(1);
        tokio::task::yield_now().await;
    }
    assert_eq!(scan.await.expect("it ends"), Scanned::Clean);
}

#[tokio::test]
async fn old_signatures_vouch_for_nothing() {
    let clamd = Clamd::start(Mood::Says("stream: OK")).await;
    let strict = ScanConfig { scan_signature_hours: 72, ..config(&clamd.url()) };
    let clock = Clock::frozen(Timestamp::from_millis(NOW));
    let scanner = Scanner::new(&strict).expect("a scanner").by(clock.clone());
    let file = file(b"x");
    assert_eq!(scanner.scan(file.path()).await, Scanned::Clean, "a day old");
    clock.advance(HOUR * 72);
    assert!(is_away(&scanner.scan(file.path()).await), "four days old");
    clamd.has_version("ClamAV 1.4.6/27822/Mon Nov 23 09:26:20 2026");
    assert_eq!(scanner.scan(file.path()).await, Scanned::Clean, "made anew");
    for version in ["ClamAV 1.4.6", "ClamAV 1.4.6//", "", "PONG", "ClamAV 1.4.6/27819/once upon a time"] {
        clamd.has_version(version);
        assert!(is_away(&scanner.scan(file.path()).await), "{version:?}");
    }
    let lax = Scanner::new(&config(&clamd.url())).expect("a scanner");
    assert_eq!(lax.scan(file.path()).await, Scanned::Clean, "where nobody asks for their age");
}

#[tokio::test]
async fn a_slip_in_the_configuration_never_switches_scanning_off() {
    assert!(Scanner::new(&config("")).is_none(), "off is said by saying nothing");
    for wrong in ["clamd", "tcp://localhost:3310", "clamd://", "clamd://localhost", "clamd://:3310", "clamd://host:0"] {
        assert!(config(wrong).check().is_err(), "{wrong}");
        assert!(is_away(&scanner(&config(wrong)).scan(file(b"x").path()).await), "{wrong}");
    }
    for right in ["", "clamd://localhost:3310", "clamd://[::1]:3310", "clamd:///run/clamav/clamd.ctl"] {
        assert_eq!(config(right).check(), Ok(()), "{right}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_not_clean() {
    let clamd = Clamd::start(Mood::Says("stream: OK")).await;
    assert!(is_away(&scanner(&config(&clamd.url())).scan("/nowhere/file".as_ref()).await));
}
