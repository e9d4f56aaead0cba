//! What the machine allows at this moment: flushes, rows, requests.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;
use sea_orm::ConnectionTrait;
use tokio::task::spawn_local;

use crate::client::Client;
use crate::figures::{Meter, Times};
use crate::machine;
use crate::postgres::{Postgres, after_us, free_port};
use crate::store_at::StoreAt;

const SECONDS: u64 = 3;

/// All limits.
pub async fn print(store: &StoreAt) -> Result<()> {
    println!("{}", line(store).await?);
    println!("{}", echo_line().await?);
    Ok(())
}

/// The store's limits in one line.
pub async fn line(store: &StoreAt) -> Result<String> {
    let flushes = machine::flushes_per_second(&store.folder)?;
    let rows = match &store.postgres {
        Some(postgres) => postgres_rows(store, postgres)?,
        None => sqlite_rows(store).await?,
    };
    Ok(format!("fdatasync of 8 KB {flushes:.0}/s; {rows}"))
}

const TABLE: &str = "create table bench (conversation_id uuid not null, seq bigint not null, id uuid not null, client_id text not null, body text not null, created_at bigint not null, primary key (conversation_id, seq))";

fn postgres_rows(store: &StoreAt, postgres: &Postgres) -> Result<String> {
    let row = "(gen_random_uuid(), 1, gen_random_uuid(), 'client-id-of-a-message', 'Hello, do you have these shoes in size 43, and could they be here before Friday?', 1)";
    let script = |name: &str, text: String| -> Result<_> {
        let path = store.folder.join(name);
        fs::write(&path, text)?;
        Ok(path)
    };
    // a second look at the same server finds the table there
    postgres.psql(&TABLE.replacen("create table", "create table if not exists", 1))?;
    let into = "insert into bench (conversation_id, seq, id, client_id, body, created_at)";
    let one = script("one.sql", format!("{into} values {row};\n"))?;
    let hundred = script("hundred.sql", format!("{into} values {};\n", vec![row; 100].join(", ")))?;
    Ok(format!(
        "pgbench, one INSERT a commit: {:.0}/s on 1 connection, {:.0}/s on 8; 100 rows a commit: {:.0} rows/s on 2",
        postgres.pgbench(&one, 1, SECONDS)?,
        postgres.pgbench(&one, 8, SECONDS)?,
        100.0 * postgres.pgbench(&hundred, 2, SECONDS)?
    ))
}

async fn sqlite_rows(store: &StoreAt) -> Result<String> {
    let url = format!("sqlite://{}", store.folder.join("bench.db").display());
    let config = ::store::StoreConfig::at(url, 1);
    let conn = ::store::Db::connect(&config).await.map_err(crate::people::plain)?;
    conn.execute_unprepared(TABLE).await?;
    let row = "(randomblob(16), 1, randomblob(16), 'client-id-of-a-message', 'Hello, do you have these shoes in size 43, and could they be here before Friday?', 1)";
    let mut said = Vec::new();
    for rows in [1, 100] {
        let text = format!("insert into bench values {}", vec![row; rows].join(", "));
        let statement = sea_orm::Statement::from_string(conn.get_database_backend(), text);
        let (began, mut count) = (Instant::now(), 0);
        while began.elapsed() < Duration::from_secs(SECONDS) {
            conn.execute_raw(statement.clone()).await?;
            count += rows;
        }
        said.push(format!("{rows} a commit {:.0} rows/s", count as f64 / began.elapsed().as_secs_f64()));
    }
    Ok(format!("SQLite, WAL and FULL: {}", said.join(", ")))
}

/// A bare server on the same HTTP library, asked by the same client.
async fn echo_line() -> Result<String> {
    let port = free_port()?;
    let mut child =
        Command::new(std::env::current_exe()?).args(["echo", &port.to_string()]).stdin(Stdio::null()).spawn()?;
    after_us(&format!("kill -9 {}", child.id()))?;
    let mut said = Vec::new();
    for connections in [1, 8, 256] {
        said.push(ask_echo(port, connections, child.id()).await?);
    }
    child.kill()?;
    child.wait()?;
    Ok(format!("bare actix-web, POST of 130 bytes echoed: {}", said.join("; ")))
}

async fn ask_echo(port: u16, connections: usize, server: u32) -> Result<String> {
    let to = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    while tokio::net::TcpStream::connect(to).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let from = Meter::read(&[server], None);
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let asking: Vec<_> = (0..connections)
        .map(|_| {
            spawn_local(async move {
                let (mut client, mut times) = (Client::connect(to).await?, Times::default());
                let body = "x".repeat(130);
                while Instant::now() < end {
                    let began = Instant::now();
                    client.post("/", "", &body).await?;
                    times.add(began.elapsed());
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Times::default();
    for one in asking {
        times.take_in(one.await??);
    }
    let spent = Meter::read(&[server], None).since(&from);
    Ok(format!("{connections} at once: {}, {}", spent.shown(times.len() as u64, "requests"), times.shown()))
}

/// The bare server, in a process of its own.
pub fn echo(port: u16) -> Result<()> {
    use actix_web::{App, HttpServer, web};
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(|| App::new().route("/", web::post().to(|body: web::Bytes| async move { body })));
        server.workers(2).tcp_nodelay(true).bind(("127.0.0.1", port))?.run().await
    })?;
    Ok(())
}
