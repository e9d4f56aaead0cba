//! Before and after: the document, the two tenants, what they own, and what becomes of them.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::json;

use crate::canary::Canaries;
use crate::control;
use crate::document::{self, Operation, Policy};
use crate::http::{Answer, Ask, Door};
use crate::letters::Letters;
use crate::people::{Person, ROLES, text};
use crate::side::{self, Building, GivenSide, Side};
use crate::tally::Leak;
use crate::whatsapp::MetaAccount;
use crate::world::World;
use crate::{Options, Tenants};

/// The routes of both listeners, and the system's name and version.
pub async fn document(public: &Door, operator: Option<&Door>) -> Result<(Vec<Operation>, String)> {
    let mut all: Vec<Operation> = Vec::new();
    let mut system = String::new();
    for door in std::iter::once(public).chain(operator) {
        let answer = door.ask(&Ask::get("/openapi.json"), None).await?;
        if !answer.is_ok() && all.is_empty() {
            bail!("{} gives no /openapi.json ({})", door.base, answer.status);
        }
        let body = answer.json();
        if system.is_empty() {
            let info = &body["info"];
            let word = |name: &str| info[name].as_str().unwrap_or("?").to_owned();
            system = format!("{} {}", word("title"), word("version"));
        }
        let found = document::operations(&body).unwrap_or_default();
        let new: Vec<_> = found.into_iter().filter(|one| !all.iter().any(|known| known.name() == one.name())).collect();
        all.extend(new);
    }
    Ok((all, system))
}

/// Both tenants with everything in them.
pub async fn sides(options: &Options, public: &Door, operator: Option<&Door>) -> Result<(Side, Side)> {
    let (a, b) = (&options.whatsapp.0, &options.whatsapp.1);
    Ok((one(options, public, operator, "A", a.as_ref()).await?, one(options, public, operator, "B", b.as_ref()).await?))
}

async fn one(
    options: &Options,
    public: &Door,
    operator: Option<&Door>,
    name: &'static str,
    whatsapp: Option<&MetaAccount>,
) -> Result<Side> {
    let nonce = nonce();
    let mut canaries = Canaries::new(nonce);
    let password = format!("{:x} {:x}", nonce, nonce.rotate_left(17));
    let (start, end) = match &options.tenants {
        Tenants::Made { mailbox: Some(mailbox), .. } => {
            let (local, host) = mailbox.split_once('@').context("--mailbox is an address")?;
            (format!("{local}+{:x}{name}-", nonce & 0xffff_ffff), format!("@{host}"))
        }
        _ => (format!("isolation-{:x}{name}-", nonce & 0xffff_ffff), "@porchlight-isolation.example".to_owned()),
    };
    let mailbox = (start.to_lowercase(), end);
    let (owner, people, given, letters) = match &options.tenants {
        Tenants::Given(a, b) => {
            let given: &GivenSide = if name == "A" { a } else { b };
            let (owner, people) = side::given_people(public, given).await?;
            (owner, people, Some(given), Letters::Nowhere)
        }
        Tenants::Made { letters, .. } => {
            let called = canaries.plant_public("the tenant's name");
            let owner = founded(options, public, operator, letters, &mailbox, &called, &password).await?;
            (owner, BTreeMap::new(), None, letters.clone())
        }
    };
    let building =
        Building { door: public, name, letters: &letters, mailbox, password, canaries, whatsapp, roles: &ROLES };
    side::build(building, owner, people, given).await.with_context(|| format!("tenant {name} cannot be set up"))
}

async fn founded(
    options: &Options,
    public: &Door,
    operator: Option<&Door>,
    letters: &Letters,
    mailbox: &(String, String),
    called: &str,
    password: &str,
) -> Result<Person> {
    let door = operator.context("tenants are made at the operators' listener (--operator)")?;
    let staff = options.staff.as_ref().context("tenants are made by an operator: their log-in is missing")?;
    let token = staff.token(door).await?;
    let email = format!("{}owner{}", mailbox.0, mailbox.1);
    let body = json!({ "name": called, "owner_email": email });
    door.must(&Ask::new(Method::POST, "/operator/v1/tenants").json(&body), Some(&token)).await?;
    let invitation = letters.token(&email).await?;
    Person::accepts(public, &invitation, &email, &format!("owner {called}"), password).await
}

#[expect(clippy::disallowed_methods, reason = "words nobody can guess, in a tool that stands outside of the product")]
fn nonce() -> u64 {
    rand::random()
}

/// Words A will say later.
pub struct Day {
    /// While B listens.
    pub fresh: [String; 4],
    /// What B says so that its ears can be trusted.
    pub sign: String,
}

/// Takes in everything A's own people can see, and prepares words for later.
pub async fn learn(world: &mut World) -> Result<Day> {
    for name in ["A", "B"] {
        let side = if name == "A" { &world.a } else { &world.b };
        let all = control::belongings(world, side).await?;
        let others = if name == "A" { world.b.hunted.ids.clone() } else { world.a.hunted.ids.clone() };
        let side = if name == "A" { &mut world.a } else { &mut world.b };
        for (route, (answer, _)) in &all {
            // an app of the platform is everybody's
            if !answer.text.contains("\"platform\":true") {
                side.learn(&answer.text, &others);
            }
            if let Some(cursor) = answer.json()["next_cursor"].as_str() {
                side.cursors.insert(route.split(' ').next().unwrap_or_default().to_owned(), cursor.to_owned());
            }
        }
        cursors(world, name).await?;
        neighbours(world, name).await?;
    }
    if let Some(spoken) = world.a.id(crate::matrix::SPOKEN).map(|id| id[4..].to_owned()) {
        world.a.hunted.ids.remove(&spoken);
    }
    let words = &mut world.a.hunted.canaries;
    let fresh = ["a visitor's words of that day", "an answer of that day", "a note of that day", "a new name"];
    let sign = format!("sign{}", world.b.hunted.canaries.plant("what B says to its own"));
    Ok(Day { fresh: fresh.map(|at| words.plant(at)), sign })
}

/// Cursors of lists that have a second page.
async fn cursors(world: &mut World, name: &str) -> Result<()> {
    let paged = |one: &&Operation| {
        one.policy == Policy::Agent && one.object().is_none() && one.query.iter().any(|(name, _)| name == "cursor")
    };
    let paths: Vec<_> = world.operations.iter().filter(paged).map(|one| one.path.clone()).collect();
    for path in paths {
        let side = if name == "A" { &world.a } else { &world.b };
        let answer = side.own(&world.public, &Ask::get(format!("{path}?limit=1"))).await?;
        let side = if name == "A" { &mut world.a } else { &mut world.b };
        if let Some(cursor) = answer.json()["next_cursor"].as_str() {
            side.cursors.insert(path, cursor.to_owned());
        }
    }
    Ok(())
}

/// What the other visitor owns is theirs to see.
async fn neighbours(world: &mut World, name: &str) -> Result<()> {
    let door = world.public.clone();
    let side = if name == "A" { &mut world.a } else { &mut world.b };
    let token = side.neighbour.token(&door).await?;
    let list = door.must(&Ask::get("/widget/v1/conversations"), Some(&token)).await?;
    let conversation = text(&list.json()["items"][0], "id")?;
    let path = format!("/widget/v1/conversations/{conversation}/messages");
    let messages = door.must(&Ask::get(path), Some(&token)).await?;
    let theirs = side.id("cnv").unwrap_or_default().to_owned();
    for (_, id) in side::named_ids(&format!("{} {}", list.text, messages.text)) {
        if id != theirs {
            side.hunted.public_ids.insert(id[4..].to_owned());
        }
        // probes ask for what is not the neighbour's
        side.ids.values_mut().for_each(|ids| ids.retain(|known| *known != id || id == theirs));
    }
    side.ids.retain(|_, ids| !ids.is_empty());
    Ok(())
}

/// Whether A's things are as they were before B's probes.
pub async fn unchanged(world: &World, before: &HashMap<String, (Answer, String)>) -> Result<()> {
    let after = control::belongings(world, &world.a).await?;
    for (route, (_, was)) in before {
        let is = after.get(route).map(|(_, is)| is);
        if is != Some(was) {
            let seen = format!("was {was} and is {}", is.map_or("gone", String::as_str));
            world.tally.leak(Leak {
                route: format!("GET {route}"),
                credential: "anybody but A".to_owned(),
                tried: "all probes before this".to_owned(),
                seen: format!("something of A's was changed: {}", seen.chars().take(900).collect::<String>()),
            });
        }
    }
    Ok(())
}

/// Routes that were probed and have no control.
pub fn complete(world: &World) {
    for operation in &world.operations {
        let known = crate::matrix::how(world, operation);
        if let Err(why) = known {
            world.tally.not_covered(&operation.name(), &why);
        }
    }
    for role in ROLES.iter().filter(|role| !world.b.people.contains_key(*role)) {
        world.tally.not_covered(&format!("every route as B's {role}"), "B has nobody in this role");
    }
}

/// Deletes made tenants. Says what stays.
pub async fn clean(world: &World, options: &Options) -> Vec<String> {
    if matches!(options.tenants, Tenants::Given(..)) || options.keep {
        return vec![format!("Both tenants stay: {} and {}.", world.a.tenant, world.b.tenant)];
    }
    let mut lines = Vec::new();
    for side in [&world.a, &world.b] {
        lines.push(match deleted(world, &side.tenant).await {
            Ok(at) => format!(
                "Tenant {} ({}) is suspended; everything of it is removed at {at}. The audit trail keeps that there was one.",
                side.tenant, side.name
            ),
            Err(error) => format!("Tenant {} ({}) stays: {error:#}", side.tenant, side.name),
        });
    }
    lines
}

async fn deleted(world: &World, tenant: &str) -> Result<String> {
    let door = world.operator.as_ref().context("no operators' listener")?;
    let token = world.staff.as_ref().context("no operator")?.token(door).await?;
    let ask = Ask::new(Method::DELETE, format!("/operator/v1/tenants/{tenant}"));
    let body = json!({ "reason": "made by verify-isolation, over now" });
    let shown = door.must(&ask.json(&body), Some(&token)).await?.json();
    Ok(shown["delete_at"].as_str().unwrap_or("a date the operators' console shows").to_owned())
}
