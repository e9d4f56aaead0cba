//! A folder with a server's settings, and commands run with them.

use std::path::Path;
use std::process::Command;

use harness::Engine;
use kernel::Clock;
use tempfile::TempDir;

pub const SECRET: &str = "a secret for operators, longer than thirty-two bytes";

/// Where a server keeps what it has.
pub struct Place {
    pub folder: TempDir,
    pub engine: Engine,
    pub store_url: String,
}

/// What a command said.
pub struct Said {
    pub is_well: bool,
    pub out: String,
    pub err: String,
}

impl Place {
    /// A database that is migrated and empty.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::chosen();
        let store_url = engine.fresh(folder.path()).await;
        Self { folder, engine, store_url }
    }

    /// A place where nothing has ever been.
    pub async fn bare() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::chosen();
        let store_url = engine.empty(folder.path()).await;
        Self { folder, engine, store_url }
    }

    /// A server on it, in this process.
    pub async fn start(&self) -> server::Running {
        let (mail, files) = (self.below("mail"), self.below("files"));
        let inspector = harness::binary().display().to_string();
        let settings = [
            ("public.listen", "127.0.0.1:0"),
            ("operator.listen", "127.0.0.1:0"),
            ("store.url", &self.store_url),
            // servers of tests are often told not to wait for the disk
            ("store.unsafe_durability", "true"),
            ("auth.secret", SECRET),
            ("mail.url", &mail),
            ("blobs.url", &files),
            ("files.inspector", &inspector),
            ("worker.enabled", "false"),
            ("http.workers", "1"),
            ("http.drain_seconds", "0"),
            ("limits.factor", "100000"),
        ];
        let config = server::Config::load(None, &settings).expect("settings");
        server::start(config, Clock::System).await.expect("a server")
    }

    fn below(&self, name: &str) -> String {
        format!("folder://{}", self.folder.path().join(name).display())
    }

    /// Runs `porchlight` with the place's settings and these on top.
    pub async fn run(&self, arguments: &[&str], more: &[(&str, &str)]) -> Said {
        let mut command = Command::new(harness::binary());
        command.args(arguments).env("PORCHLIGHT__STORE__URL", &self.store_url);
        command.env("PORCHLIGHT__STORE__UNSAFE_DURABILITY", "true");
        command.env("PORCHLIGHT__AUTH__SECRET", SECRET).env("PORCHLIGHT__BLOBS__URL", self.below("files"));
        command.env("PORCHLIGHT__MAIL__URL", self.below("mail")).envs(more.iter().copied());
        let out =
            tokio::task::spawn_blocking(move || command.output()).await.expect("waited").expect("the command runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Said { is_well: out.status.success(), out: text(out.stdout), err: text(out.stderr) }
    }

    /// Makes a backup.
    pub async fn backs_up(&self, dir: &Path) -> String {
        self.run(&["backup", &dir.display().to_string()], &[]).await.well()
    }

    /// Gives the database back.
    pub async fn remove(self) {
        self.engine.remove(&self.store_url).await;
    }
}

impl Said {
    /// What it printed, if it ended well.
    pub fn well(self) -> String {
        assert!(self.is_well, "{}{}", self.out, self.err);
        self.out
    }

    /// The one line it refused with.
    pub fn refused(self) -> String {
        assert!(!self.is_well, "it was not refused: {}", self.out);
        self.err
    }
}
