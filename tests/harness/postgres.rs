//! A PostgreSQL of a test's own, so that it may be killed: flushes as in production, on loopback, gone with the test.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sea_orm::{ConnectOptions, Database};
use tokio::time::{Instant, sleep};

/// How long it may take to accept connections, recovery included.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server on a data folder.
pub struct Postgres {
    child: Option<Child>,
    data: PathBuf,
    port: u16,
    programs: PathBuf,
}

impl Postgres {
    /// Makes a data folder and starts a server on it. `parent` may belong to us alone: it is opened for passing through.
    pub async fn make(parent: &Path) -> Self {
        let data = parent.join("postgres");
        open_up(parent);
        run(Command::new("install").args(["-d", "-m", "700", "-o", "postgres"]).arg(&data));
        let programs = programs();
        let mut initdb = as_postgres(&programs.join("initdb"));
        // small segments, so that a small disk holds them
        initdb.arg("-D").arg(&data).args(["-U", "porchlight", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        run(initdb.args(["--no-sync", "--wal-segsize=4"]));
        Self::on(&data).await
    }

    /// Starts a server on a data folder that is there, whatever became of the last one.
    pub async fn on(data: &Path) -> Self {
        let mut server = Self { child: None, data: data.to_owned(), port: free_port(), programs: programs() };
        server.start().await;
        server
    }

    /// A server that follows this one, with a data folder of its own beside it.
    pub async fn copied(&self, parent: &Path) -> Self {
        let data = parent.join("postgres-copy");
        run(Command::new("install").args(["-d", "-m", "700", "-o", "postgres"]).arg(&data));
        let mut backup = as_postgres(&self.programs.join("pg_basebackup"));
        backup.args(["-h", "127.0.0.1", "-U", "porchlight", "-p", &self.port.to_string()]);
        run(backup.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-D"]).arg(&data));
        Self::on(&data).await
    }

    /// Address of its maintenance database.
    pub fn url(&self) -> String {
        format!("postgres://porchlight@127.0.0.1:{}/postgres", self.port)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Process id of the postmaster.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running server").id()
    }

    /// Starts it after it ended; returns when it has accepted a connection.
    pub async fn start(&mut self) {
        let began = Instant::now();
        loop {
            self.spawn();
            if self.accepts(PATIENCE.saturating_sub(began.elapsed())).await {
                return;
            }
            // what the dead one left in shared memory may be held by its children for a moment
            assert!(began.elapsed() < PATIENCE, "PostgreSQL does not start:\n{}", self.log());
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether the process has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| child.try_wait().ok().flatten().is_some())
    }

    fn spawn(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.log_path()).expect("a log");
        let mut command = as_postgres(&self.programs.join("postgres"));
        command.arg("-D").arg(&self.data).args(["-p", &self.port.to_string(), "-k", ""]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "max_connections=150",
            "max_wal_size=32MB",
            "min_wal_size=8MB",
            "shared_buffers=32MB",
        ] {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().expect("PostgreSQL starts"));
    }

    /// False when it ended instead.
    async fn accepts(&mut self, within: Duration) -> bool {
        let began = Instant::now();
        while !self.has_ended() && began.elapsed() < within {
            if self.answers().await {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
        }
        false
    }

    /// Whether it takes a connection now.
    pub async fn answers(&self) -> bool {
        let mut options = ConnectOptions::new(self.url());
        options.max_connections(1).connect_timeout(Duration::from_secs(1)).sqlx_logging(false);
        match Database::connect(options).await {
            Ok(conn) => conn.close().await.is_ok(),
            Err(_) => false,
        }
    }

    /// `kill -9` of the postmaster; its children go by themselves.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("a running server");
        child.kill().and_then(|()| child.wait()).expect("killed");
    }

    /// Ends it as pulling the plug does, only in order: no checkpoint, recovery on the next start.
    pub fn stop_at_once(&mut self) {
        let mut child = self.child.take().expect("a running server");
        run(Command::new("kill").args(["-QUIT", &child.id().to_string()]));
        child.wait().expect("ended");
    }

    /// The end of what it logged.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(self.log_path()).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Beside the machine's temporary files: the data's disk may be full.
    fn log_path(&self) -> PathBuf {
        std::env::temp_dir().join(format!("porchlight-chaos-postgres-{}-{}.log", std::process::id(), self.port))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("PostgreSQL's last words:\n{}", self.log());
        }
        if self.child.is_some() && !self.has_ended() {
            self.stop_at_once();
        }
        let _ = std::fs::remove_file(self.log_path());
    }
}

/// Lets others pass through every folder on the way.
fn open_up(folder: &Path) {
    run(Command::new("chmod").arg("a+x").arg(folder));
}

/// The server refuses to run as root; it ends with us even when we are killed.
fn as_postgres(program: &Path) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|of| std::os::unix::fs::MetadataExt::uid(&of) == 0);
    let mut command = match is_root {
        true => Command::new("setpriv"),
        false => Command::new(program),
    };
    if is_root {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig", "QUIT"]).arg(program);
    }
    command.current_dir("/");
    command
}

fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The folder with initdb and postgres; Debian keeps it off the PATH.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&paths).collect::<Vec<_>>();
    let mut all = debian.chain(on_path);
    all.find(|folder| folder.join("initdb").is_file()).expect("PostgreSQL is installed")
}

/// Below the ports of outgoing connections.
fn free_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| rand::random_range(20_000..32_000));
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}
