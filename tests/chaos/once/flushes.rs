//! Flushes of another process that fail: a tracer stands beside it and answers in the kernel's place.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

/// While it lasts, `fsync` and `fdatasync` of a process end with an I/O error.
pub struct Failing {
    tracer: Child,
    failed: watch::Receiver<usize>,
}

impl Failing {
    /// Begins with this process; returns once a flush has failed.
    pub async fn begin(pid: u32) -> Self {
        let mut tracer = Command::new("strace");
        tracer.args(["-f", "-q", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"]);
        tracer.args(["-p", &pid.to_string()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut tracer = tracer.kill_on_drop(true).spawn().expect("strace starts");
        let mut lines = BufReader::new(tracer.stderr.take().expect("a pipe")).lines();
        let (count, mut failed) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains("INJECTED") {
                    count.send_modify(|count| *count += 1);
                }
            }
        });
        let first = timeout(Duration::from_secs(10), failed.wait_for(|count| *count > 0)).await;
        first.expect("a flush fails in time").expect("strace runs");
        Self { tracer, failed }
    }

    /// Ends it; gives how many failed.
    pub async fn end(mut self) -> usize {
        let pid = self.tracer.id().expect("strace runs").to_string();
        // asked to go, it lets go of the process first
        std::process::Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
        self.tracer.wait().await.expect("strace ended");
        *self.failed.borrow()
    }
}
