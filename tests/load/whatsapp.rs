//! W3: signed WhatsApp webhooks of about 600 bytes, one in twenty a repeat; answered when durable, then in the inbox.
//!
//! First 200 a second, open-loop: how long the door takes to answer from when it should have been called, and how long
//! until the agent's socket hears the message. Then as fast as so many connections go, each waiting for its answer. At
//! the end the database holds every message once. With `--kills` the server is killed with -9 every few seconds instead,
//! and every delivery is repeated until it is acknowledged, as Meta does.

mod post;
mod world;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::spawn_local;
use tokio::time::{sleep, sleep_until};

use crate::check::{self, Wrongs};
use crate::figures::{Meter, Times};
use crate::machine;
use crate::options::Options;
use crate::product::{Doors, Product};
use crate::socket::{Came, Socket};
use crate::store_at::StoreAt;
use post::{Poster, words_of};

/// Webhooks a second of the paced part.
const RATE: f64 = 200.0;
/// Connections of the paced part.
const CONNECTIONS: usize = 64;
/// Longest wait for what was acknowledged to be in the inbox.
const PATIENCE: Duration = Duration::from_secs(120);

/// What all connections share.
#[derive(Default)]
struct Board {
    /// Acknowledged calls, repeats included.
    answered: Cell<u64>,
    /// Different messages.
    messages: Cell<u64>,
    repeats: Cell<u64>,
    /// Calls that had to be made again because the server was away.
    again: Cell<u64>,
    answers: RefCell<Times>,
    lag: RefCell<Times>,
    /// When messages should have been delivered that nobody has heard of yet.
    waiting: RefCell<HashMap<String, Instant>>,
    /// Whether the messages are listened for.
    listens: Cell<bool>,
    wrongs: Wrongs,
    over: Cell<bool>,
}

/// Measures on a fresh server.
pub async fn measure(options: &Options, store: &StoreAt) -> Result<()> {
    println!("limits: {}", crate::limits::line(store).await?);
    let doors = Doors::choose(options)?;
    let world = world::found(store, doors).await?;
    let product = Product::start_with(options, store, doors, &world.settings()).await?;
    let board = Rc::new(Board::default());
    let mut posters = Vec::new();
    for number in 0..options.flights.iter().copied().max().unwrap_or(CONNECTIONS).max(CONNECTIONS) {
        posters.push(Poster::new(number, doors, &world.path).await?);
    }
    if options.kills {
        return killed(options, store, product, &world, posters, &board).await;
    }
    let token = crate::people::sign_in(doors, &world.email).await?;
    let mut scratch = Vec::new();
    let ear = spawn_local(listen(Socket::open(doors, "/v1/live", &token, 1, &mut scratch).await?, board.clone()));
    let posters = paced(options, store, &product, posters, &board).await?;
    board.listens.set(false);
    saturated(options, store, &product, posters, &board).await?;
    println!("correct: {}", settled(store, &board, true).await?);
    board.over.set(true);
    ear.abort();
    board.wrongs.none()
}

/// 200 a second; gives the connections back.
async fn paced(
    options: &Options,
    store: &StoreAt,
    product: &Product,
    posters: Vec<Poster>,
    board: &Rc<Board>,
) -> Result<Vec<Poster>> {
    board.listens.set(true);
    let (load, before) = (machine::load_average(), Meter::read(&product.pids(), store.pid()));
    let mut idle = posters;
    let busy = idle.drain(..CONNECTIONS).collect();
    let mut done = run(busy, options.seconds, Some(RATE), board).await?;
    let spent = Meter::read(&product.pids(), store.pid()).since(&before);
    let late = board.waiting.borrow().len();
    heard_all(board).await?;
    let caught_up = Meter::read(&product.pids(), store.pid()).since(&before).seconds - spent.seconds;
    println!(
        "200/s for {:.0} s (load average before: {load}): {}",
        spent.seconds,
        spent.shown(board.answered.get(), "webhooks")
    );
    println!("    answer {}", board.answers.take().shown());
    println!("    until the agent hears it {}", board.lag.take().shown());
    println!("    not heard when the last was answered: {late}; heard after {caught_up:.2} s more");
    done.append(&mut idle);
    Ok(done)
}

/// As fast as each number of connections goes.
async fn saturated(
    options: &Options,
    store: &StoreAt,
    product: &Product,
    mut posters: Vec<Poster>,
    board: &Rc<Board>,
) -> Result<()> {
    for flight in &options.flights {
        // what is being worked on still would be counted in
        settled(store, board, true).await?;
        let load = machine::load_average();
        let (before, count) = (Meter::read(&product.pids(), store.pid()), board.answered.get());
        let busy = posters.drain(..*flight).collect();
        let done = run(busy, options.seconds.min(Duration::from_secs(20)), None, board).await?;
        let spent = Meter::read(&product.pids(), store.pid()).since(&before);
        let count = board.answered.get() - count;
        println!("{flight} connections (load average before: {load}): {}", spent.shown(count, "webhooks"));
        println!("    answer {}", board.answers.take().shown());
        let began = Instant::now();
        settled(store, board, true).await?;
        let whole = spent.seconds + began.elapsed().as_secs_f64();
        println!(
            "    all in the inbox {:.1} s after the last answer: {:.0}/s through",
            began.elapsed().as_secs_f64(),
            count as f64 / whole
        );
        posters.extend(done);
    }
    Ok(())
}

/// 200 a second, and the server is killed again and again.
async fn killed(
    options: &Options,
    store: &StoreAt,
    product: Product,
    world: &world::World,
    mut posters: Vec<Poster>,
    board: &Rc<Board>,
) -> Result<()> {
    posters.truncate(CONNECTIONS);
    let (load, began) = (machine::load_average(), Instant::now());
    let posting = spawn_local({
        let (board, seconds) = (board.clone(), options.seconds);
        async move { run(posters, seconds, Some(RATE), &board).await }
    });
    let (mut product, mut kills) = (Some(product), 0);
    while !posting.is_finished() {
        sleep(Duration::from_secs(7)).await;
        let doors = product.as_ref().map_or_else(|| Doors::choose(options), |product| Ok(product.doors))?;
        // dropped is killed, with -9
        drop(product.take());
        kills += 1;
        product = Some(Product::start_with(options, store, doors, &world.settings()).await?);
    }
    posting.await??;
    let loaded = began.elapsed().as_secs_f64();
    println!(
        "200/s for {loaded:.0} s with {kills} kills (load average before: {load}): {} calls made again",
        board.again.get()
    );
    println!("    answer, restarts included: {}", board.answers.take().shown());
    let began = Instant::now();
    let said = settled(store, board, false).await?;
    println!("correct: {said}, {:.1} s after the last answer", began.elapsed().as_secs_f64());
    board.wrongs.none()
}

/// Lets everybody post for a while, at `rate` a second together or as fast as each answer comes.
async fn run(posters: Vec<Poster>, time: Duration, rate: Option<f64>, board: &Rc<Board>) -> Result<Vec<Poster>> {
    let (start, count) = (Instant::now(), posters.len());
    let mut tasks = Vec::new();
    for (place, mut poster) in posters.into_iter().enumerate() {
        let board = board.clone();
        let due = move |n: u32| {
            rate.map(|rate| start + Duration::from_secs_f64((place as f64 + f64::from(n) * count as f64) / rate))
        };
        tasks.push(spawn_local(async move {
            for n in 0.. {
                let at = due(n).unwrap_or_else(Instant::now);
                if at >= start + time {
                    break;
                }
                sleep_until(at.into()).await;
                poster.posts(&board, at).await?;
            }
            anyhow::Ok(poster)
        }));
    }
    let mut back = Vec::new();
    for task in tasks {
        back.push(task.await??);
    }
    Ok(back)
}

async fn heard_all(board: &Board) -> Result<()> {
    let began = Instant::now();
    while !board.waiting.borrow().is_empty() {
        ensure!(began.elapsed() < PATIENCE, "{} acknowledged messages were never heard", board.waiting.borrow().len());
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// Waits until the database holds every message, and checks that each is there once.
async fn settled(store: &StoreAt, board: &Board, quick: bool) -> Result<String> {
    let began = Instant::now();
    loop {
        let held = check::messages(store).await?;
        if held >= board.messages.get() || began.elapsed() > PATIENCE {
            let said = check::each_once(store, board.messages.get()).await?;
            return Ok(format!("{said}; {} repeats", board.repeats.get()));
        }
        sleep(Duration::from_millis(if quick { 20 } else { 100 })).await;
    }
}

async fn listen(mut socket: Socket, board: Rc<Board>) {
    let mut scratch = Vec::new();
    let mut closed = false;
    while !closed {
        let heard = socket.hear(&mut scratch, |came| {
            match came {
                Came::Text(text) => note(text, &board),
                Came::Closed(_) => closed = true,
            }
            Ok(())
        });
        if heard.await.is_err() {
            closed = true;
        }
    }
    if board.listens.get() && !board.over.get() {
        board.wrongs.add("the agent's socket was closed".to_owned());
    }
}

fn note(text: &str, board: &Board) {
    if !board.listens.get() || !text.starts_with(r#"{"type":"message_posted""#) {
        return;
    }
    let Some(words) = words_of(text) else {
        return board.wrongs.add(format!("a message that is none of ours: {text}"));
    };
    match board.waiting.borrow_mut().remove(words) {
        Some(due) => board.lag.borrow_mut().add(due.elapsed()),
        None => board.wrongs.add(format!("{words} was heard twice")),
    }
}
