//! The positive control: A's own people get what is hidden from B, at the same routes, with the same questions. A probe
//! of something that nobody could have seen proves nothing.

use std::collections::HashMap;

use anyhow::Result;
use reqwest::Method;
use serde_json::Value;

use crate::document::{Operation, Policy};
use crate::http::{Answer, Ask};
use crate::judge::{alike, print};
use crate::matrix::{How, how};
use crate::side::Side;
use crate::world::World;

/// Asks every route as those whose it is. Last of all: what is deleted here is gone. Without `writes` only what reads is
/// asked.
pub async fn run(world: &World) -> Result<()> {
    let mut operations: Vec<_> = world.operations.iter().collect();
    operations.sort_by_key(|operation| (order(operation), usize::MAX - operation.path.len()));
    for operation in operations {
        match how(world, operation) {
            Ok(How::ById) => by_id(world, operation).await?,
            Ok(How::Own) => own(world, operation).await?,
            _ => {}
        }
    }
    Ok(())
}

fn order(operation: &Operation) -> u8 {
    match operation.method {
        Method::GET | Method::HEAD => 0,
        Method::PUT | Method::PATCH => 1,
        // what takes back or lets go comes after what needs it
        Method::POST if operation.path.ends_with("/undo") || operation.path.ends_with("/deregister") => 3,
        Method::POST => 2,
        // the app's secret is what its accounts need
        _ if operation.path.ends_with("/credentials") => 6,
        // conversations take their files along
        _ if operation.path.starts_with("/v1/conversations/{id}") && !operation.path.ends_with("}") => 4,
        _ if operation.path == "/v1/conversations/{id}" => 5,
        _ => 4,
    }
}

async fn ask(world: &World, operation: &Operation, ask: &Ask, of: &Side) -> Result<Answer> {
    let door = world.door(operation);
    let token = match operation.policy {
        Policy::Visitor => of.visitor.token(&world.public).await?,
        Policy::Operator => match &world.staff {
            Some(staff) => staff.token(door).await?,
            None => anyhow::bail!("nobody signs in at the operators' listener"),
        },
        _ => of.owner().token(&world.public).await?,
    };
    door.ask(ask, Some(&token)).await
}

async fn by_id(world: &World, operation: &Operation) -> Result<()> {
    let name = operation.name();
    if operation.policy == Policy::Operator {
        return operators(world, operation).await;
    }
    let kind = operation.object().flatten().unwrap_or_default();
    // the first id the route takes up is enough; which one that is may depend on the channel
    let mut last = None;
    for id in world.a.ids.get(kind).into_iter().flatten().take(4) {
        let never = world.never(kind);
        let nobodys = ask(world, operation, &world.request(operation, &never, &world.a), &world.a).await?;
        let theirs = ask(world, operation, &world.request(operation, id, &world.a), &world.a).await?;
        if theirs.status != 404 && !alike(&theirs, id, &nobodys, &never) {
            world
                .tally
                .control(&name, &format!("A gets {}, {} for an id that never was", theirs.status, nobodys.status));
            return fields(world, operation, id).await;
        }
        last = Some(theirs.status);
    }
    let why = format!("the control failed: A itself gets {} here, as for an id that never was", last.unwrap_or(0));
    world.tally.not_covered(&name, &why);
    Ok(())
}

/// Ids in bodies: A's own one must be answered otherwise than one that never was, in some place of A's.
async fn fields(world: &World, operation: &Operation, path: &str) -> Result<()> {
    for (place, kind) in operation.ids() {
        let kind_of_path = operation.object().flatten().unwrap_or_default();
        let mut paths: Vec<&str> = world.a.ids.get(kind_of_path).into_iter().flatten().map(String::as_str).collect();
        paths.insert(0, path);
        let mut is_looked_at = false;
        for path in paths.into_iter().take(4) {
            for id in world.a.ids.get(&kind).into_iter().flatten().take(5) {
                let never = world.never(&kind);
                let own = world.request_with(operation, path, &world.a, &[(&place, id.as_str().into())]);
                let not = world.request_with(operation, path, &world.a, &[(&place, never.as_str().into())]);
                let nobodys = ask(world, operation, &not, &world.a).await?;
                let theirs = ask(world, operation, &own, &world.a).await?;
                is_looked_at |= !alike(&theirs, id, &nobodys, &never);
            }
            if is_looked_at {
                break;
            }
        }
        if !is_looked_at {
            world.tally.note(format!(
                "{}: the answer to A itself did not depend on the id at {place}, so its probes prove little",
                operation.name()
            ));
        }
    }
    Ok(())
}

async fn own(world: &World, operation: &Operation) -> Result<()> {
    let name = operation.name();
    if operation.policy == Policy::Operator {
        return operators(world, operation).await;
    }
    if operation.method != Method::GET {
        world.tally.control(&name, "only what is the caller's own can be named; A was looked at before and after");
        return fields(world, operation, "").await;
    }
    let is_search = operation.query.iter().any(|(name, _)| name == "q");
    if is_search && found(world, operation).await? {
        return Ok(());
    }
    let request = world.request(operation, "", &world.a);
    let theirs = ask(world, operation, &request, &world.a).await?;
    let others = ask(world, operation, &request, &world.b).await?;
    let seen = world.a.hunted.seen(&request, &theirs, false).len();
    if seen > 0 {
        world.tally.control(&name, &format!("A sees {seen} of its words and ids"));
    } else if !alike(&theirs, "", &others, "") {
        world.tally.control(&name, "A's answer differs from B's, as it was made to");
    } else if operation.path.ends_with("/poll") {
        world.tally.control(&name, "see the sockets: A hears what B does not");
    } else if is_search {
        world.tally.not_covered(&name, "the control failed: A itself finds none of its words");
    } else {
        world.tally.control(&name, "the same for both: nothing of a tenant is in it");
        world.tally.note(format!("{name} answered A and B alike, so it showed nothing that could leak"));
    }
    Ok(())
}

/// What is asked by words: whether A finds its own by the same words B was given.
async fn found(world: &World, operation: &Operation) -> Result<bool> {
    let words = world.a.hunted.canaries.all();
    let mut hits = 0;
    for word in words.keys() {
        let mut request = world.request(operation, "", &world.a);
        request.path = format!("{}{}q={word}", request.path, if request.path.contains('?') { '&' } else { '?' });
        let theirs = ask(world, operation, &request, &world.a).await?;
        hits += usize::from(!world.a.hunted.seen(&request, &theirs, false).is_empty());
    }
    if hits > 0 {
        let seen = format!("A finds {hits} of its {} words; B was given all of them", words.len());
        world.tally.control(&operation.name(), &seen);
    }
    Ok(hits > 0)
}

/// Operators stand above tenants: what matters is that nobody else gets in. One of them sees A where a list or an object
/// is read.
async fn operators(world: &World, operation: &Operation) -> Result<()> {
    let name = operation.name();
    if world.staff.is_none() || operation.method != Method::GET {
        world.tally.control(&name, "refused to everybody who is no operator, whatever is named");
        return Ok(());
    }
    let id = operation.object().flatten().and_then(|kind| world.a.id(kind)).unwrap_or_default();
    let answer = ask(world, operation, &world.request(operation, id, &world.a), &world.a).await?;
    match answer.status {
        // a tenant that is not being deleted has no deletion to show
        200..=299 | 409 => world.tally.control(&name, &format!("an operator gets {}", answer.status)),
        status => world.tally.not_covered(&name, &format!("the control failed: an operator gets {status}")),
    }
    Ok(())
}

/// Everything of a side as its owner sees it, by route: taken before and after, it shows what the probes changed.
pub async fn belongings(world: &World, side: &Side) -> Result<HashMap<String, (Answer, String)>> {
    let mut all = HashMap::new();
    for operation in world.operations.iter().filter(|one| one.method == Method::GET && one.policy == Policy::Agent) {
        // pages that tried to show a widget are counted for its owner, B's too: that is what it is for
        let counted =
            ["/blocked", "/installation", "/profile", "/doctor"].iter().any(|end| operation.path.ends_with(end));
        if operation.path.contains("live") || counted {
            continue;
        }
        let ids: Vec<String> = match operation.object() {
            None => vec![String::new()],
            Some(kind) => kind.and_then(|kind| side.ids.get(kind)).cloned().unwrap_or_default(),
        };
        for id in ids.iter().take(4) {
            let request = world.request(operation, id, side);
            let answer = ask(world, operation, &request, side).await?;
            let mut body = answer.json();
            forget_moments(&mut body);
            let mut still = answer.clone();
            still.text = body.to_string();
            // a link is another one each time
            still.headers.retain(|(name, _)| name != "location");
            all.insert(format!("{} {id}", operation.path), (answer, print(&still, "")));
        }
    }
    Ok(all)
}

const MOMENTS: [&str; 7] =
    ["last_seen_at", "position", "last_used_at", "presence", "checked_at", "next_check_at", "problem"];

/// When somebody was last seen moves by looking, and the system checks domains by itself.
fn forget_moments(body: &mut Value) {
    match body {
        Value::Object(members) => {
            MOMENTS.iter().for_each(|name| drop(members.remove(*name)));
            members.values_mut().for_each(forget_moments);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_moments),
        _ => {}
    }
}
