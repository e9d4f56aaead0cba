//! REL-06: the server is killed with -9 while files come in. Whatever was acknowledged is there, byte for byte;
//! whatever was not is swept, and rows, objects and counters say the same.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chat::files::{compare, sweep};
use harness::fakes::S3;
use harness::files_check::problems;
use harness::{Agent, Doors, Http, Visitor, Widget, client_id};
use kernel::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::load::{FEWEST, number};
use crate::stage::Stage;

/// As many at once as a busy shop has.
const UPLOADERS: usize = 8;
/// Beyond every grace of the sweep, and of leases the killed server held.
const LATER: Duration = Duration::from_secs(26 * 3_600);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_06_uploads_cut_off_by_kills_leave_nothing_behind_in_a_folder() {
    killed_under_uploads(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_06_uploads_cut_off_by_kills_leave_nothing_behind_in_an_s3_store() {
    let s3 = S3::start().await;
    let settings = s3.settings();
    killed_under_uploads(&settings.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!(s3.unfinished(), 0, "multipart uploads that nobody ends cost money for ever");
}

async fn killed_under_uploads(store: &[(&str, &str)]) {
    let mut stage = Stage::with(&settings(store)).await;
    let mut people = People::start(&stage).await;
    let deadline = Instant::now() + Duration::from_secs(number("CHAOS_SECONDS", 30));
    let mut kills = 0;
    while Instant::now() < deadline || kills < FEWEST {
        sleep(Duration::from_millis(rand::random_range(1_000..4_000))).await;
        stage.server.kill();
        kills += 1;
        stage.server.start_again().await;
    }
    people.end().await;
    stage.server.kill();
    let kept = std::mem::take(&mut *people.kept.lock().expect("nobody panicked"));
    let cut = people.cut.load(Ordering::Relaxed);
    println!("{} files acknowledged and sent, {kills} kills, {cut} uploads cut off", kept.len());
    assert!(kills > 3 && cut > 0 && kept.len() > UPLOADERS, "too little happened to prove anything");

    let clock = Clock::frozen(Clock::System.now().plus(LATER));
    let after = stage.afterwards(clock.clone(), store).await;
    let swept = sweep(&after.ctx, clock.now()).await.expect("swept");
    let compared = compare(&after.ctx, clock.now()).await.expect("compared");
    after.run_due().await.expect("jobs run");
    println!("{swept:?} {compared:?}");
    assert_eq!((compared.lost, compared.foreign), (0, 0), "an acknowledged file lost its object");
    let problems = problems(after.ctx.db.platform(), &after.ctx.files.blobs).await;
    assert!(problems.is_empty(), "rows, objects and counters differ:\n{}", problems.join("\n"));
    let again = (sweep(&after.ctx, clock.now()).await, compare(&after.ctx, clock.now()).await);
    let again = (again.0.expect("swept again"), again.1.expect("compared again"));
    assert_eq!(again, Default::default(), "there is nothing left to sweep");
    all_there(&after, &stage.owner.email, &kept).await;
    after.stop().await;
    stage.strike().await;
}

/// What the server is told on top: nobody is held up by limits for visitors, and where files are.
fn settings(store: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let name = |name: &str| match name {
        "blobs.url" => "PORCHLIGHT__BLOBS__URL",
        "blobs.access_key" => "PORCHLIGHT__BLOBS__ACCESS_KEY",
        "blobs.secret_key" => "PORCHLIGHT__BLOBS__SECRET_KEY",
        other => panic!("{other} has no name in the environment here"),
    };
    let limits = [
        ("PORCHLIGHT__FILES__VISITOR_UPLOADS_PER_HOUR", "1000000".to_owned()),
        ("PORCHLIGHT__FILES__VISITOR_BYTES_PER_DAY", "1000000000000".to_owned()),
        ("PORCHLIGHT__FILES__WAIT_MS", "200".to_owned()),
    ];
    let store = store.iter().map(|(key, value)| (name(key), (*value).to_owned()));
    limits.into_iter().chain(store).collect()
}

/// A file that was acknowledged, and so was its message.
struct Kept {
    conversation: String,
    id: String,
    digest: String,
}

/// Everybody who sends files.
struct People {
    kept: Arc<Mutex<Vec<Kept>>>,
    cut: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    people: JoinSet<()>,
}

impl People {
    async fn start(stage: &Stage) -> Self {
        let mut all = Self { kept: Arc::default(), cut: Arc::default(), stop: Arc::default(), people: JoinSet::new() };
        for _ in 0..UPLOADERS {
            let mut visitor = stage.visitor().await;
            visitor.says("I have some files for you").await;
            let one = Uploader {
                http: visitor.http.clone(),
                conversation: visitor.conversation().to_owned(),
                handle: visitor.handle.clone().expect("a handle"),
                widget: stage.widget.clone(),
                doors: stage.server.doors.clone(),
                cut: all.cut.clone(),
            };
            all.people.spawn(one.send(all.kept.clone(), all.stop.clone()));
        }
        all
    }

    /// Lets everybody finish the file in their hands.
    async fn end(&mut self) {
        self.stop.store(true, Ordering::Release);
        while let Some(done) = self.people.join_next().await {
            done.expect("nobody panicked");
        }
    }
}

struct Uploader {
    http: Http,
    conversation: String,
    handle: String,
    widget: Widget,
    doors: Doors,
    cut: Arc<AtomicU32>,
}

impl Uploader {
    async fn send(mut self, kept: Arc<Mutex<Vec<Kept>>>, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::Acquire) {
            let words = words();
            let id = self.sent_up(&words).await;
            // some think better of it: those files are nobody's
            if rand::random_range(0..5) > 0 {
                self.posted(&id).await;
                let digest = digest(words.as_bytes());
                kept.lock().expect("nobody panicked").push(Kept {
                    conversation: self.conversation.clone(),
                    id,
                    digest,
                });
            }
            sleep(Duration::from_millis(rand::random_range(20..100))).await;
        }
    }

    /// An upload that was cut off is begun again. Gives the file's id.
    async fn sent_up(&mut self, words: &str) -> String {
        loop {
            let named = ("notes.txt", "text/plain");
            match self.http.attempt_upload("/widget/v1/files", named, words.as_bytes()).await {
                Ok(answer) if answer.status == 201 => {
                    return answer.body["file"]["id"].as_str().expect("an id").to_owned();
                }
                Ok(answer) if answer.status == 401 => self.sign_in_again().await,
                Ok(answer) if answer.status == 503 => (),
                Ok(answer) => panic!("{}: {} {}", answer.asked, answer.status, answer.text),
                Err(_) => drop(self.cut.fetch_add(1, Ordering::Relaxed)),
            }
            sleep(Duration::from_millis(rand::random_range(20..200))).await;
        }
    }

    async fn posted(&mut self, file: &str) {
        let path = format!("/widget/v1/conversations/{}/messages", self.conversation);
        let body = json!({ "client_id": client_id(), "body": "", "file_ids": [file] });
        loop {
            match self.http.attempt(Method::POST, &path, Some(body.clone())).await {
                Ok(answer) if answer.status < 300 => return,
                Ok(answer) if answer.status == 401 => self.sign_in_again().await,
                Ok(answer) if answer.status == 503 => (),
                Ok(answer) => panic!("{}: {} {}", answer.asked, answer.status, answer.text),
                Err(_) => (),
            }
            sleep(Duration::from_millis(rand::random_range(20..200))).await;
        }
    }

    /// Access tokens last ten minutes; a long run outlives them.
    async fn sign_in_again(&mut self) {
        self.http = Visitor::arrives(&self.doors, &self.widget, Some(&self.handle)).await.http;
    }
}

/// 100 kB to 1.5 MB of text.
fn words() -> String {
    let line = format!("{:016x} a line of somebody's notes\n", rand::random::<u64>());
    line.repeat(rand::random_range(100_000..1_500_000) / line.len())
}

fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Every file is ready where it was said to be, and what is handed out is what was sent.
async fn all_there(after: &server::Running, email: &str, kept: &[Kept]) {
    let (public, operator) =
        (format!("http://{}", after.public.expect("a public listener")), format!("http://{}", after.operator));
    let doors = Doors { public_url: public.clone(), operator_url: operator.clone(), public, operator };
    let owner = Agent::signs_in(&doors, email).await;
    for file in kept {
        let state = owner.http.get(&format!("/v1/files/{}/state", file.id)).await.ok();
        assert_eq!(state["file"]["state"], "ready", "{}: {state}", file.id);
        let link = owner.http.get(&format!("/v1/files/{}", file.id)).await;
        let place = link.header("location").and_then(|url| url.find("/f/").map(|at| url[at..].to_owned()));
        let bytes = doors.http().get(&place.expect("a link")).await;
        assert_eq!(digest(bytes.text.as_bytes()), file.digest, "{}: other bytes than were sent", file.id);
    }
    let mut sent: Vec<Value> = Vec::new();
    let conversations: std::collections::BTreeSet<_> = kept.iter().map(|file| &file.conversation).collect();
    for conversation in conversations {
        let messages = owner.reads(conversation).await;
        sent.extend(messages.iter().flat_map(|message| message["files"].as_array().cloned().unwrap_or_default()));
    }
    let ids: Vec<_> = sent.iter().filter_map(|file| file["id"].as_str()).collect();
    for file in kept {
        assert_eq!(ids.iter().filter(|id| **id == file.id).count(), 1, "{} is in one message", file.id);
    }
}
