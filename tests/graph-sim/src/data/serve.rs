//! Every call: written down, broken if a fault wants it so, otherwise worked on.

use serde_json::{Value, json};

use super::{callbacks, files, route};
use crate::actor;
use crate::core::Core;
use crate::fault::{self, Fault, Place};
use crate::http::{Answer, Call};
use crate::send::{self, Step};
use crate::world::World;

/// Answers a call.
pub async fn serve(core: &Core, call: &Call) -> Answer {
    if call.path.first().is_some_and(|first| first == "_media") {
        return core.with(|world| noted(world, call, files::serve));
    }
    let bitten = core.with(|world| {
        let place = place(world, call);
        fault::api(world, &place)
    });
    let answer = match bitten {
        Some((_, Some(answer))) => answer,
        Some((fault, None)) => troubled(core, call, &fault).await,
        None => work(core, call).await,
    };
    core.with(|world| note(world, call, &answer));
    answer
}

async fn work(core: &Core, call: &Call) -> Answer {
    match callbacks::saved(core, call).await {
        Some(answer) => answer,
        None => core.with(|world| route::answer(world, call)),
    }
}

/// Worked on, but something else happens before the answer, or to it.
async fn troubled(core: &Core, call: &Call, fault: &Fault) -> Answer {
    let answer = work(core, call).await;
    let wamid = answer.value()["messages"][0]["id"].as_str().map(str::to_owned);
    if let Some(wamid) = wamid {
        core.with(|world| match fault.kind.as_str() {
            "F4.status_first" => {
                ["sent", "delivered"].iter().for_each(|state| send::step(world, Step::new(&wamid, state)))
            }
            "F17.echo_first" => actor::echo_of(world, &wamid),
            _ => {}
        });
        if matches!(fault.kind.as_str(), "F4.status_first" | "F17.echo_first") {
            crate::drive::settle(core).await;
        }
    }
    fault::tamper(fault, answer)
}

fn place(world: &World, call: &Call) -> Place {
    let token = call.bearer().unwrap_or_default();
    let app = world.tokens.get(&token).map(|token| token.app.clone());
    let body = call.json().unwrap_or_default();
    let user = ["to", "recipient"].iter().filter_map(|key| body[*key].as_str()).map(|to| to.trim_start_matches('+'));
    let mut names: Vec<_> = user.map(str::to_owned).collect();
    let known = names.first().and_then(|name| world.user(name)).map(|user| user.key.clone());
    names.extend(known);
    let part = |at: usize| call.path.get(at).cloned().unwrap_or_default();
    let route = if call.path.len() > 1 { part(1) } else { part(0) };
    Place {
        app: app.unwrap_or_else(|| token.split('|').next().unwrap_or_default().to_owned()),
        number: part(0),
        user: names,
        route,
    }
}

fn noted(world: &mut World, call: &Call, work: impl FnOnce(&mut World, &Call) -> Answer) -> Answer {
    let answer = work(world, call);
    note(world, call, &answer);
    answer
}

fn note(world: &mut World, call: &Call, answer: &Answer) {
    let path = format!("/{}", call.path.join("/"));
    let shown = |bytes: &[u8]| match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => value,
        Err(_) => json!(format!("{} bytes", bytes.len())),
    };
    let what = json!({"method": call.method, "path": path, "version": call.version, "query": call.query,
        "body": shown(&call.body), "status": answer.status, "answer": shown(&answer.body), "cut": answer.cut});
    world.note("api", what);
}
