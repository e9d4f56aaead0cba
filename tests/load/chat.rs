//! W1: visitors write, agents answer; everything is durable before its acknowledgement and live to the other side.
//!
//! Each exchange has its own visitor with a socket and a conversation. The visitor posts over a kept connection; the
//! agent's socket (one per tenant) hears it; the agent answers over a kept connection; the visitor's socket hears that.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{sleep_until, timeout};

use crate::check::{self, Numbers, Wrongs};
use crate::client::Client;
use crate::figures::{Meter, Times};
use crate::options::Options;
use crate::people::{self, Visitor};
use crate::product::{Doors, Product};
use crate::socket::{Came, Socket};
use crate::store_at::StoreAt;
use crate::{limits, machine};

const TENANTS: usize = 20;
/// Longest wait for a message to arrive before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(15);
const WARM_UP: Duration = Duration::from_secs(2);

/// What all tasks share.
#[derive(Default)]
struct Board {
    slots: Vec<Slot>,
    wrongs: Wrongs,
    sent: Cell<u64>,
    acknowledged: Cell<u64>,
    to_agent: RefCell<Times>,
    to_visitor: RefCell<Times>,
    over: Cell<bool>,
}

/// One exchange's place.
#[derive(Default)]
struct Slot {
    heard_by_agent: Ear,
    heard_by_visitor: Ear,
    numbers_of_agent: Numbers,
    numbers_of_visitor: Numbers,
}

/// The number of the last exchange heard, and when.
#[derive(Default)]
struct Ear {
    last: Cell<Option<(u64, Instant)>>,
    rung: Notify,
}

impl Ear {
    fn hear(&self, exchange: u64) {
        self.last.set(Some((exchange, Instant::now())));
        self.rung.notify_one();
    }

    async fn heard(&self, exchange: u64) -> Instant {
        loop {
            if let Some((last, at)) = self.last.get()
                && last >= exchange
            {
                return at;
            }
            self.rung.notified().await;
        }
    }
}

/// Runs each number of exchanges in flight on a fresh server.
pub async fn measure(options: &Options, store: &StoreAt) -> Result<()> {
    println!("limits: {}", limits::line(store).await?);
    let most = options.flights.iter().copied().max().unwrap_or(256);
    let doors = Doors::choose(options)?;
    let ctx = people::open(store, doors).await?;
    let tenants = people::tenants(&ctx, TENANTS).await?;
    let visitors = people::visitors(&ctx, &tenants, most)?;
    drop(ctx);
    let product = Product::start(options, store, doors).await?;
    let mut agents = Vec::new();
    for tenant in &tenants {
        agents.push(people::sign_in(doors, &tenant.email).await?);
    }
    let slots = (0..most).map(|_| Slot::default()).collect();
    let board = Rc::new(Board { slots, ..Board::default() });
    let listeners = agents_listen(doors, &agents, &board).await?;
    let mut exchanges = Vec::new();
    for (number, visitor) in visitors.into_iter().enumerate() {
        let agent = &agents[visitor.tenant];
        exchanges.push(Exchange::begin(doors, number, &visitor, agent, &board).await?);
    }
    let rested: Vec<_> = exchanges.into_iter().map(|one| Rc::new(tokio::sync::Mutex::new(one))).collect();
    for flight in &options.flights {
        let run = Run { store, product: &product, board: &board, exchanges: &rested[..*flight] };
        run.measure(options.seconds).await?;
    }
    board.over.set(true);
    listeners.iter().for_each(JoinHandle::abort);
    drop(product);
    board.wrongs.none()?;
    println!("correct: {}", check::stored(store, board.acknowledged.get(), board.sent.get()).await?);
    Ok(())
}

struct Run<'a> {
    store: &'a StoreAt,
    product: &'a Product,
    board: &'a Rc<Board>,
    exchanges: &'a [Rc<tokio::sync::Mutex<Exchange>>],
}

impl Run<'_> {
    async fn measure(&self, time: Duration) -> Result<()> {
        let flight = self.exchanges.len();
        let load = machine::load_average();
        let (rate, said) = self.load(None, time).await?;
        println!("{flight} in flight, saturation (load average before: {load}): {said}");
        let (_, said) = self.load(Some(rate / 4.0), time).await?;
        println!("{flight} in flight, half of that: {said}");
        Ok(())
    }

    /// Loads for a while, at `rate` exchanges a second or as fast as it goes. Gives messages a second.
    async fn load(&self, rate: Option<f64>, time: Duration) -> Result<(f64, String)> {
        let start = Instant::now();
        let end = start + WARM_UP + time;
        let tasks: Vec<_> = self
            .exchanges
            .iter()
            .enumerate()
            .map(|(place, exchange)| {
                let pace = rate.map(|rate| Pace {
                    start,
                    step: Duration::from_secs_f64(self.exchanges.len() as f64 / rate),
                    first: Duration::from_secs_f64(place as f64 / rate),
                });
                spawn_local(work(exchange.clone(), self.board.clone(), pace, end))
            })
            .collect();
        sleep_until((start + WARM_UP).into()).await;
        let (from, before) = (self.meter(), self.board.acknowledged.get());
        self.forget_times();
        sleep_until(end.into()).await;
        let (spent, count) = (self.meter().since(&from), self.board.acknowledged.get() - before);
        for task in tasks {
            task.await??;
        }
        let (mut to_agent, mut to_visitor) = self.forget_times();
        let said = format!(
            "{}\n    to agent ({}) {}\n    to visitor {}",
            spent.shown(count, "messages"),
            to_agent.len(),
            to_agent.shown(),
            to_visitor.shown()
        );
        Ok((count as f64 / spent.seconds, said))
    }

    fn meter(&self) -> Meter {
        Meter::read(&self.product.pids(), self.store.pid())
    }

    fn forget_times(&self) -> (Times, Times) {
        (self.board.to_agent.take(), self.board.to_visitor.take())
    }
}

/// When one place's exchanges are due.
#[derive(Clone, Copy)]
struct Pace {
    start: Instant,
    first: Duration,
    step: Duration,
}

impl Pace {
    fn due(&self, n: u32) -> Instant {
        self.start + self.first + self.step * n
    }
}

async fn work(
    exchange: Rc<tokio::sync::Mutex<Exchange>>,
    board: Rc<Board>,
    pace: Option<Pace>,
    end: Instant,
) -> Result<()> {
    let mut exchange = exchange.lock().await;
    let mut n = 0;
    loop {
        let due = match pace {
            Some(pace) => pace.due(n),
            None => Instant::now(),
        };
        if due >= end || Instant::now() >= end + PATIENCE {
            return Ok(());
        }
        sleep_until(due.into()).await;
        exchange.go(&board, due).await?;
        n += 1;
    }
}

/// A visitor with a conversation, and the agent who answers there.
struct Exchange {
    number: usize,
    done: u64,
    visitor: Side,
    agent: Side,
    _listener: JoinHandle<()>,
}

/// One side's connection.
struct Side {
    client: Client,
    path: String,
    headers: String,
}

impl Side {
    async fn says(&mut self, client_id: &str, board: &Board) -> Result<()> {
        let body = format!(r#"{{"client_id":"{client_id}","body":"{WORDS}"}}"#);
        board.sent.set(board.sent.get() + 1);
        let answer = self.client.post(&self.path, &self.headers, &body).await?;
        if answer.status != 201 {
            bail!("{}: {}", answer.status, answer.body);
        }
        board.acknowledged.set(board.acknowledged.get() + 1);
        Ok(())
    }
}

/// A sentence of usual length.
const WORDS: &str = "Hello, do you have these shoes in size 43, and could they be here before Friday?";

impl Exchange {
    /// The visitor opens the conversation and listens.
    async fn begin(doors: Doors, number: usize, visitor: &Visitor, agent: &str, board: &Rc<Board>) -> Result<Self> {
        let headers = |token: &str| format!("authorization: Bearer {token}\r\norigin: {}\r\n", doors.origin());
        let mut client = Client::connect(doors.public).await?;
        let first = json!({ "client_id": format!("v-{number}-0"), "body": WORDS }).to_string();
        let mut scratch = Vec::new();
        let socket = Socket::open(doors, "/widget/v1/live", &visitor.token, number, &mut scratch).await?;
        let listener = spawn_local(listen(socket, board.clone(), false));
        let answer = client.post("/widget/v1/conversations", &headers(&visitor.token), &first).await?;
        if answer.status != 201 {
            bail!("no conversation: {}", answer.body);
        }
        let opened: Value = serde_json::from_str(answer.body)?;
        let id = opened["conversation"]["id"].as_str().context("no id")?;
        for count in [&board.sent, &board.acknowledged] {
            count.set(count.get() + 1);
        }
        let agent_client = Client::connect(doors.public).await?;
        Ok(Self {
            number,
            done: 0,
            agent: Side {
                client: agent_client,
                path: format!("/v1/conversations/{id}/messages"),
                headers: headers(agent),
            },
            visitor: Side {
                client,
                path: format!("/widget/v1/conversations/{id}/messages"),
                headers: headers(&visitor.token),
            },
            _listener: listener,
        })
    }

    /// One question and one answer; times count from when the question was due.
    async fn go(&mut self, board: &Board, due: Instant) -> Result<()> {
        self.done += 1;
        let (number, n) = (self.number, self.done);
        let slot = &board.slots[number];
        self.visitor.says(&format!("v-{number}-{n}"), board).await?;
        let asked = timeout(PATIENCE, slot.heard_by_agent.heard(n)).await.context("the agent never heard it")?;
        self.agent.says(&format!("a-{number}-{n}"), board).await?;
        let answered = timeout(PATIENCE, slot.heard_by_visitor.heard(n)).await.context("the visitor never heard it")?;
        board.to_agent.borrow_mut().add(asked.duration_since(due));
        board.to_visitor.borrow_mut().add(answered.duration_since(asked));
        Ok(())
    }
}

async fn agents_listen(doors: Doors, tokens: &[String], board: &Rc<Board>) -> Result<Vec<JoinHandle<()>>> {
    let mut listeners = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        let mut scratch = Vec::new();
        let socket = Socket::open(doors, "/v1/live", token, 30_000 + number, &mut scratch).await?;
        listeners.push(spawn_local(listen(socket, board.clone(), true)));
    }
    Ok(listeners)
}

async fn listen(mut socket: Socket, board: Rc<Board>, is_agent: bool) {
    let mut scratch = Vec::new();
    let mut closed = false;
    while !closed {
        let heard = socket.hear(&mut scratch, |came| {
            match came {
                Came::Text(text) => note(text, &board, is_agent),
                Came::Closed(code) => {
                    closed = true;
                    if !board.over.get() {
                        board.wrongs.add(format!("a socket was closed with {code}"));
                    }
                }
            }
            Ok(())
        });
        if let Err(error) = heard.await {
            board.wrongs.add(format!("a socket broke: {error}"));
            return;
        }
    }
}

/// Reads just enough of a frame to know whose message it is.
fn note(text: &str, board: &Board, is_agent: bool) {
    if !text.starts_with(r#"{"type":"message_posted""#) {
        return;
    }
    let Some((by_agent, slot, exchange, seq)) = message(text) else {
        return board.wrongs.add(format!("a message that is none of ours: {text}"));
    };
    let slot = &board.slots[slot];
    match is_agent {
        true => slot.numbers_of_agent.take(seq, "an agent", &board.wrongs),
        false => slot.numbers_of_visitor.take(seq, "a visitor", &board.wrongs),
    }
    match (is_agent, by_agent) {
        (true, false) => slot.heard_by_agent.hear(exchange),
        (false, true) => slot.heard_by_visitor.hear(exchange),
        _ => {}
    }
}

fn message(text: &str) -> Option<(bool, usize, u64, i64)> {
    let after = |mark: &str| text.find(mark).map(|at| &text[at + mark.len()..]);
    let client_id = after(r#""client_id":""#)?.split('"').next()?;
    let seq = after(r#""seq":"#)?.split([',', '}']).next()?.parse().ok()?;
    let mut parts = client_id.split('-');
    let by_agent = parts.next()? == "a";
    Some((by_agent, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, seq))
}
