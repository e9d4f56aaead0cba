//! One `porchlight serve --role …` as a process that can be killed, stopped and frozen.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use harness::{Doors, PATIENCE};
use reqwest::Method;
use tokio::time::{Duration, Instant, sleep};

use crate::stage::{OPERATOR_URL, PUBLIC_URL, free_port};

/// A process, its roles, addresses and settings; started again on the same ports.
pub struct Node {
    /// What it was started for, such as `api` or `api,realtime`.
    pub roles: String,
    /// Where it is reached. A worker answers at the operators' address only.
    pub doors: Doors,
    child: Option<Child>,
    program: PathBuf,
    settings: Vec<(String, String)>,
    log: PathBuf,
}

impl Node {
    /// Starts it with these settings (`SECTION__KEY`) and waits until it is ready.
    pub async fn start(roles: &str, folder: &Path, settings: &[(String, String)]) -> Self {
        let mut node = Self::made(roles, folder, settings);
        node.start_again().await;
        node
    }

    /// One that is not started yet.
    pub fn made(roles: &str, folder: &Path, settings: &[(String, String)]) -> Self {
        let (public, operator) = (free_port(), free_port());
        let own = [("PUBLIC__LISTEN", public), ("OPERATOR__LISTEN", operator)];
        let own = own.map(|(key, port)| (key.to_owned(), format!("127.0.0.1:{port}")));
        let doors = Doors {
            public: format!("http://127.0.0.1:{public}"),
            operator: format!("http://127.0.0.1:{operator}"),
            public_url: PUBLIC_URL.to_owned(),
            operator_url: OPERATOR_URL.to_owned(),
        };
        let log = folder.join(format!("{}-{public}.log", roles.replace(',', "-")));
        let settings = [&own[..], settings].concat();
        Self { roles: roles.to_owned(), doors, child: None, program: harness::binary(), settings, log }
    }

    /// Sets a key for the next start.
    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.retain(|(known, _)| known != key);
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    /// Starts it and waits until it is ready.
    pub async fn start_again(&mut self) {
        self.launch();
        let began = Instant::now();
        while !self.is_ready().await {
            let ended = self.ended();
            assert!(ended.is_none(), "{} ended: {ended:?}\n{}", self.roles, self.last_words());
            assert!(began.elapsed() < PATIENCE * 6, "{} is not ready\n{}", self.roles, self.last_words());
            // a process cannot be waited for until it listens, only asked
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Starts it and waits for nothing.
    pub fn launch(&mut self) {
        assert!(self.child.is_none(), "{} runs", self.roles);
        let log = std::fs::File::options().create(true).append(true).open(&self.log).expect("a log file");
        let mut command = Command::new(&self.program);
        command.args(["serve", "--role", &self.roles]);
        command.envs(self.settings.iter().map(|(key, value)| (format!("PORCHLIGHT__{key}"), value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().expect("the process starts"));
    }

    /// Whether `/readyz` says yes.
    pub async fn is_ready(&self) -> bool {
        let answer = self.doors.operator_http().attempt(Method::GET, "/readyz", None).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running process").id()
    }

    /// How it ended, if it did by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut().and_then(|child| child.try_wait().expect("its state"))
    }

    /// `kill -9`, if it runs.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
    }

    /// Sends a signal, such as `TERM`, `STOP` or `CONT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status();
        assert!(sent.expect("kill runs").success(), "SIG{name} was not sent");
    }

    /// Waits until it has ended; says how.
    pub async fn is_gone(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("a running process");
        tokio::task::spawn_blocking(move || child.wait()).await.expect("waited").expect("ended")
    }

    /// Asks it to end; gives how long that took and how it ended.
    pub async fn ask_to_end(&mut self) -> (Duration, ExitStatus) {
        let began = Instant::now();
        self.signal("TERM");
        let status = self.is_gone().await;
        (began.elapsed(), status)
    }

    /// The end of what it logged.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(40).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("last words of {}:\n{}", self.roles, self.last_words());
        }
        self.kill();
    }
}
