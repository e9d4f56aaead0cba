//! Randomised probes: probe `n` of a seed is always the same choice of route, credential, kind, place and twist, so a
//! run that stopped goes on where it was.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::document::{Operation, Policy};
use crate::http::Ask;
use crate::judge::{Trial, print};
use crate::matrix::{How, how, own_path};
use crate::world::{Credential, World};

/// Where an id is put.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Place {
    Path,
    Body(String),
    Query(String),
}

/// What is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Twist {
    Plain,
    Upper,
    Short,
    Long,
    Bare,
    Hyphens,
    OtherKind,
    Encoded,
    Space,
    Zero,
    Dot,
    Slash,
    Twice,
    Quoted,
    TenantInQuery,
    TenantInHeader,
    TwoTokens,
}

const TWISTS: [Twist; 16] = [
    Twist::Upper,
    Twist::Short,
    Twist::Long,
    Twist::Bare,
    Twist::Hyphens,
    Twist::OtherKind,
    Twist::Encoded,
    Twist::Space,
    Twist::Zero,
    Twist::Dot,
    Twist::Slash,
    Twist::Twice,
    Twist::Quoted,
    Twist::TenantInQuery,
    Twist::TenantInHeader,
    Twist::TwoTokens,
];

/// A route and the places where it takes an id.
struct Target<'a> {
    operation: &'a Operation,
    places: Vec<(Place, &'static str)>,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Choice {
    target: usize,
    who: Credential,
    place: usize,
    kind: String,
    nth: usize,
    twist: Twist,
}

/// How it went.
pub struct Ran {
    /// Probes made, of those wanted.
    pub probes: u64,
}

/// Makes probes `from..from + count`. `say` hears how far it is, every so often.
pub async fn run(world: &World, seed: u64, from: u64, count: u64, say: &(dyn Fn(String) + Sync)) -> Result<Ran> {
    let targets = targets(world);
    let made = AtomicU64::new(0);
    let expected = Mutex::new(HashMap::new());
    if targets.is_empty() {
        return Ok(Ran { probes: 0 });
    }
    let credentials: Vec<_> = world.credentials().collect();
    stream::iter(from..from + count)
        .map(|n| {
            let choice = choose(world, &targets, &credentials, seed, n);
            let (targets, expected, made) = (&targets, &expected, &made);
            async move {
                one(world, targets, expected, &choice).await?;
                let done = made.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(10_000) {
                    say(format!(
                        "{done} of {count} randomised probes; to go on from here: --seed {seed} --from {}",
                        from + done
                    ));
                }
                anyhow::Ok(())
            }
        })
        .buffer_unordered(world.at_once)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(Ran { probes: made.into_inner() })
}

fn targets(world: &World) -> Vec<Target<'_>> {
    let all = world.operations.iter().filter_map(|operation| {
        if !matches!(how(world, operation), Ok(How::ById | How::Own)) {
            return None;
        }
        let mut places = Vec::new();
        if let Some(Some(kind)) = operation.object() {
            places.push((Place::Path, kind));
        }
        // an operator's body is read by nobody else: the credential is refused before
        if operation.policy != Policy::Operator {
            let kinds = operation.ids().into_iter();
            places.extend(kinds.filter_map(|(at, kind)| Some((Place::Body(at), own_kind(&kind)?))));
            let names = operation.query.iter().map(|(name, _)| name.as_str());
            places.extend(names.filter_map(|name| Some((Place::Query(name.to_owned()), kind_of_query(name)?))));
        }
        (!places.is_empty()).then_some(Target { operation, places })
    });
    all.collect()
}

/// The same word with a life of its own.
fn own_kind(kind: &str) -> Option<&'static str> {
    ["cnv", "wgt", "con", "agt", "fil", "msg", "wap", "wac", "wan", "wtp"].into_iter().find(|one| *one == kind)
}

fn kind_of_query(name: &str) -> Option<&'static str> {
    match name {
        "assignee" => Some("agt"),
        "contact" => Some("con"),
        "account" => Some("wac"),
        "tenant" => Some("ten"),
        "q" | "cursor" => Some("cnv"),
        _ => None,
    }
}

fn choose(world: &World, targets: &[Target<'_>], credentials: &[Credential], seed: u64, n: u64) -> Choice {
    let mut dice = StdRng::seed_from_u64(seed ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let target = dice.random_range(0..targets.len());
    let (at, mut who) = (&targets[target], credentials[dice.random_range(0..credentials.len())]);
    // most of the time somebody who gets past the first door
    if dice.random_bool(0.6) {
        let may: Vec<_> = credentials.iter().filter(|who| who.may(at.operation.policy)).collect();
        who = may.get(dice.random_range(0..may.len().max(1))).map_or(who, |one| **one);
    }
    let place = dice.random_range(0..at.places.len());
    let mut kind = at.places[place].1.to_owned();
    if dice.random_bool(0.12) {
        let kinds: Vec<_> = world.a.ids.keys().collect();
        kind.clone_from(kinds[dice.random_range(0..kinds.len())]);
    }
    let most = world.a.ids.get(&kind).map_or(1, Vec::len);
    let twist = if dice.random_bool(0.4) { Twist::Plain } else { TWISTS[dice.random_range(0..TWISTS.len())] };
    Choice { target, who, place, kind, nth: dice.random_range(0..most.max(1)), twist }
}

async fn one(
    world: &World,
    targets: &[Target<'_>],
    expected: &Mutex<HashMap<Choice, String>>,
    choice: &Choice,
) -> Result<()> {
    let Target { operation, places } = &targets[choice.target];
    let place = &places[choice.place].0;
    let never = world.never(&choice.kind);
    let theirs = world.a.ids.get(&choice.kind).and_then(|ids| ids.get(choice.nth)).unwrap_or(&never).clone();
    let (theirs, nobodys) = (twisted(&theirs, choice.twist), twisted(&never, choice.twist));
    let strict = !matches!(place, Place::Query(name) if name == "q" || name == "cursor");
    let tried = format!("{} {:?} at {place:?}", choice.kind, choice.twist);
    let trial = Trial { operation, who: choice.who, tried, theirs: &theirs, nobodys: &nobodys, strict };
    let ask = |id: &str| asked(world, operation, place, id, choice.twist);
    let answer = world.probe(&trial, &ask(&theirs)).await?;
    if !strict {
        return Ok(());
    }
    // which of A's ids it is does not change what nobody's gets
    let key = Choice { nth: 0, ..choice.clone() };
    let known = expected.lock().ok().and_then(|known| known.get(&key).cloned());
    let wanted = match known {
        Some(known) => known,
        None => {
            let token = world.token(choice.who).await?;
            let nothing = world.door(operation).ask(&ask(&nobodys), token.as_deref()).await?;
            let wanted = print(&nothing, &nobodys);
            if let Ok(mut known) = expected.lock() {
                known.insert(key, wanted.clone());
            }
            wanted
        }
    };
    if print(&answer, &theirs) != wanted {
        world.look_again(&trial, &ask).await?;
    }
    Ok(())
}

fn asked(world: &World, operation: &Operation, place: &Place, id: &str, twist: Twist) -> Ask {
    let own = own_path(world, operation);
    let mut ask = match place {
        Place::Path => world.request(operation, &in_path(id), &world.b),
        Place::Body(at) => world.request_with(operation, &own, &world.b, &[(at, Value::from(id))]),
        Place::Query(name) => {
            let mut ask = world.request(operation, &own, &world.b);
            ask.path = format!("{}?{name}={}", ask.path, in_path(id));
            ask
        }
    };
    let tenant = &world.a.tenant;
    match twist {
        Twist::TenantInQuery => {
            let sign = if ask.path.contains('?') { '&' } else { '?' };
            ask.path = format!("{}{sign}tenant={tenant}&tenant_id={tenant}", ask.path);
        }
        Twist::TenantInHeader => {
            ask =
                ask.with("x-tenant-id", tenant).with("x-forwarded-host", "a.example").with("x-original-url", "/v1/me");
        }
        Twist::TwoTokens => ask = ask.with("authorization", format!("Bearer {}", world.a.ended)),
        _ => {}
    }
    ask
}

/// Bytes that cannot stand in an address, spelled.
fn in_path(id: &str) -> String {
    let mut out = String::new();
    for c in id.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '\0' => out.push_str("%00"),
            '"' => out.push_str("%22"),
            '/' => out.push_str("%2f"),
            other => out.push(other),
        }
    }
    out
}

fn twisted(id: &str, twist: Twist) -> String {
    let (kind, digits) = id.split_once('_').unwrap_or(("", id));
    match twist {
        Twist::Plain | Twist::TenantInQuery | Twist::TenantInHeader | Twist::TwoTokens => id.to_owned(),
        Twist::Upper => format!("{kind}_{}", digits.to_uppercase()),
        Twist::Short => id[..id.len() - 1].to_owned(),
        Twist::Long => format!("{id}0"),
        Twist::Bare => digits.to_owned(),
        Twist::Hyphens => {
            let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
            format!("{kind}_{}", parts.join("-"))
        }
        Twist::OtherKind => format!("{}_{digits}", if kind == "cnv" { "con" } else { "cnv" }),
        Twist::Encoded => id.replacen('_', "%5F", 1),
        Twist::Space => format!("{id} "),
        Twist::Zero => format!("{id}\0"),
        Twist::Dot => format!("{id}."),
        Twist::Slash => format!("{id}/"),
        Twist::Twice => format!("{id},{id}"),
        Twist::Quoted => format!("\"{id}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_twist_keeps_ids_of_the_same_kind_alike() {
        let (one, other) = ("cnv_01890a5d3f2b7c4d8e9fa0b1c2d3e4f5", "cnv_01890a5d3f2b7c4d8e9fa0b1c2d3e4f6");
        for twist in TWISTS.into_iter().chain([Twist::Plain]) {
            let (one, other) = (twisted(one, twist), twisted(other, twist));
            assert_eq!(one.len(), other.len(), "{twist:?}");
            assert!(!in_path(&one).contains([' ', '"']), "{twist:?}");
        }
    }
}
