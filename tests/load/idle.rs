//! W2: sockets that have said hello and then nothing.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::Semaphore;
use tokio::task::spawn_local;
use tokio::time::sleep;

use crate::figures::Meter;
use crate::machine;
use crate::options::Options;
use crate::people;
use crate::product::Doors;
use crate::socket::{Came, Socket};
use crate::store_at::StoreAt;

/// Handshakes at a time.
const AT_ONCE: usize = 64;
/// Looks at the memory while the number grows.
const STEPS: usize = 4;

pub async fn measure(options: &Options, store: &StoreAt) -> Result<()> {
    let (product, visitors) = people::crowd(options, store).await?;
    let doors = product.doors;
    sleep(Duration::from_secs(2)).await;
    let empty = product.pss()?;
    println!("at rest: {:.1} MB", empty / 1024.0);
    let gate = Rc::new(Semaphore::new(AT_ONCE));
    let (mut seen, mut took) = (vec![(0.0, empty)], Duration::ZERO);
    let began = Meter::read(&product.pids(), store.pid());
    for (step, part) in visitors.chunks(options.sockets.div_ceil(STEPS)).enumerate() {
        let start = Instant::now();
        let opening: Vec<_> = part
            .iter()
            .enumerate()
            .map(|(place, visitor)| {
                let number = step * part.len() + place;
                spawn_local(open(doors, visitor.token.clone(), number, gate.clone()))
            })
            .collect();
        for one in opening {
            one.await??;
        }
        took += start.elapsed();
        sleep(Duration::from_secs(3)).await;
        let count = seen.last().map_or(0.0, |last| last.0) + part.len() as f64;
        seen.push((count, product.pss()?));
    }
    let count = visitors.len() as f64;
    let spent = Meter::read(&product.pids(), store.pid()).since(&began);
    let cost = (spent.server + spent.database) / count * 1000.0;
    println!("{count} sockets: {:.0} connects/s, CPU s per 1,000 connects {cost:.3}", count / took.as_secs_f64());
    println!("memory: {:.2} KB (PSS) a socket; looks: {}", slope(&seen), looks(&seen));
    let began = Meter::read(&product.pids(), store.pid());
    sleep(Duration::from_secs(30)).await;
    let spent = Meter::read(&product.pids(), store.pid()).since(&began);
    println!(
        "idle for 30 s (one ping each 25 s): server {:.3} of a core, database {:.3}, generator {:.3}; load average {}",
        spent.server / spent.seconds,
        spent.database / spent.seconds,
        spent.own / spent.seconds,
        machine::load_average()
    );
    println!("memory after that: {:.1} MB in all", product.pss()? / 1024.0);
    Ok(())
}

async fn open(doors: Doors, token: String, number: usize, gate: Rc<Semaphore>) -> Result<()> {
    let permit = gate.acquire().await?;
    let mut scratch = Vec::new();
    let mut socket = Socket::open(doors, "/widget/v1/live", &token, number, &mut scratch).await?;
    drop(permit);
    spawn_local(async move {
        let mut is_open = true;
        while is_open {
            // a buffer for the moment only: ten thousand of them would be the generator's own weight
            let mut scratch = Vec::new();
            let heard = socket.hear(&mut scratch, |came| {
                is_open &= !matches!(came, Came::Closed(_));
                Ok(())
            });
            is_open &= heard.await.is_ok();
        }
    });
    Ok(())
}

/// KB for one more, by least squares over the looks.
fn slope(seen: &[(f64, f64)]) -> f64 {
    let count = seen.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| seen.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|look| look.0), mean(|look| look.1));
    let above: f64 = seen.iter().map(|look| (look.0 - x) * (look.1 - y)).sum();
    let below: f64 = seen.iter().map(|look| (look.0 - x).powi(2)).sum();
    above / below
}

fn looks(seen: &[(f64, f64)]) -> String {
    seen.iter().map(|(count, pss)| format!("{count}: {:.1} MB", pss / 1024.0)).collect::<Vec<_>>().join(", ")
}
