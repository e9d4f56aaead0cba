//! A PostgreSQL of our own that flushes as in production, on a port below those of outgoing connections.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A running server; stopped and removed when dropped, and also when this process dies.
pub struct Postgres {
    pub port: u16,
    /// The postmaster, whose children do the work.
    pub pid: u32,
    programs: PathBuf,
    clean_up: String,
}

/// Settings beside the defaults: memory for the data, and room for a run without a forced checkpoint. Everything
/// about durability is the default: fsync, synchronous_commit and full_page_writes are on.
const SETTINGS: &str = "-c shared_buffers=1GB -c max_wal_size=4GB -c max_connections=100";

impl Postgres {
    pub fn start(folder: &Path) -> Result<Self> {
        let programs = programs().context("initdb was not found")?;
        let (shown, path) = (folder.display(), programs.display());
        let root = output("id", &["-u"])?.trim() == "0";
        let owner: &[&str] = if root { &["-o", "postgres"] } else { &[] };
        output("install", &[&["-d", "-m", "700"], owner, &[&shown.to_string()]].concat())?;
        let as_postgres = if root { "setpriv --reuid=postgres --regid=postgres --init-groups" } else { "" };
        let spelled = |line: String| format!("cd / && {as_postgres} env PATH={path}:$PATH {line}");
        sh(&spelled(format!("initdb -D {shown}/data -U app -A trust -E UTF8 --locale=C.UTF-8")))?;
        let stop = spelled(format!("pg_ctl -D {shown}/data -m immediate -s stop"));
        let clean_up = format!("{stop}; rm -rf {shown}");
        after_us(&clean_up)?;
        let port = free_port()?;
        let options = format!("-p {port} -k {shown} -c listen_addresses=127.0.0.1 {SETTINGS}");
        sh(&spelled(format!("pg_ctl -D {shown}/data -w -s -l {shown}/log -o '{options}' start")))?;
        let pid = std::fs::read_to_string(folder.join("data/postmaster.pid"))?;
        let pid = pid.lines().next().context("no pid")?.trim().parse()?;
        Ok(Self { port, pid, programs, clean_up })
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://app@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement as psql does.
    pub fn psql(&self, statement: &str) -> Result<()> {
        let program = self.programs.join("psql").display().to_string();
        let port = self.port.to_string();
        output(&program, &["-h", "127.0.0.1", "-p", &port, "-U", "app", "-q", "-c", statement, "postgres"]).map(drop)
    }

    /// Transactions a second of a pgbench script.
    pub fn pgbench(&self, script: &Path, clients: u32, seconds: u64) -> Result<f64> {
        let program =
            ["/usr/bin/pgbench".into(), self.programs.join("pgbench")].into_iter().find(|path| path.is_file());
        let program = program.context("pgbench was not found")?.display().to_string();
        let (port, clients, seconds) = (self.port.to_string(), clients.to_string(), seconds.to_string());
        let script = script.display().to_string();
        let said = output(
            &program,
            &[
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                "app",
                "-n",
                "-M",
                "prepared",
                "-c",
                &clients,
                "-j",
                "1",
                "-T",
                &seconds,
                "-f",
                &script,
                "postgres",
            ],
        )?;
        let line = said.lines().find(|line| line.starts_with("tps =")).context("pgbench gave no rate")?;
        Ok(line.split_whitespace().nth(2).context("pgbench gave no rate")?.parse()?)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // what cannot be stopped now is stopped by the watcher when this process ends
        let _ = sh(&self.clean_up);
    }
}

/// A port below those the kernel gives to outgoing connections.
pub fn free_port() -> Result<u16> {
    let offset = u16::try_from(std::process::id() % 8000)?;
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (0..40).map(|n| 12_000 + (offset + n * 577) % 18_000).find(free).context("no free port")
}

/// Runs a line of shell when this process is gone, however it ends.
pub fn after_us(line: &str) -> Result<()> {
    let us = std::process::id();
    let watch = format!("while kill -0 {us} 2>/dev/null; do sleep 1; done; {line}");
    let mut watcher = Command::new("setsid");
    watcher.args(["sh", "-c", &watch]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    watcher.spawn().map(drop).context("setsid cannot be run")
}

fn sh(line: &str) -> Result<()> {
    output("sh", &["-c", line]).map(drop)
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let done = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let done = done.with_context(|| format!("{program} cannot be run"))?;
    if !done.status.success() {
        bail!("{program}: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin")).find(|folder| folder.join("initdb").is_file())
}
