//! `porchlight serve` as a child process that can be killed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use harness::{Doors, PATIENCE};
use tokio::time::{Instant, sleep};

/// The process, its addresses and its settings; started again on the same ports.
pub struct Server {
    child: Option<Child>,
    settings: Vec<(&'static str, String)>,
    log: PathBuf,
    /// Where it is reached.
    pub doors: Doors,
}

impl Server {
    /// Starts it on this database, with these settings on top, and waits until it can acknowledge a message.
    pub async fn start(store_url: &str, secret: &str, folder: &Path, more: &[(&'static str, String)]) -> Self {
        let (public, operator) = (free_port(), free_port());
        let mut settings = vec![
            ("PORCHLIGHT__PUBLIC__LISTEN", format!("127.0.0.1:{public}")),
            ("PORCHLIGHT__OPERATOR__LISTEN", format!("127.0.0.1:{operator}")),
            ("PORCHLIGHT__STORE__URL", store_url.to_owned()),
            ("PORCHLIGHT__AUTH__SECRET", secret.to_owned()),
            ("PORCHLIGHT__MAIL__URL", format!("folder://{}/mail", folder.display())),
            ("PORCHLIGHT__BLOBS__URL", format!("folder://{}/files", folder.display())),
            ("PORCHLIGHT__LIMITS__FACTOR", "100000".to_owned()),
            ("PORCHLIGHT__LOG__LEVEL", "warn".to_owned()),
        ];
        settings.extend_from_slice(more);
        let (public, operator) = (format!("http://127.0.0.1:{public}"), format!("http://127.0.0.1:{operator}"));
        let doors = Doors { public_url: public.clone(), operator_url: operator.clone(), public, operator };
        let mut server = Self { child: None, settings, log: folder.join("server.log"), doors };
        server.start_again().await;
        server
    }

    /// Starts it after it ended.
    pub async fn start_again(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(&self.log).expect("a log file");
        let mut command = Command::new(harness::binary());
        command.arg("serve").envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().expect("the server starts"));
        let started = Instant::now();
        while !self.is_ready().await {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            assert!(ended.is_none(), "the server ended: {ended:?}\n{}", self.last_words());
            assert!(started.elapsed() < PATIENCE * 3, "the server is not ready\n{}", self.last_words());
            // a process cannot be waited for until it listens, only asked
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn is_ready(&self) -> bool {
        let answer = self.doors.http().attempt(reqwest::Method::GET, "/readyz", None).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// `kill -9`, if it still runs.
    pub fn end(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("a running server");
        child.kill().expect("killed");
        child.wait().expect("ended");
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running server").id()
    }

    /// How many files and sockets it holds.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid())).expect("a running server").count()
    }

    /// How much memory it holds, in MiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("a running server");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).expect("a number") / 1024
    }

    /// Asks it to end; gives how long it took and whether it ended well.
    pub async fn ask_to_end(&mut self) -> (Duration, bool) {
        let mut child = self.child.take().expect("a running server");
        let began = Instant::now();
        let pid = child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        let status = tokio::task::spawn_blocking(move || child.wait()).await.expect("waited").expect("ended");
        (began.elapsed(), status.success())
    }

    /// The end of what it logged.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(40).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the server's last words:\n{}", self.last_words());
        }
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Below the ports of outgoing connections, one of which could take it while the server is down.
pub fn free_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| rand::random_range(20_000..32_000));
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}
