//! REL-03: the power fails. What was acknowledged before is there afterwards.
//!
//! The database lives on an ext4 file system inside a file. At the moment of the cut whoever writes is stopped where
//! they stand, and the file is copied. What is only in the file system's memory is not in the file, so it is not in the
//! copy: a canary that nobody flushed, written in the same moment, proves that for every cut. What was flushed is. A
//! copy counts only if the device wrote nothing while it was taken, so that it is one moment and not two. The copy is
//! then mounted, which plays its journal as after a power cut, and the database is opened on it.
//!
//! What this does not show: a disk that lies about flushing, and one that loses half a sector.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use harness::postgres::Postgres;
use harness::{Engine, history};
use rand::RngExt;
use sea_orm::{ConnectionTrait, Database, Statement};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::disk::{Disk, run};
use crate::acks::{Ack, Acks};
use crate::child::Server;
use crate::load::{Load, number};
use crate::seed::dice;
use crate::stage::{Plan, SECRET, Stage};

const CANARY: &[u8] = b"nobody flushed this";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_03_what_was_acknowledged_survives_a_power_cut_on_sqlite() {
    let disk = Disk::new(96);
    let mut stage = Stage::on(Plan { engine: Engine::Sqlite, data: Some(&disk.path), ..Plan::default() }).await;
    disk.flush();
    let mut load = Load::start(&stage, 16).await;
    let (mut dice, mut seen) = (dice("the power"), Seen::default());
    for n in 0..cuts(20, 50) {
        sleep(Duration::from_millis(dice.random_range(100..700))).await;
        let cut = Cut::now(&disk, &[stage.server.pid()], &load.acks).await;
        let (found, folder) = (cut.plug_in(), tempfile::tempdir().expect("a folder"));
        let url = format!("sqlite://{}", found.path.join("porchlight.sqlite").display());
        if n % 5 == 0 {
            // the product itself starts on what is left, and takes a message
            let mut server = Server::start(&url, SECRET, folder.path(), &[]).await;
            server.kill();
        }
        seen.look(&url, &cut.known).await;
    }
    seen.told();
    load.end().await;
    crate::check::invariants(&stage, &load.acks.all()).await;
    stage.server.end();
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_03_what_was_acknowledged_survives_a_power_cut_on_postgres() {
    let disk = Disk::new(256);
    let postgres = Postgres::make(&disk.path).await;
    let stage = Stage::on(Plan { engine: Engine::Postgres(postgres.url()), ..Plan::default() }).await;
    disk.flush();
    let mut load = Load::start(&stage, 16).await;
    let (mut dice, mut seen) = (dice("the power of PostgreSQL"), Seen::default());
    let name = stage.store_url().rsplit('/').next().expect("a database").to_owned();
    for _ in 0..cuts(5, 50) {
        sleep(Duration::from_millis(dice.random_range(300..1_500))).await;
        let cut = Cut::now(&disk, &with_children(postgres.pid()), &load.acks).await;
        let found = cut.plug_in();
        let data = found.path.join("postgres");
        // the plug takes its lock away with everything else
        let _ = std::fs::remove_file(data.join("postmaster.pid"));
        let again = Postgres::on(&data).await;
        seen.look(&again.url().replace("/postgres", &format!("/{name}")), &cut.known).await;
        drop(again);
    }
    seen.told();
    load.end().await;
    crate::check::invariants(&stage, &load.acks.all()).await;
    stage.strike().await;
    drop(postgres);
}

fn cuts(few: u64, many: u64) -> u64 {
    if number("CHAOS_SECONDS", 30) >= 300 { many } else { few }
}

/// One moment of a disk.
struct Cut {
    folder: TempDir,
    image: PathBuf,
    /// What was acknowledged before.
    known: Vec<Ack>,
}

impl Cut {
    /// Stops these processes, copies the disk, lets them go on.
    async fn now(disk: &Disk, writers: &[u32], acks: &Acks) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (image, device) = (folder.path().join("image"), disk.device());
        std::fs::write(disk.path.join("canary"), CANARY).expect("a canary");
        let known = acks.all();
        signal("STOP", writers);
        let began = Instant::now();
        loop {
            let before = quiet(&device).await;
            run(Command::new("cp").arg("--sparse=always").arg(&disk.image).arg(&image));
            if quiet(&device).await == before {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "the disk never stands still");
        }
        signal("CONT", writers);
        std::fs::remove_file(disk.path.join("canary")).expect("a canary");
        Self { folder, image, known }
    }

    /// Mounts the copy. The canary must not have survived, or the copy holds what a power cut would have taken.
    fn plug_in(&self) -> Disk {
        let folder = tempfile::tempdir_in(self.folder.path()).expect("a folder");
        run(Command::new("chmod").arg("a+x").arg(self.folder.path()));
        let disk = Disk::of(folder, self.image.clone());
        let canary = std::fs::read(disk.path.join("canary")).unwrap_or_default();
        assert_ne!(canary, CANARY, "what nobody flushed survived: this proves nothing");
        disk
    }
}

fn signal(name: &str, processes: &[u32]) {
    let ids = processes.iter().map(u32::to_string);
    // a child of PostgreSQL may have ended by itself
    let _ = Command::new("kill").arg(format!("-{name}")).args(ids).output().expect("kill runs");
}

/// A process and what it started.
fn with_children(parent: u32) -> Vec<u32> {
    let children = Command::new("pgrep").args(["-P", &parent.to_string()]).output().expect("pgrep runs");
    let children =
        String::from_utf8_lossy(&children.stdout).lines().filter_map(|id| id.parse().ok()).collect::<Vec<_>>();
    [&[parent], &children[..]].concat()
}

/// What a device has written so far, once nothing is under way.
async fn quiet(device: &str) -> String {
    let began = Instant::now();
    loop {
        let counts = std::fs::read_to_string(Path::new("/sys/block").join(device).join("stat")).expect("a device");
        let fields: Vec<_> = counts.split_whitespace().collect();
        if fields[8] == "0" {
            return [fields[4], fields[6]].join(" ");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the disk never stands still");
        sleep(Duration::from_millis(1)).await;
    }
}

/// What was found after all cuts.
#[derive(Default)]
struct Seen {
    cuts: usize,
    acks: usize,
    slowest: Duration,
}

impl Seen {
    /// Every message that was acknowledged is in this database, and everything in it is whole.
    async fn look(&mut self, url: &str, known: &[Ack]) {
        let began = Instant::now();
        let conn = Database::connect(url).await.expect("the database opens after a power cut");
        self.slowest = self.slowest.max(began.elapsed());
        let ask = Statement::from_string(conn.get_database_backend(), "select client_id, seq, body from message");
        let rows = conn.query_all_raw(ask).await.expect("messages");
        let there: HashMap<String, (i64, String)> = rows
            .iter()
            .map(|row| {
                let text = |n: usize| row.try_get_by_index::<String>(n).expect("text");
                (text(0), (row.try_get_by_index(1).expect("a number"), text(2)))
            })
            .collect();
        for ack in known {
            let found = there.get(&ack.client_id).map(|(seq, body)| (*seq, body.as_str()));
            assert_eq!(found, Some((ack.seq, ack.body.as_str())), "cut {}: {ack:?} is lost", self.cuts);
        }
        let problems = history::problems_in(&conn).await;
        assert!(problems.is_empty(), "cut {}:\n{}", self.cuts, problems.join("\n"));
        conn.close().await.expect("closed");
        (self.cuts, self.acks) = (self.cuts + 1, known.len());
    }

    fn told(&self) {
        println!("{} power cuts, {} acknowledged before the last one, none lost", self.cuts, self.acks);
        assert!(self.acks > 10 * self.cuts, "too little happened to prove anything");
    }
}
