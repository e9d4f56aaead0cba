//! W6: everybody who was here is cut off, misses something, and comes back.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::spawn_local;
use tokio::time::{sleep, sleep_until, timeout};

use crate::client::Client;
use crate::figures::{Meter, Times};
use crate::machine;
use crate::options::Options;
use crate::people::{self, Visitor};
use crate::product::Doors;
use crate::socket::{Came, Socket};
use crate::store_at::StoreAt;

/// People who begin at a time; nobody is measured then.
const AT_ONCE: usize = 64;
/// What each of them misses.
const MISSED: usize = 5;
/// The time over which they come back.
const ARRIVALS: [Duration; 2] = [Duration::from_secs(1), Duration::from_millis(100)];
/// Nobody waits longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who was here.
struct Guest {
    number: usize,
    token: String,
    messages: String,
    position: String,
}

pub async fn measure(options: &Options, store: &StoreAt) -> Result<()> {
    let (product, visitors) = people::crowd(options, store).await?;
    let doors = product.doors;
    let mut guests = all(visitors.into_iter().enumerate(), move |(number, one)| begin(doors, number, one)).await?;
    for over in ARRIVALS {
        guests = all(guests, move |guest| miss(doors, guest)).await?;
        let (load, from) = (machine::load_average(), Meter::read(&product.pids(), store.pid()));
        let (start, count) = (Instant::now() + Duration::from_millis(200), guests.len());
        let coming: Vec<_> = guests
            .into_iter()
            .map(|guest| {
                let due = start + over.mul_f64(guest.number as f64 / count as f64);
                spawn_local(come_back(doors, guest, due))
            })
            .collect();
        let (mut back, mut times) = (Vec::with_capacity(count), Times::default());
        for one in coming {
            let (guest, took) = one.await??;
            times.add(took);
            back.push(guest);
        }
        let took = start.elapsed().as_secs_f64();
        let spent = Meter::read(&product.pids(), store.pid()).since(&from);
        println!(
            "{count} come back within {} ms (load average before: {load}): all after {took:.2} s",
            over.as_millis()
        );
        println!("    until the last of {MISSED} missed messages: {}", times.shown());
        println!("    {}", spent.shown(count as u64, "guests"));
        guests = back;
    }
    Ok(())
}

/// Does `what` for all of them, some at a time.
async fn all<T: 'static, F: Future<Output = Result<Guest>> + 'static>(
    people: impl IntoIterator<Item = T>,
    what: impl Fn(T) -> F + Copy + 'static,
) -> Result<Vec<Guest>> {
    let gate = Rc::new(Semaphore::new(AT_ONCE));
    let one = |person: T| {
        let gate = gate.clone();
        spawn_local(async move {
            let _permit = gate.acquire().await?;
            what(person).await
        })
    };
    let tasks: Vec<_> = people.into_iter().map(one).collect();
    let mut done = Vec::with_capacity(tasks.len());
    for task in tasks {
        done.push(task.await??);
    }
    Ok(done)
}

/// Writes first words, listens for a moment, and is cut off.
async fn begin(doors: Doors, number: usize, visitor: Visitor) -> Result<Guest> {
    let mut client = Client::connect(doors.public).await?;
    let first = json!({ "client_id": format!("g-{number}-0"), "body": "Hello?" }).to_string();
    let answer = client.post("/widget/v1/conversations", &headers(doors, &visitor.token), &first).await?;
    if answer.status != 201 {
        bail!("no conversation: {}", answer.body);
    }
    let opened: Value = serde_json::from_str(answer.body)?;
    let id = opened["conversation"]["id"].as_str().context("no id")?;
    let messages = format!("/widget/v1/conversations/{id}/messages");
    let (mut scratch, mut position) = (Vec::new(), None);
    let hear = |text: &str| position = position.take().or_else(|| position_of(text));
    let socket = Socket::come_back(doors, "/widget/v1/live", &visitor.token, number, None, &mut scratch, hear).await?;
    drop(socket);
    Ok(Guest { number, token: visitor.token, messages, position: position.context("no position")? })
}

/// Things are said while nobody listens.
async fn miss(doors: Doors, guest: Guest) -> Result<Guest> {
    let mut client = Client::connect(doors.public).await?;
    for _ in 0..MISSED {
        let body = json!({ "client_id": uuid::Uuid::new_v4(), "body": "Is anybody there?" }).to_string();
        let answer = client.post(&guest.messages, &headers(doors, &guest.token), &body).await?;
        if answer.status != 201 {
            bail!("{}: {}", answer.status, answer.body);
        }
    }
    Ok(guest)
}

/// Comes back when it is due; gives how long it took from then until nothing is missing.
async fn come_back(doors: Doors, mut guest: Guest, due: Instant) -> Result<(Guest, Duration)> {
    sleep_until(due.into()).await;
    guest.position = timeout(PATIENCE, let_in(doors, &guest)).await.context("somebody never caught up")??;
    Ok((guest, due.elapsed()))
}

/// Whoever is refused at a full door comes again as clients do, after any time up to a step that doubles.
async fn let_in(doors: Doors, guest: &Guest) -> Result<String> {
    let mut step = Duration::from_millis(500);
    loop {
        match caught_up(doors, guest).await {
            Err(error) if error.to_string().contains(" 429 ") || error.to_string().contains(" 503 ") => {
                sleep(step.mul_f64(rand::random())).await;
                step = (step * 2).min(Duration::from_secs(30));
            }
            done => return done,
        }
    }
}

/// Connects and hears what was missed; gives the position after it.
async fn caught_up(doors: Doors, guest: &Guest) -> Result<String> {
    let (mut scratch, mut seen, mut last) = (Vec::new(), 0, None);
    let Guest { number, token, position, .. } = guest;
    let mut hear = |text: &str| {
        seen += usize::from(text.starts_with(r#"{"type":"message_posted""#));
        last = position_of(text).or(last.take());
    };
    let path = "/widget/v1/live";
    let mut socket = Socket::come_back(doors, path, token, *number, Some(position), &mut scratch, &mut hear).await?;
    // the frames themselves are counted here: whoever was not resumed would wait in vain
    while seen < MISSED {
        let more = socket.hear(&mut scratch, |came| match came {
            Came::Text(text) => {
                seen += usize::from(text.starts_with(r#"{"type":"message_posted""#));
                last = position_of(text).or(last.take());
                Ok(())
            }
            Came::Closed(code) => bail!("closed with {code} while catching up"),
        });
        more.await?;
    }
    if seen > MISSED {
        bail!("heard {seen} messages instead of {MISSED}");
    }
    last.context("no position")
}

fn headers(doors: Doors, token: &str) -> String {
    format!("authorization: Bearer {token}\r\norigin: {}\r\n", doors.origin())
}

fn position_of(text: &str) -> Option<String> {
    let mark = r#""position":""#;
    let at = text.find(mark)? + mark.len();
    text[at..].split('"').next().map(str::to_owned)
}
