//! What browser tests play on: the real server in this process, a name server whose records a test writes, a clock
//! that goes like any other and can be moved forward.
//!
//! Prints one JSON line with addresses and log-ins, then obeys one JSON command a line and answers each with one line.
//! Whatever can be done through the API (widgets, domains, suspending) is not done here but by the tests, through the
//! API. Ends when its input ends. Settings are given as `section.key=value`.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use chat::identity::{NewAgent, create_agent_directly};
use chat::operator::{By, create_tenant};
use harness::fakes::zone::Zone;
use harness::{Engine, PASSWORD};
use kernel::{Clock, Role, Secret, TenantId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Platform staff of every stage.
const OPERATOR: &str = "ops@porchlight.example";
/// How fine the clock goes.
const TICK: Duration = Duration::from_millis(5);

/// What a line may ask for.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Command {
    /// A tenant with an owner who has everybody's password.
    Tenant { name: String, owner: String },
    /// One more of a tenant's people.
    Agent { tenant: TenantId, name: String, email: String, role: Role },
    /// Publishes a TXT record.
    Txt { name: String, text: String },
    /// Takes everything at a name out of the zone.
    Clear { name: String },
    /// Moves the clock forward.
    Advance { seconds: u64 },
    /// Runs the jobs that are due.
    Jobs,
    /// Stops the server; its ports refuse.
    Stop,
    /// Starts it again, on the same ports and the same database.
    Start,
}

struct Stage {
    running: Option<server::Running>,
    settings: Vec<(String, String)>,
    clock: Clock,
    zone: Zone,
    engine: Engine,
    store_url: String,
    folder: TempDir,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut stage = Stage::build().await?;
    let clock = stage.clock.clone();
    tokio::spawn(go(clock));
    say(&stage.start().await?)?;
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        say(&match stage.obey(&line).await {
            Ok(answer) => json!({ "ok": answer }),
            Err(error) => json!({ "error": format!("{error:#}") }),
        })?;
    }
    stage.stop().await;
    stage.engine.remove(&stage.store_url).await;
    Ok(())
}

/// Standard input, line by line, read by a thread of its own.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (hand, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let input = std::io::stdin().lines().map_while(std::io::Result::ok);
        // the other end goes only with the process
        input.map(|line| hand.send(line)).take_while(std::result::Result::is_ok).for_each(drop);
    });
    lines
}

/// Lets the clock go with the machine's.
async fn go(clock: Clock) {
    let (started, mut gone) = (Instant::now(), Duration::ZERO);
    let mut tick = tokio::time::interval(TICK);
    loop {
        tick.tick().await;
        // whole milliseconds only, and none is lost
        let now = Duration::from_millis(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        clock.advance(now.saturating_sub(gone));
        gone = now;
    }
}

fn say(line: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

impl Stage {
    async fn build() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let engine = Engine::chosen();
        let store_url = engine.fresh(folder.path()).await;
        let zone = Zone::start().await;
        let mail = format!("folder://{}", folder.path().join("mail").display());
        let blobs = format!("folder://{}", folder.path().join("files").display());
        let inspector = harness::binary().display().to_string();
        let own = [
            ("public.listen", "127.0.0.1:0"),
            ("operator.listen", "127.0.0.1:0"),
            ("store.url", &store_url),
            ("auth.secret", "a secret for tests, longer than thirty-two bytes"),
            ("mail.url", &mail),
            ("blobs.url", &blobs),
            ("files.inspector", &inspector),
            ("net.dns", &zone.address()),
            ("worker.enabled", "false"),
            ("http.workers", "2"),
            ("http.proxies", "[\"127.0.0.1/32\"]"),
            ("http.drain_seconds", "0"),
            ("limits.factor", "1000"),
        ];
        let mut settings: Vec<_> = own.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        for argument in std::env::args().skip(1) {
            let (key, value) = argument.split_once('=').with_context(|| format!("{argument} is not key=value"))?;
            settings.push((key.to_owned(), value.to_owned()));
        }
        let clock = Clock::frozen(Timestamp::from_millis(Clock::System.now().millis()));
        Ok(Self { running: None, settings, clock, zone, engine, store_url, folder })
    }

    /// Starts the server; says where it is and who may sign in.
    async fn start(&mut self) -> Result<Value> {
        if self.running.is_some() {
            bail!("the server runs");
        }
        let overrides: Vec<_> = self.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let config = server::Config::load(None, &overrides)?;
        let running = server::start(config, self.clock.clone()).await?;
        // the next start takes the same ports: nobody is told of new ones
        let public = running.public.context("the stage has a public listener")?;
        self.settings.push(("public.listen".to_owned(), public.to_string()));
        self.settings.push(("operator.listen".to_owned(), running.operator.to_string()));
        // on the second start they are there already
        let _ = chat::operator::create(&running.ctx, OPERATOR, "Ops", PASSWORD).await;
        let said = json!({
            "public": public.port(),
            "operator": running.operator.port(),
            "operator_email": OPERATOR,
            "password": PASSWORD,
            "mail": self.folder.path().join("mail"),
        });
        self.running = Some(running);
        Ok(said)
    }

    async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    fn ctx(&self) -> Result<&chat::Ctx> {
        self.running.as_ref().map(|running| &running.ctx).context("the server is stopped")
    }

    async fn obey(&mut self, line: &str) -> Result<Value> {
        match serde_json::from_str(line)? {
            Command::Tenant { name, owner } => {
                let tenant = create_tenant(self.ctx()?, By::CommandLine, &name, &owner).await.map_err(plain)?.id;
                let agent = self.agent(tenant, "Olga Owner", owner, Role::Owner).await?;
                return Ok(json!({ "tenant": tenant, "agent": agent }));
            }
            Command::Agent { tenant, name, email, role } => return self.agent(tenant, &name, email, role).await,
            Command::Txt { name, text } => self.zone.txt(&name, &text),
            Command::Clear { name } => self.zone.clear(&name),
            Command::Advance { seconds } => self.clock.advance(Duration::from_secs(seconds)),
            Command::Jobs => {
                let running = self.running.as_ref().context("the server is stopped")?;
                return Ok(json!(running.run_due().await.map_err(plain)?));
            }
            Command::Stop => self.stop().await,
            Command::Start => return self.start().await,
        }
        Ok(Value::Null)
    }

    async fn agent(&self, tenant: TenantId, name: &str, email: String, role: Role) -> Result<Value> {
        let password = Secret::new(PASSWORD.to_owned());
        let new = NewAgent { email, name: name.to_owned(), role, password };
        Ok(json!(create_agent_directly(self.ctx()?, tenant, new).await.map_err(plain)?))
    }
}

fn plain(error: kernel::Error) -> anyhow::Error {
    anyhow!("{}: {}", error.code(), error.detail())
}
