//! The server as a process of its own, as it would be run.

use std::fs::File;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::options::Options;
use crate::postgres::{after_us, free_port};
use crate::store_at::StoreAt;

/// Signs tokens of one run.
pub const SECRET: &str = "f3a1c09be77d42586a0d9c14e85b2f6730cd18ea94b7556f";

/// Where the server will listen; known before it runs, because tokens name it.
#[derive(Clone, Copy)]
pub struct Doors {
    pub public: SocketAddr,
    /// Where sockets connect: with the roles apart, at a process of their own.
    pub live: SocketAddr,
    pub operator: SocketAddr,
}

impl Doors {
    pub fn choose(options: &Options) -> Result<Self> {
        let port = free_port()?;
        let live = if options.cluster { port + 2 } else { port };
        Ok(Self { public: here(port), live: here(live), operator: here(port + 1) })
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.public)
    }
}

/// A running server, or one for each role; killed when dropped, and when this process dies.
pub struct Product {
    /// What people speak to is the first.
    children: Vec<Child>,
    /// NATS, where the roles are apart.
    broker: Option<Child>,
    pub doors: Doors,
}

impl Product {
    /// Starts `porchlight serve` and waits until it answers.
    pub async fn start(options: &Options, store: &StoreAt, doors: Doors) -> Result<Self> {
        Self::start_with(options, store, doors, &[]).await
    }

    /// The same with these settings on top.
    pub async fn start_with(
        options: &Options,
        store: &StoreAt,
        doors: Doors,
        more: &[(&'static str, String)],
    ) -> Result<Self> {
        let mut product = Self { children: Vec::new(), broker: None, doors };
        match options.cluster {
            true => product.apart(options, store, more)?,
            false => product.role(options, store, "all", (doors.public, doors.operator), more)?,
        }
        product.answers(doors.public, store).await?;
        if options.cluster {
            product.answers(here(doors.live.port() + 1), store).await?;
        }
        Ok(product)
    }

    /// A process for each role, and NATS between them.
    fn apart(&mut self, options: &Options, store: &StoreAt, more: &[(&'static str, String)]) -> Result<()> {
        let (Doors { public, live, operator }, port) = (self.doors, self.doors.live.port());
        let broker = here(port + 4);
        let mut nats = Command::new("nats-server");
        nats.args(["-a", "127.0.0.1", "-p", &broker.port().to_string()]);
        self.broker = Some(watched(nats.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?);
        let own = [
            ("PUBLIC__URL", self.doors.origin()),
            ("OPERATOR__URL", format!("http://{operator}")),
            ("BUS__URL", format!("nats://{broker}")),
            ("BLOBS__SHARED", "true".to_owned()),
        ];
        let more = [&own[..], more].concat();
        self.role(options, store, "api", (public, operator), &more)?;
        self.role(options, store, "realtime", (live, here(port + 1)), &more)?;
        self.role(options, store, "worker", (here(port + 2), here(port + 3)), &more)
    }

    fn role(
        &mut self,
        options: &Options,
        store: &StoreAt,
        role: &str,
        (public, operator): (SocketAddr, SocketAddr),
        more: &[(&'static str, String)],
    ) -> Result<()> {
        let log = File::options().create(true).append(true).open(store.folder.join("server.log"))?;
        let mut command = Command::new(&options.binary);
        command.args(["serve", "--role", role]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let doors = [("PUBLIC__LISTEN", public.to_string()), ("OPERATOR__LISTEN", operator.to_string())];
        for (key, value) in settings(store).iter().chain(&doors).chain(more) {
            command.env(format!("PORCHLIGHT__{key}"), value);
        }
        self.children.push(watched(&mut command)?);
        Ok(())
    }

    async fn answers(&mut self, door: SocketAddr, store: &StoreAt) -> Result<()> {
        let patience = Instant::now() + Duration::from_secs(60);
        let mut last = String::from("nothing listens");
        while Instant::now() < patience {
            for child in &mut self.children {
                if let Some(status) = child.try_wait()? {
                    bail!("the server ended with {status}: {}", log(store));
                }
            }
            if tokio::net::TcpStream::connect(door).await.is_ok() {
                let mut client = crate::client::Client::connect(door).await?;
                match client.get("/readyz", "").await {
                    Ok(answer) if answer.status == 200 => return Ok(()),
                    Ok(answer) => answer.body.clone_into(&mut last),
                    Err(error) => last = error.to_string(),
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server does not answer ({last}): {}", log(store))
    }

    /// The process people speak to.
    pub fn pid(&self) -> u32 {
        self.children[0].id()
    }

    /// All of its processes.
    pub fn pids(&self) -> Vec<u32> {
        self.children.iter().map(Child::id).collect()
    }

    /// Memory of all of them in KiB, shared pages divided among those who share them.
    pub fn pss(&self) -> Result<f64> {
        self.pids().into_iter().map(crate::machine::pss).sum()
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        for child in self.children.iter_mut().chain(&mut self.broker) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Starts it, and has it killed when this process dies.
fn watched(command: &mut Command) -> Result<Child> {
    let child = command.spawn().with_context(|| format!("{} cannot be run", command.get_program().display()))?;
    after_us(&format!("kill -9 {}", child.id()))?;
    Ok(child)
}

fn log(store: &StoreAt) -> String {
    std::fs::read_to_string(store.folder.join("server.log")).unwrap_or_default()
}

fn settings(store: &StoreAt) -> Vec<(&'static str, String)> {
    vec![
        ("STORE__URL", store.url()),
        ("AUTH__SECRET", SECRET.to_owned()),
        ("MAIL__URL", format!("folder://{}", store.folder.join("mail").display())),
        ("BLOBS__URL", format!("folder://{}", store.folder.join("files").display())),
        // limits count per address and tenant, and here everybody comes from one machine
        ("LIMITS__FACTOR", "100000".to_owned()),
        ("WORKER__ENABLED", "true".to_owned()),
        ("LOG__LEVEL", "warn".to_owned()),
    ]
}
