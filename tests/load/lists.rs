//! W4: the first page of the inbox of one of many tenants, as a whole HTTP request.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rand::RngExt;
use tokio::task::spawn_local;

use crate::client::Client;
use crate::figures::{Meter, Times};
use crate::machine;
use crate::options::Options;
use crate::people::{self, Tenant};
use crate::pile;
use crate::product::{Doors, Product};
use crate::store_at::StoreAt;

/// Tenants with an agent who asks; the others only have data.
const ASKING: usize = 40;

pub async fn measure(options: &Options, store: &StoreAt) -> Result<()> {
    let doors = Doors::choose(options)?;
    let ctx = people::open(store, doors).await?;
    let tenants: Vec<Tenant> = people::tenants(&ctx, ASKING).await?;
    drop(ctx);
    let began = Instant::now();
    let size = if options.full { pile::FULL } else { pile::QUICK };
    pile::heap_up(store, size).await?;
    println!(
        "{} conversations and {} messages of {} tenants in {:.0} s",
        size.conversations(),
        size.messages(),
        size.tenants,
        began.elapsed().as_secs_f64()
    );
    let product = Product::start(options, store, doors).await?;
    let mut tokens = Vec::new();
    for tenant in &tenants {
        tokens.push(people::sign_in(doors, &tenant.email).await?);
    }
    ask(doors, &tokens, 2, Duration::from_secs(2)).await?;
    for at_once in [1, 8] {
        let load = machine::load_average();
        let from = Meter::read(&product.pids(), store.pid());
        let mut times = ask(doors, &tokens, at_once, options.seconds).await?;
        let spent = Meter::read(&product.pids(), store.pid()).since(&from);
        println!(
            "{at_once} at once (load average before: {load}): {}, {}",
            spent.shown(times.len() as u64, "requests"),
            times.shown()
        );
    }
    Ok(())
}

async fn ask(doors: Doors, tokens: &[String], at_once: usize, time: Duration) -> Result<Times> {
    let end = Instant::now() + time;
    let asking: Vec<_> = (0..at_once)
        .map(|_| {
            let tokens = tokens.to_vec();
            spawn_local(async move {
                let (mut client, mut times) = (Client::connect(doors.public).await?, Times::default());
                while Instant::now() < end {
                    let token = &tokens[rand::rng().random_range(0..tokens.len())];
                    let headers = format!("authorization: Bearer {token}\r\n");
                    let began = Instant::now();
                    let answer = client.get("/v1/conversations?limit=25", &headers).await?;
                    times.add(began.elapsed());
                    // a page of 25, by its members; parsing it would cost more than it proves
                    let rows = answer.body.matches(r#""id":"cnv_"#).count();
                    if answer.status != 200 || rows != 25 {
                        bail!("{} with {rows} rows: {}", answer.status, answer.body);
                    }
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Times::default();
    for one in asking {
        times.take_in(one.await??);
    }
    Ok(times)
}
