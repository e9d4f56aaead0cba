//! A NATS of our own on a free port.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use harness::PATIENCE;
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, sleep};

use crate::stage::free_port;

/// The broker: killed, and started again on the same port.
pub struct Broker {
    child: Option<Child>,
    port: u16,
    log: PathBuf,
    configuration: Option<PathBuf>,
}

impl Broker {
    /// Starts one that lets everybody in.
    pub async fn start(folder: &Path) -> Self {
        Self::with(folder, None).await
    }

    /// Starts one with this configuration file, whose address and port are ours all the same.
    pub async fn with(folder: &Path, configuration: Option<PathBuf>) -> Self {
        let mut broker = Self { child: None, port: free_port(), log: folder.join("nats.log"), configuration };
        broker.start_again().await;
        broker
    }

    /// Where it is, without a log-in.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it after it was killed, and waits until it listens.
    pub async fn start_again(&mut self) {
        let mut command = Command::new("nats-server");
        command.args(["-a", "127.0.0.1", "-p", &self.port.to_string(), "-l", &self.log.display().to_string()]);
        if let Some(file) = &self.configuration {
            command.arg("-c").arg(file);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("nats-server starts (Debian: apt-get install nats-server)"));
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(began.elapsed() < PATIENCE, "the broker does not listen");
            // a process cannot be waited for until it listens, only asked
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// `kill -9`, if it runs.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}
