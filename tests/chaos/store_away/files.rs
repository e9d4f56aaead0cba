//! People who send files and try again until they went.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use harness::{Agent, Answer, Doors, Http, PATIENCE, client_id, files};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::Outage;
use crate::stage::Stage;

const SENDERS: usize = 4;

/// A file that was acknowledged, and so was its message.
#[derive(Clone)]
pub struct Kept {
    id: String,
    digest: String,
    acked: Instant,
    was_ready: bool,
}

/// When a try was made, and when it was answered.
type Try = (Instant, Instant);

/// Everybody who sends files.
pub struct Senders {
    tab: Agent,
    doors: Doors,
    kept: watch::Receiver<Vec<Kept>>,
    refused: Arc<Mutex<Vec<Try>>>,
    taken: Arc<Mutex<Vec<Try>>>,
    stop: Arc<AtomicBool>,
    people: JoinSet<()>,
}

struct Sender {
    http: Http,
    messages: String,
    kept: Arc<watch::Sender<Vec<Kept>>>,
    refused: Arc<Mutex<Vec<Try>>>,
    taken: Arc<Mutex<Vec<Try>>>,
}

impl Senders {
    pub async fn start(stage: &Stage) -> Self {
        let (all, kept) = watch::channel(Vec::new());
        let all = Arc::new(all);
        let (refused, taken, stop) = (Arc::default(), Arc::default(), Arc::<AtomicBool>::default());
        let (tab, doors) = (stage.another_tab().await, stage.server.doors.clone());
        let mut senders = Self { tab, doors, kept, refused, taken, stop, people: JoinSet::new() };
        for number in 0..SENDERS {
            let mut visitor = stage.visitor().await;
            visitor.says("I have some files for you").await;
            let sender = Sender {
                http: visitor.http.clone(),
                messages: format!("/widget/v1/conversations/{}/messages", visitor.conversation()),
                kept: all.clone(),
                refused: senders.refused.clone(),
                taken: senders.taken.clone(),
            };
            senders.people.spawn(sender.send(number, senders.stop.clone()));
        }
        senders
    }

    /// Lets everybody finish the file in their hands.
    pub async fn end(&mut self) {
        self.stop.store(true, Ordering::Release);
        while let Some(done) = self.people.join_next().await {
            done.expect("nobody panicked");
        }
    }

    pub fn kept(&self) -> Vec<Kept> {
        self.kept.borrow().clone()
    }

    /// Waits for a file that was taken after this.
    pub async fn one_goes_up(&self, after: Instant) {
        let mut kept = self.kept.clone();
        let one = kept.wait_for(|kept| kept.iter().any(|file| file.acked > after));
        assert!(matches!(timeout(PATIENCE * 3, one).await, Ok(Ok(_))), "no file went after the store came back");
    }

    /// A file that is there can be had.
    pub async fn one_is_had(&self) {
        let file = self.first().await;
        self.comes_to_be_ready(&file.id, PATIENCE).await;
        self.is_what_was_sent(&file).await;
    }

    /// While the store is away, whoever follows a link is told so.
    pub async fn none_is_had(&self) {
        self.had(&self.first().await.id).await.refused(503, "file_store_unavailable");
    }

    async fn first(&self) -> Kept {
        let mut kept = self.kept.clone();
        let some = timeout(PATIENCE, kept.wait_for(|kept| !kept.is_empty())).await.expect("a file goes up");
        some.expect("people send files")[0].clone()
    }

    /// Within an outage, nothing was taken and everybody was told; outside, nobody was refused.
    pub fn told_in_time(&self, outages: &[Outage]) {
        let (all, taken) = (locked(&self.refused), locked(&self.taken));
        for outage in outages {
            let refused = all.iter().filter(|one| outage.holds(one.0, one.1));
            let longest = refused.clone().map(|one| one.1 - one.0).max().unwrap_or_default();
            let (refused, taken) = (refused.count(), taken.iter().filter(|one| outage.holds(one.0, one.1)).count());
            println!("store {:?}: {refused} uploads refused, the slowest after {longest:.1?}", outage.away);
            assert!(refused > 1, "too little happened to prove anything");
            assert_eq!(taken, 0, "a file was acknowledged that nobody could store");
        }
        let idle = all.iter().filter(|one| !outages.iter().any(|outage| outage.touches(one.0, one.1)));
        assert_eq!(idle.count(), 0, "a file was refused while the store was there");
    }

    /// Every file that was taken comes to be ready by itself, and is what was sent. A check that met an outage comes
    /// back after as long again.
    pub async fn all_ready(&self, outage: Duration) {
        let (kept, began) = (self.kept(), Instant::now());
        let early = kept.iter().filter(|file| !file.was_ready).count();
        for file in &kept {
            self.comes_to_be_ready(&file.id, (outage * 3 + PATIENCE).saturating_sub(began.elapsed())).await;
            self.is_what_was_sent(file).await;
        }
        println!("{} files sent, {early} of them acknowledged before they were looked at", kept.len());
        assert!(early > 0 && kept.len() > 3 * SENDERS, "too little happened to prove anything");
    }

    async fn comes_to_be_ready(&self, file: &str, within: Duration) {
        let began = Instant::now();
        loop {
            let state = self.tab.http.get(&format!("/v1/files/{file}/state")).await.ok()["file"]["state"].clone();
            match state.as_str() {
                Some("ready") => return,
                Some("checking") if began.elapsed() <= within => (),
                _ => panic!("{file} is {state} after {:.1?}", began.elapsed()),
            }
            // a job of another process can only be asked about
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// What following the link to a file gives.
    async fn had(&self, file: &str) -> Answer {
        let link = self.tab.http.get(&format!("/v1/files/{file}")).await;
        let place = link.header("location").and_then(|url| url.find("/f/").map(|at| url[at..].to_owned()));
        self.doors.http().get(&place.expect("a link")).await
    }

    async fn is_what_was_sent(&self, file: &Kept) {
        let answer = self.had(&file.id).await;
        assert_eq!(answer.status, 200, "{}: {}", answer.asked, answer.text);
        assert_eq!(digest(answer.text.as_bytes()), file.digest, "{}: other bytes than were sent", file.id);
    }
}

impl Sender {
    async fn send(self, number: usize, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::Acquire) {
            // one in four is large enough to be sent on in parts
            let (name, kind, bytes) = match number {
                0 => ("order.pdf", "application/pdf", paper()),
                _ => ("notes.txt", "text/plain", words()),
            };
            let (id, acked, was_ready) = self.sent_up((name, kind), &bytes).await;
            let body = json!({ "client_id": client_id(), "body": "", "file_ids": [id] });
            self.http.post(&self.messages, body).await.is(201);
            let kept = Kept { id, digest: digest(&bytes), acked, was_ready };
            self.kept.send_modify(|all| all.push(kept));
            sleep(Duration::from_millis(rand::random_range(300..900))).await;
        }
    }

    /// The same bytes again and again, until they are taken.
    async fn sent_up(&self, named: (&str, &str), bytes: &[u8]) -> (String, Instant, bool) {
        loop {
            let from = Instant::now();
            let answer = self.http.upload("/widget/v1/files", named, bytes).await;
            let to = Instant::now();
            if answer.status == 201 {
                locked(&self.taken).push((from, to));
                let id = answer.body["file"]["id"].as_str().expect("an id").to_owned();
                return (id, to, answer.body["file"]["state"] == "ready");
            }
            // which includes that it says when to try again
            answer.refused(503, "file_store_unavailable");
            locked(&self.refused).push((from, to));
            // less patient than Retry-After asks for
            sleep(Duration::from_millis(rand::random_range(1_000..2_000))).await;
        }
    }
}

/// 100 kB to 1.5 MB of text.
fn words() -> Vec<u8> {
    let line = format!("{:016x} a line of somebody's notes\n", rand::random::<u64>());
    line.repeat(rand::random_range(100_000..1_500_000) / line.len()).into_bytes()
}

/// A paper of 6 to 8 MB; only of characters that are the same in every encoding.
fn paper() -> Vec<u8> {
    let remark = format!("% {:016x} a remark between two objects\n", rand::random::<u64>());
    let remarks = remark.repeat(rand::random_range(6_000_000..8_000_000) / remark.len());
    let paper = files::pdf();
    let end = paper.len() - b"%%EOF\n".len();
    [&paper[..end], remarks.as_bytes(), &paper[end..]].concat()
}

fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

fn locked<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
