//! REL-16: sockets that never read, beside sockets that do. Those that do hear as fast as without them; the others cost a
//! bounded queue each, are closed, and come back without a hole.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use harness::{Agent, Engine, Http, Live, Visitor, client_id};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::load::number;
use crate::stage::{Plan, Stage, position};

/// What a hundredth may take longer beside them: a tenth, and what a busy machine does by itself.
const ALLOWANCE: f64 = 150.0;
/// Memory one stalled socket may cost: its queue, and as much again.
const EACH_KIB: u64 = 512;
/// MiB a process grows by meanwhile, whoever reads: a quarter of a minute of messages through caches and pools.
const GROWTH: u64 = 48;
/// Sockets of one agent: a person may have thirty-two.
const EACH: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_16_who_never_reads_costs_the_others_nothing() {
    let count = usize::try_from(number("CHAOS_STALLED", 60)).expect("a number");
    let staff = count.div_ceil(EACH);
    let stage = Stage::on(Plan { engine: Engine::Sqlite, staff, ..Plan::default() }).await;
    let mut visitor = stage.visitor().await;
    visitor.says("the first words").await;
    let (stop, stopped) = watch::channel(false);
    let mut readers = readers(&stage, 20, &stopped).await;
    let sender = tokio::spawn(says(visitor.http.clone(), path(&visitor), stopped.clone()));
    let begun = Instant::now();

    let alone = begun.elapsed()..begun.elapsed() + seconds();
    sleep(seconds()).await;
    let before = stage.server.memory();
    let after = position(&stage.owner).await;
    let mut stalled = Vec::new();
    for agent in 1..=staff {
        let agent = stage.agent(agent).await;
        for _ in 0..EACH.min(count - stalled.len()) {
            stalled.push(Stalled::begins(&stage, &agent, &after).await);
        }
    }
    let base = begun.elapsed();
    let most = closed_for_slowness(&stage, count, before).await;
    let beside = base..begun.elapsed();
    stop.send(true).expect("people listen");
    let sent = sender.await.expect("nobody panicked");
    let heard: Vec<(Duration, f64)> = readers.join_all_heard().await;

    let (alone, beside) = (p99(&heard, &alone), p99(&heard, &beside));
    println!("{sent} messages; {count} stalled sockets; memory {before} MiB before, {most} MiB at most beside them");
    println!(
        "heard after, p50 and p99: alone {:.1} {:.1} ms, beside them {:.1} {:.1} ms",
        alone.0, alone.1, beside.0, beside.1
    );
    assert!(beside.1 <= alone.1 * 1.1 + ALLOWANCE, "who does not read slows others down");
    let bound = before + EACH_KIB * count as u64 / 1024 + GROWTH;
    assert!(most <= bound, "{most} MiB are more than {bound} MiB");

    let wanted = stage.owner.reads(visitor.conversation()).await;
    let mut codes = std::collections::BTreeMap::new();
    for one in stalled {
        let code = one.comes_back(&stage, &after, &wanted).await;
        *codes.entry(code).or_insert(0) += 1;
    }
    println!("closed with {codes:?}");
    stage.strike().await;
}

fn seconds() -> Duration {
    Duration::from_secs((number("CHAOS_SECONDS", 30) / 5).clamp(4, 30))
}

fn path(visitor: &Visitor) -> String {
    format!("/widget/v1/conversations/{}/messages", visitor.conversation())
}

/// Large messages one after the other, each with the moment it was sent; gives how many.
async fn says(http: Http, path: String, stopped: watch::Receiver<bool>) -> usize {
    let (mut sent, padding) = (0, "x".repeat(8_000));
    while !*stopped.borrow() {
        let body = json!({ "client_id": client_id(), "body": format!("{} {padding}", micros()) });
        http.post(&path, body).await.is(201);
        sent += 1;
        sleep(Duration::from_millis(15)).await;
    }
    sent
}

/// Microseconds on a clock all tasks of this process share.
fn micros() -> u128 {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_micros()
}

/// Those who read.
struct Readers(JoinSet<Vec<(Duration, f64)>>);

async fn readers(stage: &Stage, count: usize, stopped: &watch::Receiver<bool>) -> Readers {
    let (mut all, after) = (JoinSet::new(), position(&stage.owner).await);
    let token = stage.owner.http.token().expect("a token").to_owned();
    let began = Instant::now();
    for _ in 0..count {
        let base = stage.server.doors.public.clone();
        let (live, _) = Live::hello(&base, "/v1/live", &stage.server.doors.public_url, &token, Some(&after)).await;
        all.spawn(hears(live, began, stopped.clone()));
    }
    Readers(all)
}

impl Readers {
    /// When each message was heard by whom, and after how many milliseconds.
    async fn join_all_heard(&mut self) -> Vec<(Duration, f64)> {
        let mut all = Vec::new();
        while let Some(one) = self.0.join_next().await {
            all.extend(one.expect("nobody panicked"));
        }
        all
    }
}

async fn hears(mut live: Live, began: Instant, stopped: watch::Receiver<bool>) -> Vec<(Duration, f64)> {
    let mut heard = Vec::new();
    while !*stopped.borrow() {
        let Some(frame) = live.frame(Instant::now() + Duration::from_millis(500)).await else {
            assert_eq!(live.closed, None, "one who reads was closed");
            continue;
        };
        let at = frame["message"]["body"].as_str().and_then(|body| body.split(' ').next()?.parse::<u128>().ok());
        if let Some(at) = at {
            heard.push((began.elapsed(), micros().saturating_sub(at) as f64 / 1000.0));
        }
    }
    heard
}

/// Median and hundredth of what was heard within.
fn p99(heard: &[(Duration, f64)], within: &std::ops::Range<Duration>) -> (f64, f64) {
    let mut times: Vec<f64> = heard.iter().filter(|(at, _)| within.contains(at)).map(|(_, time)| *time).collect();
    assert!(times.len() > 200, "too little was heard to prove anything: {}", times.len());
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Waits until the server has closed so many for slowness; gives the most memory it held meanwhile.
async fn closed_for_slowness(stage: &Stage, count: usize, before: u64) -> u64 {
    let (began, mut most) = (Instant::now(), before);
    loop {
        most = most.max(stage.server.memory());
        let measures = stage.server.doors.operator_http().get("/metrics").await.text;
        let line = measures.lines().find_map(|line| line.strip_prefix("porchlight_live_slow_readers_closed_total "));
        let closed = line.and_then(|n| n.trim().parse::<f64>().ok()).unwrap_or(0.0);
        if closed >= count as f64 {
            return most;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{closed} of {count} were closed");
        sleep(Duration::from_millis(50)).await;
    }
}

/// A socket that says hello and then looks away.
struct Stalled(WebSocketStream<TcpStream>);

impl Stalled {
    async fn begins(stage: &Stage, agent: &Agent, after: &str) -> Self {
        let address = stage.server.doors.public.trim_start_matches("http://").parse().expect("an address");
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4_096).expect("a small window");
        let stream = socket.connect(address).await.expect("connected");
        let mut request = format!("ws://{address}/v1/live").into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "porchlight.v1".parse().expect("a value"));
        headers.insert("origin", stage.server.doors.public_url.parse().expect("an origin"));
        let (mut stream, _) = tokio_tungstenite::client_async(request, stream).await.expect("a socket");
        let hello = json!({ "type": "hello", "token": agent.http.token(), "after": after });
        stream.send(Message::text(hello.to_string())).await.expect("sent");
        let welcome = timeout(Duration::from_secs(10), stream.next()).await.expect("a welcome in time");
        assert!(matches!(welcome, Some(Ok(Message::Text(_)))), "{welcome:?}");
        Self(stream)
    }

    /// Looks at last: reads what is left for it, then resumes where that ended. Together it is everything, once. Gives
    /// the close code.
    async fn comes_back(mut self, stage: &Stage, after: &str, wanted: &[Value]) -> u16 {
        let (mut heard, mut last, mut code) = (Vec::new(), after.to_owned(), 1006);
        while let Ok(Some(Ok(message))) = timeout(Duration::from_secs(10), self.0.next()).await {
            match message {
                Message::Text(text) => keep(&serde_json::from_str(&text).expect("JSON"), &mut heard, &mut last),
                Message::Close(why) => code = why.map_or(1005, |frame| frame.code.into()),
                _ => (),
            }
        }
        let base = &stage.server.doors.public;
        let token = stage.owner.http.token().expect("a token");
        let (mut live, welcome) =
            Live::hello(base, "/v1/live", &stage.server.doors.public_url, token, Some(&last)).await;
        assert_eq!(welcome["resumed"], true, "{welcome}");
        let (end, deadline) =
            (wanted.last().expect("messages")["seq"].as_i64(), Instant::now() + harness::PATIENCE * 3);
        while heard.last().copied() != end {
            let frame =
                live.frame(deadline).await.unwrap_or_else(|| panic!("told up to {:?} of {end:?}", heard.last()));
            keep(&frame, &mut heard, &mut last);
        }
        let first = heard[0];
        assert!(first <= 2 + i64::try_from(wanted.len()).expect("few"), "{first}");
        assert_eq!(heard, (first..).take(heard.len()).collect::<Vec<_>>(), "a hole between what was left and the rest");
        code
    }
}

/// Notes a message's number, and where the stream stands.
fn keep(frame: &Value, heard: &mut Vec<i64>, last: &mut String) {
    if frame["type"] == "message_posted" {
        heard.push(frame["seq"].as_i64().expect("a number"));
    }
    if let Some(position) = frame["position"].as_str().filter(|_| frame["at"].is_string()) {
        *last = position.to_owned();
    }
}
