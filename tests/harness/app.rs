//! The real server, started for one test and checked when it goes.

use std::time::Duration;

use kernel::{Clock, Timestamp};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, OnceCell};

use crate::effects::{Effects, Seen, dead_letters};
use crate::{Agent, Doors, Engine, Http, Mail, Operator, PASSWORD, Tenant, Visitor, Widget, mails};

/// When tests begin: the clock stands there until a test moves it.
const BEGINNING: i64 = 1_795_600_800_000;
const PUBLIC: &str = "https://chat.porchlight.example";
const OPERATOR_EMAIL: &str = "root@porchlight.example";
const OPERATOR: &str = "https://operator.porchlight.example";

/// A server with a database of its own and a clock that stands still. It runs on threads of its own, as it would in
/// a process of its own. When it is dropped, jobs that gave up fail the test.
pub struct TestApp {
    running: Option<server::Running>,
    doors: Doors,
    runtime: Option<Runtime>,
    clock: Clock,
    folder: TempDir,
    engine: Engine,
    store_url: String,
    operator: OnceCell<Operator>,
    seen: Mutex<Seen>,
    forgiven: bool,
}

impl TestApp {
    /// Starts with limits far away.
    pub async fn start() -> Self {
        Self::with(&[("limits.factor", "1000")]).await
    }

    /// Starts with these settings on top of the tests' own.
    pub async fn with(overrides: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::chosen();
        let store_url = engine.fresh(folder.path()).await;
        let clock = Clock::frozen(Timestamp::from_millis(BEGINNING));
        let mail = format!("folder://{}", folder.path().join("mail").display());
        let blobs = format!("folder://{}", folder.path().join("files").display());
        let inspector = crate::binary::place().display().to_string();
        let own = [
            ("public.listen", "127.0.0.1:0"),
            ("public.url", PUBLIC),
            ("operator.listen", "127.0.0.1:0"),
            ("operator.url", OPERATOR),
            ("store.url", &store_url),
            ("store.unsafe_durability", "true"),
            ("auth.secret", "a secret for tests, longer than thirty-two bytes"),
            ("mail.url", &mail),
            ("blobs.url", &blobs),
            ("files.inspector", &inspector),
            ("files.wait_ms", "0"),
            // Meta is not there unless a test says where it is
            ("whatsapp.graph_url", "http://127.0.0.1:9"),
            ("worker.enabled", "false"),
            ("http.workers", "1"),
            ("http.drain_seconds", "0"),
        ];
        let config = server::Config::load(None, &[&own, overrides].concat()).expect("the settings are accepted");
        let runtime = runtime();
        let starting = runtime.spawn(server::start(config, clock.clone()));
        let running = starting.await.expect("no panic").expect("the server starts");
        Self {
            doors: doors(&running),
            running: Some(running),
            runtime: Some(runtime),
            clock,
            folder,
            engine,
            store_url,
            operator: OnceCell::new(),
            seen: Mutex::default(),
            forgiven: false,
        }
    }

    fn running(&self) -> &server::Running {
        self.running.as_ref().expect("runs until dropped")
    }

    /// The product's handle, to look behind the curtain.
    pub fn ctx(&self) -> &chat::Ctx {
        &self.running().ctx
    }

    /// Its database, for connections of one's own.
    pub fn store_url(&self) -> &str {
        &self.store_url
    }

    /// Where it keeps its database, letters and files.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Moves time forward.
    pub fn later(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Runs the jobs that are due; gives how many ran.
    pub async fn run_due(&self) -> usize {
        self.running().run_due().await.expect("jobs can be looked for")
    }

    /// Where it is reached.
    pub fn doors(&self) -> &Doors {
        &self.doors
    }

    /// Where browsers believe the public listener is: what goes into `Origin`.
    pub fn public_url(&self) -> &str {
        &self.doors.public_url
    }

    /// Where browsers believe the operators' listener is.
    pub fn operator_url(&self) -> &str {
        &self.doors.operator_url
    }

    /// Somebody nobody knows, at the public listener.
    pub fn http(&self) -> Http {
        self.doors.http()
    }

    /// Somebody nobody knows, at the operators' listener.
    pub fn operator_http(&self) -> Http {
        self.doors.operator_http()
    }

    /// The platform's first operator, signed in.
    pub async fn operator(&self) -> &Operator {
        let sign_in = async {
            chat::operator::create(self.ctx(), OPERATOR_EMAIL, "Root", PASSWORD).await.expect("an operator");
            Operator::signs_in(&self.doors, OPERATOR_EMAIL, PASSWORD).await
        };
        self.operator.get_or_init(|| sign_in).await
    }

    /// A tenant with its owner signed in.
    pub async fn tenant(&self, name: &str) -> Tenant {
        Tenant::begins(self, name).await
    }

    /// A visitor who has the widget open on its page and has not written.
    pub async fn visitor(&self, widget: &Widget) -> Visitor {
        Visitor::arrives(&self.doors, widget, None).await
    }

    /// The same person on another device.
    pub async fn signs_in(&self, email: &str) -> Agent {
        Agent::signs_in(&self.doors, email).await
    }

    /// All letters so far.
    pub fn mails(&self) -> Vec<Mail> {
        mails::read(&self.folder.path().join("mail"))
    }

    /// The newest letter to somebody, running the jobs that send it.
    pub async fn letter_to(&self, email: &str) -> Mail {
        self.run_due().await;
        let mut letters = self.mails().into_iter().filter(|mail| mail.to.contains(email));
        letters.next_back().unwrap_or_else(|| panic!("no letter to {email}"))
    }

    /// What happened since the last look.
    pub async fn effects(&self) -> Effects {
        self.seen.lock().await.look(self.ctx().db.platform(), self.mails()).await
    }

    /// Says that jobs may give up in this test.
    pub fn forgives_dead_jobs(&mut self) {
        self.forgiven = true;
    }
}

impl Drop for TestApp {
    /// Dropping happens inside a test's runtime, where nothing may block: a thread does it.
    fn drop(&mut self) {
        let (Some(running), Some(runtime)) = (self.running.take(), self.runtime.take()) else { return };
        let (engine, url) = (self.engine.clone(), self.store_url.clone());
        let goodbye = std::thread::spawn(move || {
            let dead = runtime.block_on(async {
                let _ = tokio::time::timeout(Duration::from_secs(3), running.stop()).await;
                // not through the server's pool: a connection the test itself opened lives on the test's runtime, which
                // stands still until this thread is done
                let dead = dead_letters(&url).await;
                engine.remove(&url).await;
                dead
            });
            runtime.shutdown_timeout(Duration::from_millis(200));
            dead
        });
        let dead = goodbye.join().unwrap_or_else(|_| vec!["the server could not be stopped".to_owned()]);
        if !std::thread::panicking() && !self.forgiven {
            assert!(dead.is_empty(), "jobs gave up: {dead:?}");
        }
    }
}

fn doors(running: &server::Running) -> Doors {
    let base = |address| format!("http://{address}");
    Doors {
        public: base(running.public.expect("a public listener")),
        operator: base(running.operator),
        public_url: PUBLIC.to_owned(),
        operator_url: OPERATOR.to_owned(),
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
