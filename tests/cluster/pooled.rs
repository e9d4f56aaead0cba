//! A pooler between processes and PostgreSQL. PgBouncer hands connections out by transaction where it knows prepared
//! statements (1.21); an older one is tried by session, and its wall by transaction with plain statements (decision 29).

use std::path::Path;
use std::process::{Child, Command, Stdio};

use harness::{PATIENCE, Visitor, files};
use kernel::TenantId;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TransactionTrait};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, sleep};

use crate::stage::{Cluster, agent_listens, free_port, sees, visitor_listens};
use crate::wall;

/// PgBouncer in front of one PostgreSQL.
struct Pooler {
    child: Child,
    port: u16,
}

impl Pooler {
    /// `connections`: how many it keeps to a database.
    async fn before(store_url: &str, folder: &Path, mode: &str, connections: u32) -> Self {
        let (port, server) = (free_port(), place(store_url));
        let prepared = if knows_prepared() { "max_prepared_statements = 300" } else { "" };
        let text = format!(
            "[databases]\n* = host={} port={} user=porchlight\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = {connections}\n\
             max_client_conn = 200\nignore_startup_parameters = extra_float_digits\n{prepared}\n",
            server.0, server.1
        );
        let file = folder.join(format!("pgbouncer-{port}.ini"));
        std::fs::write(&file, text).expect("a configuration");
        run(Command::new("chmod").arg("a+rx").arg(folder).arg(&file));
        let child = unprivileged("pgbouncer").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let pooler = Self { child: child.expect("pgbouncer starts (Debian: apt-get install pgbouncer)"), port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(began.elapsed() < PATIENCE, "the pooler does not listen");
            // a process cannot be waited for until it listens, only asked
            sleep(Duration::from_millis(20)).await;
        }
        pooler
    }

    /// The same database through it.
    fn url(&self, store_url: &str) -> String {
        let name = store_url.rsplit('/').next().expect("a name");
        format!("postgres://porchlight@127.0.0.1:{}/{name}", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Host and port of `postgres://user@host:port/name`.
fn place(store_url: &str) -> (String, String) {
    let at = store_url.split('@').nth(1).and_then(|rest| rest.split('/').next()).expect("a place");
    let (host, port) = at.split_once(':').unwrap_or((at, "5432"));
    (host.to_owned(), port.to_owned())
}

/// It refuses to run as root.
fn unprivileged(program: &str) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|of| std::os::unix::fs::MetadataExt::uid(&of) == 0);
    let mut command = Command::new(if is_root { "setpriv" } else { program });
    if is_root {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig", "KILL", program]);
    }
    command
}

fn run(command: &mut Command) {
    assert!(command.status().expect("it runs").success(), "{command:?}");
}

/// From 1.21 on.
fn knows_prepared() -> bool {
    let said =
        Command::new("pgbouncer").arg("--version").output().expect("pgbouncer (Debian: apt-get install pgbouncer)");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let version = said.split_whitespace().nth(1).expect("a version");
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (1, 21)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_talk_through_a_pooler() {
    let Some(cluster) = Cluster::set().await else { return };
    let (mode, connections) = if knows_prepared() { ("transaction", 6) } else { ("session", 60) };
    let pooler = Pooler::before(&cluster.store_url, cluster.folder(), mode, connections).await;
    let (url, owner_url) = (pooler.url(&cluster.store_url), cluster.store_url.clone());
    let more = [("STORE__URL", &*url), ("STORE__OWNER_URL", &owner_url), ("STORE__POOLER", "true")];
    let more = [&more[..], &[("FILES__WAIT_MS", "20000")]].concat();
    let (one, two) = tokio::join!(cluster.node_with("all", &more), cluster.node_with("all", &more));
    let mut owner = cluster.owner_at(&one).await;
    let widget = cluster.widget(&owner).await;
    let (mut inbox, _) = agent_listens(&owner, &one, None).await;
    let mut visitor = Visitor::arrives(&two.doors, &widget, None).await;
    let (mut page, _) = visitor_listens(&visitor, &two).await;
    for round in 0..20 {
        visitor.says(&format!("question {round}")).await;
        sees(&mut inbox, &format!("question {round}")).await;
        owner.answers(&visitor, &format!("answer {round}")).await;
        sees(&mut page, &format!("answer {round}")).await;
    }
    let file = owner.http.upload("/v1/files", ("cat.png", "image/png"), &files::png(40, 30)).await.is(201);
    assert_eq!(file["file"]["state"], "ready", "a worker works through it: {file}");
    owner.http.get("/v1/contacts").await.ok();
    assert_eq!(owner.reads(visitor.conversation()).await.len(), 40);
    drop((one, two));
    drop(pooler);
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rls_02_two_tenants_that_share_one_connection_by_transaction_never_meet() {
    let Some((app, tenants)) = wall::two().await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let pooler = Pooler::before(app.store_url(), folder.path(), "transaction", 1).await;
    let people = [through(&pooler, app.store_url()).await, through(&pooler, app.store_url()).await];
    for turn in 0..300 {
        let (own, conn) = (tenants[turn % 2], &people[turn % 2]);
        let view = conn.begin().await.expect("a transaction");
        say(&view, &narrowed(own)).await;
        say(&view, &is_alone(own)).await;
        match turn % 3 {
            0 => view.commit().await.expect("done"),
            1 => view.rollback().await.expect("given up"),
            _ => drop(view),
        }
        say(&people[(turn + 1) % 2], NOTHING_IS_LEFT).await;
    }
}

/// One client of the pooler.
async fn through(pooler: &Pooler, store_url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(pooler.url(store_url));
    options.max_connections(1).min_connections(1).test_before_acquire(false).sqlx_logging(false);
    Database::connect(options).await.expect("a client")
}

/// As `store` begins what is done for a tenant.
fn narrowed(tenant: TenantId) -> String {
    format!("set local role porchlight_tenant; set local porchlight.tenants = '{{{}}}'", tenant.uuid())
}

fn is_alone(tenant: TenantId) -> String {
    format!(
        "do $$ begin if (select array_agg(distinct tenant_id) from widget) is distinct from array['{}'::uuid] \
         then raise exception 'another tenant is seen'; end if; end $$",
        tenant.uuid()
    )
}

const NOTHING_IS_LEFT: &str = "do $$ begin if current_user <> session_user \
    or coalesce(current_setting('porchlight.tenants', true), '') <> '' \
    then raise exception '% and its tenants were left behind', current_user; end if; end $$";

async fn say(conn: &impl ConnectionTrait, text: &str) {
    conn.execute_unprepared(text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
}
