//! `porchlight demo`: one process, one folder, three addresses, no account anywhere. A fourth, when somebody plays Meta.

mod seed;
mod shop;
mod whatsapp;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kernel::{Clock, random_token};

use self::whatsapp::{Phones, Simulator};
use crate::{Config, listen, running, stop};

/// What the demo may be told.
#[derive(clap::Args)]
pub struct Demo {
    /// Where everything is kept.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Starts over: deletes the folder first.
    #[arg(long)]
    fresh: bool,
    /// Port of dashboard and widget; the console and the shop take the next two.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where a simulator plays Meta, such as http://127.0.0.1:8083: the demo's tenant gets a WhatsApp number there.
    /// `cargo xtask run` starts one.
    #[arg(long, value_name = "URL")]
    whatsapp_sim: Option<String>,
}

/// Starts the demo and says where it is.
pub async fn run(demo: Demo, file: Option<&Path>) -> Result<()> {
    let (socket, shop) = listen::bind(&format!("127.0.0.1:{}", demo.port + 2))?;
    // said before anything is deleted or built up
    for port in [demo.port, demo.port + 1] {
        drop(listen::bind(&format!("127.0.0.1:{port}"))?);
    }
    let simulator = demo.whatsapp_sim.as_deref().map(Simulator::at).transpose()?;
    let folder = prepare(&demo)?;
    let config = config(&demo, simulator.as_ref(), &folder, file)?;
    let _observing = crate::observe::start(&config, "all")?;
    let seeded = seed::seed(&config, &folder, &format!("localhost:{}", shop.port())).await?;
    let phones = match &simulator {
        Some(simulator) => Some(whatsapp::prepare(&config, &folder, seeded.tenant, simulator).await?),
        None => None,
    };
    let running = running::start(config, Clock::System).await?;
    let shop_server = shop::serve(socket, running.ctx.site.public.to_string(), seeded, phones.as_ref())?;
    tell(&running, shop.port(), phones.as_ref());
    stop::asked().await?;
    shop_server.stop(true).await;
    running.stop().await;
    Ok(())
}

fn prepare(demo: &Demo) -> Result<PathBuf> {
    let shown = demo.data.display();
    if demo.fresh && demo.data.exists() {
        fs::remove_dir_all(&demo.data).with_context(|| format!("the folder {shown} cannot be deleted"))?;
    }
    fs::create_dir_all(&demo.data).with_context(|| format!("the folder {shown} cannot be made"))?;
    let folder = demo.data.canonicalize().with_context(|| format!("the folder {shown} cannot be read"))?;
    let probe = folder.join(".probe");
    fs::write(&probe, b"").with_context(|| format!("the folder {shown} cannot be written to"))?;
    fs::remove_file(probe).with_context(|| format!("the folder {shown} cannot be written to"))?;
    Ok(folder)
}

fn config(demo: &Demo, simulator: Option<&Simulator>, folder: &Path, file: Option<&Path>) -> Result<Config> {
    let secret = secret(&folder.join("secret"))?;
    let shown = folder.display();
    let (public, operator) = (format!("127.0.0.1:{}", demo.port), format!("127.0.0.1:{}", demo.port + 1));
    let (store, mail) = (format!("sqlite://{shown}/porchlight.db"), format!("folder://{shown}/mail"));
    let blobs = format!("folder://{shown}/files");
    let mut overrides = vec![
        ("public.listen", public.as_str()),
        ("operator.listen", operator.as_str()),
        ("store.url", store.as_str()),
        ("mail.url", mail.as_str()),
        ("blobs.url", blobs.as_str()),
        ("auth.secret", secret.as_str()),
        ("http.drain_seconds", "1"),
        ("log.level", "warn"),
    ];
    let graph = simulator.map(Simulator::base);
    if let Some(graph) = &graph {
        // on this machine, where the guard lets nobody go unasked
        overrides.extend([("whatsapp.graph_url", graph.as_str()), ("net.allow", r#"["127.0.0.1/32"]"#)]);
    }
    Config::load(file, &overrides)
}

/// The demo's own secret, made once and readable by its owner alone.
fn secret(path: &Path) -> Result<String> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Ok(secret) = fs::read_to_string(path) {
        return Ok(secret);
    }
    let secret = random_token("");
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(secret.as_bytes())?;
    Ok(secret)
}

fn tell(running: &running::Running, shop: u16, phones: Option<&Phones>) {
    let (public, operator) = (&running.ctx.site.public, &running.ctx.site.operator);
    println!();
    println!("  Porchlight is up. Open these, best in two windows side by side:");
    println!();
    let password = seed::PASSWORD;
    let mut lines = vec![
        ("Demo shop", format!("http://localhost:{shop}/"), "write as a visitor (another origin)".to_owned()),
        ("Team inbox", format!("{public}/app/"), format!("log in as {} / {password}", seed::OWNER)),
        ("Operator console", format!("{operator}/"), format!("log in as {} / {password}", seed::OPERATOR)),
    ];
    if let Some(Phones { page, number }) = phones {
        let what = format!("write to {number} as a customer (played: no real phone, no Meta)");
        lines.push(("WhatsApp phones", page.clone(), what));
    }
    for (what, address, how) in lines {
        println!("  {what:<18}{address:<38}{how}");
    }
    println!();
    println!(
        "  A second agent is {} with the same password. Mail is written to data/mail. Stop with Ctrl-C.",
        seed::AGENT
    );
    println!();
}
