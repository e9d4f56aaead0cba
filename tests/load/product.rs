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
    pub operator: SocketAddr,
}

impl Doors {
    pub fn choose() -> Result<Self> {
        let port = free_port()?;
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        Ok(Self { public: at(port), operator: at(port + 1) })
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.public)
    }
}

/// A running server; killed when dropped, and when this process dies.
pub struct Product {
    child: Child,
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
        let log = File::create(store.folder.join("server.log"))?;
        let mut command = Command::new(&options.binary);
        command.arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        for (key, value) in settings(store, doors).iter().chain(more) {
            command.env(format!("PORCHLIGHT__{key}"), value);
        }
        let child = command.spawn().with_context(|| format!("{} cannot be run", options.binary.display()))?;
        after_us(&format!("kill -9 {}", child.id()))?;
        let mut product = Self { child, doors };
        product.answers(store).await?;
        Ok(product)
    }

    async fn answers(&mut self, store: &StoreAt) -> Result<()> {
        let patience = Instant::now() + Duration::from_secs(60);
        let mut last = String::from("nothing listens");
        while Instant::now() < patience {
            if let Some(status) = self.child.try_wait()? {
                let log = std::fs::read_to_string(store.folder.join("server.log")).unwrap_or_default();
                bail!("the server ended with {status}: {log}");
            }
            if tokio::net::TcpStream::connect(self.doors.public).await.is_ok() {
                let mut client = crate::client::Client::connect(self.doors.public).await?;
                match client.get("/readyz", "").await {
                    Ok(answer) if answer.status == 200 => return Ok(()),
                    Ok(answer) => answer.body.clone_into(&mut last),
                    Err(error) => last = error.to_string(),
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = std::fs::read_to_string(store.folder.join("server.log")).unwrap_or_default();
        bail!("the server does not answer ({last}): {log}")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn settings(store: &StoreAt, doors: Doors) -> Vec<(&'static str, String)> {
    vec![
        ("STORE__URL", store.url()),
        ("PUBLIC__LISTEN", doors.public.to_string()),
        ("OPERATOR__LISTEN", doors.operator.to_string()),
        ("AUTH__SECRET", SECRET.to_owned()),
        ("MAIL__URL", format!("folder://{}", store.folder.join("mail").display())),
        ("BLOBS__URL", format!("folder://{}", store.folder.join("files").display())),
        // limits count per address and tenant, and here everybody comes from one machine
        ("LIMITS__FACTOR", "100000".to_owned()),
        ("WORKER__ENABLED", "true".to_owned()),
        ("LOG__LEVEL", "warn".to_owned()),
    ]
}
