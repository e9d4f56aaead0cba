//! A PostgreSQL of our own: in a folder that goes away, on a free port, gone when we are.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::machine;
use crate::process::{self, Afterwards};

/// How much of its promises the server keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Flushes as in production: for tests of what survives.
    Durable,
    /// Never flushes: for tests of what is right.
    Fast,
}

/// A running server. Stopped and removed when dropped, and also when this process dies.
pub struct Postgres {
    /// Address of its maintenance database.
    pub url: String,
    _afterwards: Afterwards,
}

/// Starts a server.
pub fn start(root: &Path, care: Care) -> Result<Postgres, String> {
    machine::need(root, &["postgresql", "postgresql-client"], || {
        process::which("psql").is_some() && programs().is_some()
    })?;
    let programs = programs().ok_or("initdb was not found")?;
    let folder = std::env::temp_dir().join(format!("porchlight-postgres-{}-{}", std::process::id(), care as u8));
    let server = Server { folder, programs, as_postgres: may_not_run_as_us(root) };
    server.make(root)?;
    let afterwards = Afterwards::run(&server.clean_up())?;
    let port = server.start(root, care)?;
    Ok(Postgres { url: format!("postgres://porchlight@127.0.0.1:{port}/postgres"), _afterwards: afterwards })
}

struct Server {
    folder: PathBuf,
    programs: PathBuf,
    as_postgres: bool,
}

impl Server {
    fn make(&self, root: &Path) -> Result<(), String> {
        let folder = self.folder.display().to_string();
        let owner: &[&str] = if self.as_postgres { &["-o", "postgres"] } else { &[] };
        process::output(root, &[&["install", "-d", "-m", "700"], owner, &[&folder]].concat())?;
        let line = format!("initdb -D {folder}/data -U porchlight -A trust -E UTF8 --locale=C.UTF-8 --no-sync");
        process::output(Path::new("/"), &["sh", "-c", &self.spelled(&line)]).map(drop)
    }

    /// Ports that outgoing connections use are avoided: another program's connection may sit on one at any moment.
    fn start(&self, root: &Path, care: Care) -> Result<u16, String> {
        let offset = u16::try_from(std::process::id() % 8000).unwrap_or(0);
        let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let mut last = String::from("no free port between 20000 and 32000");
        for port in (0..20).map(|n| 20_000 + (offset + n * 577) % 12_000).filter(free) {
            match process::output(root, &["sh", "-c", &self.spelled(&self.start_line(port, care))]) {
                Ok(_) => return Ok(port),
                Err(problem) => last = problem,
            }
        }
        Err(last)
    }

    fn start_line(&self, port: u16, care: Care) -> String {
        let careless = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";
        let settings = if care == Care::Fast { careless } else { "" };
        let folder = self.folder.display();
        format!(
            "pg_ctl -D {folder}/data -w -s -l {folder}/log -o '-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=300 {settings}' start"
        )
    }

    fn clean_up(&self) -> String {
        let folder = self.folder.display();
        let stop = self.spelled(&format!("pg_ctl -D {folder}/data -m immediate -s stop"));
        format!("cd /; {stop}; rm -rf {folder}")
    }

    /// The server refuses to run as root.
    fn spelled(&self, line: &str) -> String {
        let run_as = if self.as_postgres { "setpriv --reuid=postgres --regid=postgres --init-groups" } else { "" };
        format!("cd / && {run_as} env PATH={}:$PATH {line}", self.programs.display())
    }
}

fn may_not_run_as_us(root: &Path) -> bool {
    process::output(root, &["id", "-u"]).is_ok_and(|id| id.trim() == "0")
}

/// The folder with initdb and pg_ctl; Debian keeps it off the PATH.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let on_path = process::which("initdb").and_then(|path| path.parent().map(Path::to_path_buf));
    debian.chain(on_path).find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}
