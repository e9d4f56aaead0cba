//! Every route with every id of A in every place, by everybody.

use std::future::Future;
use std::pin::Pin;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde_json::Value;

use crate::document::{self, Operation, Policy};
use crate::judge::Trial;
use crate::world::{Credential, World};

/// Routes that would take the probe's own credentials away, or write letters, if somebody who may called them with an
/// example. They are asked only by those who may not.
const DANGEROUS: [&str; 7] = [
    "/v1/me/password",
    "/v1/me/second-factor",
    "/v1/me/second-factor/confirm",
    "/v1/me/second-factor/disable",
    "/v1/sessions/current",
    "/v1/invitations",
    "/v1/sessions/refresh",
];

/// The kind of the one id that is put where text belongs.
pub const SPOKEN: &str = "inv";

/// Most ids of the right kind in one place.
const MOST: usize = 3;

type Job<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// How a route is probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It names an object.
    ById,
    /// It names none, and shows or changes what is the caller's own.
    Own,
    /// It is one of those `doors.rs` knows.
    Door,
    /// It is a socket.
    Socket,
    /// It gives a file's bytes.
    Link,
}

/// How a route is probed, or why it cannot be.
pub fn how(world: &World, operation: &Operation) -> Result<How, String> {
    if operation.is_operators() && world.operator.is_none() {
        return Err("the operators' listener was not named (--operator)".to_owned());
    }
    if operation.path.ends_with("/live") {
        return Ok(How::Socket);
    }
    if operation.path.starts_with("/f/{") {
        return Ok(How::Link);
    }
    if let Some((_, kind)) = operation.ids().iter().find(|(_, kind)| world.a.id(kind).is_none()) {
        return Err(lacking(world, kind));
    }
    match operation.policy {
        Policy::Unsaid => Err("the document does not say who may call".to_owned()),
        Policy::Anybody | Policy::Cookie if crate::doors::knows(operation) => Ok(How::Door),
        Policy::Anybody | Policy::Cookie => Err("a public route this tool does not know".to_owned()),
        _ => match operation.object() {
            None => Ok(How::Own),
            Some(None) => Err("this tool does not know what the path's id names".to_owned()),
            Some(Some(kind)) if world.a.id(kind).is_none() => Err(lacking(world, kind)),
            Some(Some(_)) => Ok(How::ById),
        },
    }
}

fn lacking(world: &World, kind: &str) -> String {
    let why =
        if kind.starts_with('w') && kind != "wgt" || kind == "mrg" { world.a.lacks.get("WhatsApp") } else { None };
    format!("A has no object of the kind {kind}{}", why.map_or_else(String::new, |why| format!(": {why}")))
}

/// Runs it all.
pub async fn run(world: &World) -> Result<()> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for operation in &world.operations {
        let name = operation.name();
        match how(world, operation) {
            Err(why) => world.tally.not_covered(&name, &why),
            Ok(How::Door | How::Socket | How::Link) => {}
            Ok(How::Own) => {
                world.tally.route(&name, operation.policy.word(), "the caller's own, watched for what is A's");
                own(world, operation, &mut jobs);
                fields(world, operation, &mut jobs);
            }
            Ok(How::ById) => {
                world.tally.route(&name, operation.policy.word(), "A's ids against ids that never were");
                paths(world, operation, &mut jobs);
                fields(world, operation, &mut jobs);
            }
        }
    }
    stream::iter(jobs).buffer_unordered(world.at_once).try_collect::<Vec<_>>().await.map(|_| ())
}

/// Ids in the path: the right kind by everybody, every other kind by the owner.
fn paths<'a>(world: &'a World, operation: &'a Operation, jobs: &mut Vec<Job<'a>>) {
    let Some(Some(kind)) = operation.object() else { return };
    for who in world.credentials() {
        let most = if who == Credential::Person("owner") || who == Credential::Visitor { MOST } else { 1 };
        for id in world.a.ids[kind].iter().take(most) {
            jobs.push(path(world, operation, who, id));
        }
    }
    let who = if operation.policy == Policy::Visitor { Credential::Visitor } else { Credential::Person("owner") };
    for (_, ids) in world.a.ids.iter().filter(|(other, _)| *other != kind) {
        jobs.push(path(world, operation, who, &ids[0]));
    }
}

fn path<'a>(world: &'a World, operation: &'a Operation, who: Credential, id: &'a str) -> Job<'a> {
    Box::pin(async move {
        let nobodys = world.never(&id[..3]);
        let trial = Trial {
            operation,
            who,
            tried: format!("{} in the path", &id[..3]),
            theirs: id,
            nobodys: &nobodys,
            strict: true,
        };
        world.judge(&trial, |id| world.request(operation, id, &world.b)).await
    })
}

/// Ids in bodies, forms and queries, with an object of B's own in the path.
fn fields<'a>(world: &'a World, operation: &'a Operation, jobs: &mut Vec<Job<'a>>) {
    if operation.is_operators() || is_dangerous(operation) {
        return;
    }
    let callers: Vec<_> = world.credentials().filter(|who| who.may(operation.policy)).collect();
    let mut places = operation.ids();
    if operation.is_form {
        places.push(("/conversation_id".to_owned(), "cnv".to_owned()));
    }
    for (place, kind) in &places {
        for who in &callers {
            for id in world.a.ids.get(kind).into_iter().flatten().take(MOST) {
                jobs.push(field(world, operation, *who, place.clone(), id, true));
            }
        }
        for (_, ids) in world.a.ids.iter().filter(|(other, _)| *other != kind) {
            jobs.push(field(world, operation, callers[0], place.clone(), &ids[0], true));
        }
    }
    // members that are text: what B writes itself it may read again, so one id of A's serves for all of them and is not
    // hunted for (`prepare::learn`)
    for (id, place) in operation.words().into_iter().filter_map(|place| Some((world.a.id(SPOKEN)?, place))) {
        jobs.push(field(world, operation, callers[0], place, id, false));
    }
    for (name, schema) in &operation.query {
        query(world, operation, (name, schema), &callers, jobs);
    }
}

fn field<'a>(
    world: &'a World,
    operation: &'a Operation,
    who: Credential,
    place: String,
    id: &'a str,
    strict: bool,
) -> Job<'a> {
    Box::pin(async move {
        let nobodys = world.never(&id[..3]);
        let own = own_path(world, operation);
        let tried = format!("{} in the body at {place}", &id[..3]);
        let trial = Trial { operation, who, tried, theirs: id, nobodys: &nobodys, strict };
        world.judge(&trial, |id| world.request_with(operation, &own, &world.b, &[(&place, id.into())])).await
    })
}

/// An object of B's own for the path; one that never was when B has none.
pub fn own_path(world: &World, operation: &Operation) -> String {
    let kind = operation.object().flatten().unwrap_or_default();
    world.b.id(kind).map_or_else(|| world.never(kind), str::to_owned)
}

fn query<'a>(
    world: &'a World,
    operation: &'a Operation,
    (name, schema): (&'a str, &Value),
    callers: &[Credential],
    jobs: &mut Vec<Job<'a>>,
) {
    if document::kind(schema) != "string" && !schema["pattern"].is_string() {
        return;
    }
    let mut words: Vec<(&'a str, String, bool)> = Vec::new();
    // B wrote that one itself, wherever text belongs, and may find it again
    for (kind, ids) in &world.a.ids {
        words.push((&ids[0], world.never(&ids[0][..3]), kind != SPOKEN));
    }
    for word in world.a.hunted.canaries.all().keys() {
        // as long and as strange as the word, and nobody's
        words.push((word, format!("z{}", &word.chars().rev().collect::<String>()[1..]), name == "q"));
    }
    for (path, cursor) in &world.a.cursors {
        words.push((cursor, cursor.clone(), false));
        if *path == operation.path {
            callers.iter().for_each(|who| jobs.push(ask(world, operation, *who, name, words[words.len() - 1].clone())));
        }
    }
    words.push((&world.a.position, world.a.position.clone(), false));
    for word in words {
        jobs.push(ask(world, operation, callers[0], name, word));
    }
}

fn ask<'a>(
    world: &'a World,
    operation: &'a Operation,
    who: Credential,
    name: &'a str,
    (theirs, nobodys, strict): (&'a str, String, bool),
) -> Job<'a> {
    Box::pin(async move {
        let own = own_path(world, operation);
        let tried = format!("something of A's as `{name}` in the query");
        let trial = Trial { operation, who, tried, theirs, nobodys: &nobodys, strict };
        world
            .judge(&trial, |word| {
                let mut ask = world.request(operation, &own, &world.b);
                ask.path = format!("{}{}{name}={word}", ask.path, if ask.path.contains('?') { '&' } else { '?' });
                ask
            })
            .await
    })
}

fn is_dangerous(operation: &Operation) -> bool {
    operation.method != Method::GET && DANGEROUS.contains(&operation.path.as_str())
}

/// Without an id: refused to whoever may not, and to whoever may it shows what is theirs.
fn own<'a>(world: &'a World, operation: &'a Operation, jobs: &mut Vec<Job<'a>>) {
    for who in world.credentials() {
        let may = who.may(operation.policy);
        let writes = operation.method != Method::GET;
        if may && (is_dangerous(operation) || writes && who != Credential::Person("owner")) {
            continue;
        }
        jobs.push(Box::pin(async move {
            let tried = "as it is".to_owned();
            let trial = Trial { operation, who, tried, theirs: "", nobodys: "", strict: false };
            let ask = world.request(operation, "", &world.b);
            world.probe(&trial, &ask).await.map(|_| ())
        }));
    }
}
