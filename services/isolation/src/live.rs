//! Sockets and long polls: while A is busy, B listens everywhere it may, and with everything it may guess.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Method;
use rustls::ClientConfig;
use serde_json::{Value, json};

use crate::http::Ask;
use crate::tally::Leak;
use crate::world::{Credential, World};

const AGENT: &str = "/v1/live";
const VISITOR: &str = "/widget/v1/live";

/// What the sockets showed.
#[derive(Default)]
pub struct Heard {
    /// Listeners that were not A's.
    pub listeners: u64,
    /// Frames they heard.
    pub frames: u64,
}

struct Ear {
    name: String,
    who: Credential,
    socket: crate::socket::Socket,
}

/// Words that A's acts carry, and which prove that A itself heard them.
struct Day {
    visitor: String,
    answer: String,
    note: String,
    name: String,
}

/// Runs it. `day` are fresh words of A, `sign` a word of B that proves its ears are open.
pub async fn run(world: &World, tls: Option<&ClientConfig>, fresh: [String; 4], sign: String) -> Result<Heard> {
    for path in [AGENT, VISITOR] {
        world.tally.route(&format!("GET {path}"), "first frame of the socket", "B listens and guesses while A is busy");
    }
    let hello = |path, token: String, after: Option<String>| async move {
        crate::socket::Socket::hello(&world.public, tls, path, &token, after.as_deref()).await
    };
    let a_token = world.a.owner().token(&world.public).await?;
    let mut own = hello(AGENT, a_token, None).await?.context("A's owner gets no socket")?;
    let guest = world.a.visitor.token(&world.public).await?;
    let mut theirs = hello(VISITOR, guest, None).await?.context("A's visitor gets no socket")?;
    let mut ears = ears(world, tls).await?;
    refused(world, tls).await?;
    let polls =
        tokio::join!(poll(world, Credential::Person("owner"), &sign), poll(world, Credential::Visitor, &sign), async {
            guess(world, &mut ears).await;
            let [visitor, answer, note, name] = fresh;
            let day = Day { visitor, answer, note, name };
            busy(world, &day, &mut own, &mut theirs).await?;
            speak(world, &sign).await?;
            listen(world, &sign, &mut ears).await?;
            control(world, &day, &mut own, &mut theirs).await
        });
    polls.2?;
    let mut heard = Heard { listeners: ears.len() as u64 + 2, frames: polls.0? + polls.1? };
    for ear in &ears {
        heard.frames += ear.socket.heard.len() as u64;
        judged(world, &ear.name, ear.who, &ear.socket.heard);
    }
    for (name, socket) in [("A's owner", &own), ("A's visitor", &theirs)] {
        for frame in &socket.heard {
            for seen in world.b.hunted.seen_in(frame, false, &|_| false) {
                leak(world, &format!("the socket of {name}"), "B", "signals into A's conversation", seen);
            }
        }
    }
    Ok(heard)
}

/// Every ear B has, where it stands and where A stood; and A's other visitor's.
async fn ears(world: &World, tls: Option<&ClientConfig>) -> Result<Vec<Ear>> {
    let mut ears = Vec::new();
    let mut wanted: Vec<(String, Credential, &str, Option<&str>)> = Vec::new();
    for who in world.credentials().filter(|who| matches!(who, Credential::Person(_))) {
        wanted.push((format!("the socket of {}", who.word()), who, AGENT, None));
    }
    let theirs = Some(world.a.position.as_str());
    wanted.push(("B's owner from A's position".to_owned(), Credential::Person("owner"), AGENT, theirs));
    wanted.push(("the socket of B's visitor".to_owned(), Credential::Visitor, VISITOR, None));
    wanted.push(("B's visitor from A's position".to_owned(), Credential::Visitor, VISITOR, theirs));
    wanted.push(("the socket of another visitor of A".to_owned(), Credential::Neighbour, VISITOR, None));
    for (name, who, path, after) in wanted {
        let token = world.token(who).await?.unwrap_or_default();
        let socket = crate::socket::Socket::hello(&world.public, tls, path, &token, after).await?;
        ears.push(Ear { socket: socket.with_context(|| format!("{name} was refused"))?, name, who });
    }
    Ok(ears)
}

/// Credentials no socket may take: each other's doors, forged, ended.
async fn refused(world: &World, tls: Option<&ClientConfig>) -> Result<()> {
    let wrong = [
        (AGENT, Credential::Visitor),
        (AGENT, Credential::Neighbour),
        (AGENT, Credential::Forged),
        (AGENT, Credential::Unsigned),
        (AGENT, Credential::Ended),
        (VISITOR, Credential::Person("owner")),
        (VISITOR, Credential::Forged),
    ];
    for (path, who) in wrong {
        let token = world.token(who).await?.unwrap_or_default();
        world.tally.count(&format!("GET {path}"), &who.word(), 1);
        if crate::socket::Socket::hello(&world.public, tls, path, &token, None).await?.is_some() {
            leak(world, &format!("GET {path}"), &who.word(), "a wrong token", "welcome".to_owned());
        }
    }
    Ok(())
}

/// Signals into A's conversation from B's sockets.
async fn guess(world: &World, ears: &mut [Ear]) {
    let conversation = world.a.id("cnv").unwrap_or_default();
    for ear in ears.iter_mut().filter(|ear| ear.who != Credential::Neighbour) {
        ear.socket.send(&json!({ "type": "typing", "conversation_id": conversation, "on": true })).await;
        ear.socket.send(&json!({ "type": "seen", "conversation_id": conversation, "seq": 1, "state": "read" })).await;
        if matches!(ear.who, Credential::Person(_)) {
            ear.socket.send(&json!({ "type": "presence", "state": "online", "viewing": conversation })).await;
        }
    }
}

/// A's day: words, a note, typing, a new name, an assignment, a state.
async fn busy(
    world: &World,
    day: &Day,
    own: &mut crate::socket::Socket,
    theirs: &mut crate::socket::Socket,
) -> Result<()> {
    let (conversation, contact) = (world.a.id("cnv").unwrap_or_default(), world.a.id("con").unwrap_or_default());
    theirs.send(&json!({ "type": "typing", "conversation_id": conversation, "on": true })).await;
    own.send(&json!({ "type": "presence", "state": "online", "viewing": conversation })).await;
    own.send(&json!({ "type": "typing", "conversation_id": conversation, "on": true })).await;
    let door = &world.public;
    let words = json!({ "client_id": format!("day-{}", world.next()), "body": day.visitor });
    let ask = Ask::new(Method::POST, format!("/widget/v1/conversations/{conversation}/messages"));
    let token = world.a.visitor.token(door).await?;
    door.must(&ask.with("origin", &door.origin).json(&words), Some(&token)).await?;
    let path = format!("/v1/conversations/{conversation}");
    let acts = [
        (
            Method::POST,
            format!("{path}/messages"),
            json!({ "client_id": format!("day-{}", world.next()), "body": day.answer }),
        ),
        (
            Method::POST,
            format!("{path}/messages"),
            json!({ "client_id": format!("day-{}", world.next()), "body": day.note, "visibility": "note" }),
        ),
        (Method::PATCH, format!("/v1/contacts/{contact}"), json!({ "name": day.name })),
        (Method::POST, format!("{path}/assign"), json!({ "agent_id": Value::Null })),
        (Method::PATCH, path.clone(), json!({ "status": "pending" })),
    ];
    let token = world.a.owner().token(door).await?;
    for (method, path, body) in acts {
        door.must(&Ask::new(method, path).json(&body), Some(&token)).await?;
    }
    Ok(())
}

/// B's visitor and A's neighbour say something, so that every ear has something to hear.
async fn speak(world: &World, sign: &str) -> Result<()> {
    let door = &world.public;
    for (guest, conversation) in [
        (&world.b.visitor, world.b.id("cnv").unwrap_or_default().to_owned()),
        (&world.a.neighbour, own_conversation(world).await?),
    ] {
        let body = json!({ "client_id": format!("sign-{}", world.next()), "body": sign });
        let ask = Ask::new(Method::POST, format!("/widget/v1/conversations/{conversation}/messages"));
        door.must(&ask.with("origin", &door.origin).json(&body), Some(&guest.token(door).await?)).await?;
    }
    Ok(())
}

async fn own_conversation(world: &World) -> Result<String> {
    let door = &world.public;
    let token = world.a.neighbour.token(door).await?;
    let list = door.must(&Ask::get("/widget/v1/conversations"), Some(&token)).await?.json();
    crate::people::text(&list["items"][0], "id")
}

/// Waits until every ear heard its own sign: what came before it was heard too.
async fn listen(world: &World, sign: &str, ears: &mut [Ear]) -> Result<()> {
    for ear in ears {
        if !ear.socket.hears(sign).await {
            let path = if matches!(ear.who, Credential::Person(_)) { AGENT } else { VISITOR };
            let why = format!("{} did not hear its own side either", ear.name);
            world.tally.not_covered(&format!("GET {path}"), &why);
        }
    }
    Ok(())
}

/// A itself heard all of it; its visitor heard the answer and not the note.
async fn control(
    world: &World,
    day: &Day,
    own: &mut crate::socket::Socket,
    theirs: &mut crate::socket::Socket,
) -> Result<()> {
    let mut heard = true;
    for words in [&day.visitor, &day.answer, &day.note, &day.name] {
        heard &= own.hears(words).await;
    }
    heard &= own.until(Duration::from_secs(1), |frame| frame["type"] == "typing").await;
    let answered = theirs.hears(&day.answer).await;
    for (path, holds) in [(AGENT, heard), (VISITOR, answered)] {
        let route = format!("GET {path}");
        match holds {
            true => world.tally.control(&route, "A's own sockets heard words, notes, names and typing"),
            false => world.tally.not_covered(&route, "the control failed: A's own socket did not hear A's day"),
        }
    }
    if theirs.heard.iter().any(|frame| frame.contains(&day.note)) {
        leak(world, "the socket of A's visitor", "A's visitor", "listens", "a note of the team".to_owned());
    }
    Ok(())
}

/// A long poll until it heard its own sign. Gives how many events there were.
async fn poll(world: &World, who: Credential, sign: &str) -> Result<u64> {
    let path = if who == Credential::Visitor { "/widget/v1/live/poll" } else { "/v1/live/poll" };
    let door = &world.public;
    let (mut after, mut heard) = (None::<String>, Vec::new());
    for _ in 0..40 {
        let token = world.token(who).await?;
        let from = after.map_or_else(String::new, |after| format!("&after={after}"));
        let body = door.must(&Ask::get(format!("{path}?wait=2{from}")), token.as_deref()).await?.json();
        world.tally.count(&format!("GET {path}"), &who.word(), 1);
        after = body["position"].as_str().map(str::to_owned);
        heard.extend(body["events"].as_array().into_iter().flatten().map(Value::to_string));
        if heard.iter().any(|event| event.contains(sign)) {
            judged(world, &format!("the long poll of {}", who.word()), who, &heard);
            return Ok(heard.len() as u64);
        }
    }
    bail!("the long poll of {} never heard its own side", who.word())
}

fn judged(world: &World, name: &str, who: Credential, heard: &[String]) {
    let path = if matches!(who, Credential::Person(_)) { AGENT } else { VISITOR };
    world.tally.count(&format!("GET {path}"), &who.word(), 1);
    for frame in heard {
        for seen in world.a.hunted.seen_in(frame, who.is_of_theirs(), &|_| false) {
            leak(world, name, &who.word(), "listens while A is busy", seen);
        }
        if !who.is_of_theirs() && frame.contains("\"typing\"") && frame.contains(world.a.id("cnv").unwrap_or("-")) {
            leak(world, name, &who.word(), "listens while A is busy", "typing in A's conversation".to_owned());
        }
    }
}

fn leak(world: &World, route: &str, credential: &str, tried: &str, seen: String) {
    let (route, credential, tried) = (route.to_owned(), credential.to_owned(), tried.to_owned());
    world.tally.leak(Leak { route, credential, tried, seen });
}
