//! A witness from outside: two tenants on a running system, and everything one may ask about the other.
//!
//! Promises:
//! - It knows nothing of the product but what its address answers: no crate of ours, no database of the product's
//!   (the one look at PostgreSQL's own rules is asked for by itself).
//! - What it probes is what the server's own OpenAPI document lists. A route it cannot reach with an object of A's is
//!   named as not covered; it is never passed over.
//! - A probe counts when A's own people got what B did not. Else the report says that it proves nothing.
//! - It sends no more than it was told, takes a refusal for haste as one, and says what it leaves behind.

mod canary;
mod control;
mod document;
mod doors;
mod http;
mod judge;
mod letters;
mod links;
mod live;
mod matrix;
mod people;
mod prepare;
mod random;
mod report;
mod side;
mod socket;
mod tally;
mod timing;
mod wall;
mod whatsapp;
mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub use letters::Letters;
pub use report::Report;
pub use side::{GivenSide, LogIn};
pub use tally::{Leak, Route};
pub use whatsapp::MetaAccount;
pub use world::Staff;

use document::Operation;
use http::{Door, Pace};
use world::World;

/// Where the two tenants come from.
pub enum Tenants {
    /// Somebody made them.
    Given(Box<GivenSide>, Box<GivenSide>),
    /// They are made by an operator, and deleted in the end.
    Made {
        /// Where invitations arrive.
        letters: Letters,
        /// An address letters reach, in which `+word` before the `@` is allowed; one that reaches nobody otherwise.
        mailbox: Option<String>,
    },
}

/// What to do.
pub struct Options {
    /// Address of the public listener.
    pub public: String,
    /// Address of the operators' listener.
    pub operator: Option<String>,
    /// Origin browsers know the public listener by, when it is another one.
    pub public_origin: Option<String>,
    /// The same of the operators'.
    pub operator_origin: Option<String>,
    /// The tenants.
    pub tenants: Tenants,
    /// An operator's log-in.
    pub staff: Option<Staff>,
    /// WhatsApp accounts to connect to A and to B.
    pub whatsapp: (Option<MetaAccount>, Option<MetaAccount>),
    /// Beginnings of paths that are left out, and said to be.
    pub without: Vec<String>,
    /// Randomised probes.
    pub probes: u64,
    /// The first of them.
    pub from: u64,
    /// What they are chosen by.
    pub seed: u64,
    /// Most requests in a second; 0 is no limit.
    pub rate: u32,
    /// Requests at once.
    pub at_once: usize,
    /// Certificate authorities beside the machine's own.
    pub ca: Option<PathBuf>,
    /// A PostgreSQL database whose own wall is looked at.
    pub store: Option<String>,
    /// Whether made tenants stay.
    pub keep: bool,
}

/// Runs everything. `say` hears what is going on.
pub async fn verify(options: Options, say: &(dyn Fn(String) + Sync)) -> Result<Report> {
    let began = Instant::now();
    let began_at = stamp();
    let tls = http::trust(options.ca.as_deref()).ok();
    let pace = Pace::new(options.rate);
    let public = Door::new(&options.public, options.public_origin.as_deref(), &pace, tls.as_ref())?;
    let operator = match &options.operator {
        Some(base) => Some(Door::new(base, options.operator_origin.as_deref(), &pace, tls.as_ref())?),
        None => None,
    };
    let (operations, system) = prepare::document(&public, operator.as_ref()).await?;
    let (operations, left_out) = divided(operations, &options.without);
    say(format!("{system} lists {} routes; making two tenants", operations.len()));
    let sides = prepare::sides(&options, &public, operator.as_ref()).await?;
    let mut world = World::new((public, operator), options.staff.clone(), sides, operations, options.at_once.max(1));
    let day = prepare::learn(&mut world).await?;
    say("asking every route with every id".to_owned());
    let before = control::belongings(&world, &world.a).await?;
    matrix::run(&world).await?;
    doors::run(&world).await?;
    links::run(&world).await?;
    prepare::unchanged(&world, &before).await?;
    say("listening at the sockets".to_owned());
    let heard = live::run(&world, tls.as_ref(), day.fresh, day.sign).await?;
    let before = control::belongings(&world, &world.a).await?;
    say(format!("{} randomised probes, seed {}", options.probes, options.seed));
    let ran = random::run(&world, options.seed, options.from, options.probes, say).await?;
    say("measuring times".to_owned());
    let timing = timing::run(&world).await?;
    prepare::unchanged(&world, &before).await?;
    say("asking as A itself".to_owned());
    control::run(&world).await?;
    let wall = match &options.store {
        Some(url) => wall::look(url).await?,
        None => Vec::new(),
    };
    let cleaning = prepare::clean(&world, &options).await;
    for side in [&world.a, &world.b] {
        side.lacks.iter().for_each(|(what, why)| world.tally.note(format!("{} has no {what}: {why}", side.name)));
    }
    prepare::complete(&world);
    let canaries = world.a.hunted.canaries.all().len();
    let closed = world.tally.close();
    let probes = closed.routes.values().flat_map(|route| route.probes.values()).sum();
    let incomplete = closed.routes.values().any(|route| route.not_covered.is_some());
    let verdict = match (closed.leaks.is_empty() && wall.iter().all(|check| check.holds), incomplete) {
        (false, _) => "leaks",
        (true, true) => "incomplete",
        (true, false) => "clean",
    };
    Ok(Report {
        verdict,
        began_at,
        seconds: began.elapsed().as_secs(),
        system,
        public: options.public,
        operator: options.operator,
        seed: options.seed,
        random_from: options.from,
        random_probes: ran.probes,
        probes,
        looked_again: closed.asked_again,
        leaks: closed.leaks,
        more_leaks: closed.more_leaks,
        canaries,
        listeners: heard.listeners,
        frames: heard.frames,
        routes: closed.routes,
        left_out,
        timing,
        wall,
        notes: closed.notes,
        cleaning,
    })
}

/// Those that are probed, and the names of those that are left out.
fn divided(operations: Vec<Operation>, without: &[String]) -> (Vec<Operation>, Vec<String>) {
    let (out, kept): (Vec<_>, Vec<_>) =
        operations.into_iter().partition(|one| without.iter().any(|start| one.path.starts_with(start.as_str())));
    (kept, out.iter().map(Operation::name).collect())
}

/// Seconds since 1970. This tool stands outside of the product and its clock.
#[expect(clippy::disallowed_methods, reason = "a tool of its own, whose report is dated")]
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

fn stamp() -> String {
    let at = i64::try_from(now()).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}
