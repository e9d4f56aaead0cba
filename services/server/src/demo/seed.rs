//! What the demo starts with: a tenant, two agents, three widgets and a dozen conversations of the last two days.
//!
//! Everything goes through the product's own operations, under a clock that is moved as the story goes.

mod story;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use chat::contacts::Profile;
use chat::domains::{self, NewClaim};
use chat::files::{self, Arriving};
use chat::identity::{self, NewAgent, VisitorPass};
use chat::inbox::{self, Body, ClientId, NewConversation, NewMessage, Via};
use chat::operator::{self, By};
use chat::widgets::{self, NewWidget};
use chat::{Ctx, Site};
use futures::future::ready;
use futures::stream;
use kernel::wire::{Display, DomainMethod, DomainScope, Reach, Source, Visibility, Widget, WidgetSettings};
use kernel::{
    AgentId, Clock, ContactId, ConversationId, FileId, Limit, Origin, Role, Scope, Secret, TenantId, Timestamp,
    WidgetId,
};

use store::Runner;

pub(super) use self::story::{INVOICE, LIVING_ROOM, PARCEL, SHADES, Sample};
use self::story::{Line, STORIES, Story};
use crate::parts::{self, plain};
use crate::{Config, roles};

/// Log-in of the tenant's owner.
pub const OWNER: &str = "mia@lumen.example";
/// Log-in of an agent.
pub const AGENT: &str = "jonas@lumen.example";
/// Log-in of the platform's operator.
pub const OPERATOR: &str = "ops@porchlight.example";
/// Everybody's password.
pub const PASSWORD: &str = "porchlight demo";

/// How long before the present the story begins.
pub const SINCE: Duration = Duration::from_secs(2 * 86_400);

/// File that names the seeded tenant.
const TENANT: &str = "tenant";

/// The tenant, with the keys of its three widgets.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// Whose they are.
    pub tenant: TenantId,
    /// On the lamp's page.
    pub floating: String,
    /// On the contact page.
    pub embedded: String,
    /// On the help page.
    pub popup: String,
}

/// Seeds an empty database; of a seeded one, renews the shop's right to run the widgets.
pub async fn seed(config: &Config, folder: &Path, shop: &str) -> Result<Seeded> {
    let now = Clock::System.now();
    let clock = Clock::frozen(now.minus(SINCE));
    let site = Site { public: origin("http://127.0.0.1:8080")?, operator: origin("http://127.0.0.1:8081")? };
    // the checks run at the end, all at once
    let mut config = config.clone();
    config.files.wait_ms = 0;
    let ctx = parts::context(&config, site, clock.clone()).await?;
    let tenant = match seeded(&ctx, folder).await {
        Some(tenant) => tenant,
        None => {
            let tenant = people_and_story(&ctx, shop, now).await.map_err(plain)?;
            std::fs::write(folder.join(TENANT), tenant.to_string())?;
            tenant
        }
    };
    set_clock(&clock, now);
    let scope = identity::scope_of_system(tenant);
    let widgets = widgets::list(&ctx, &scope).await.map_err(plain)?;
    for widget in &widgets {
        let _ = allow(&ctx, &scope, widget.id, shop).await;
    }
    let key = |display| {
        widgets
            .iter()
            .find(|w| w.display == display)
            .map(|w| w.id.to_string())
            .context("a demo widget is missing; start with --fresh")
    };
    Ok(Seeded {
        tenant,
        floating: key(Display::Floating)?,
        embedded: key(Display::Embedded)?,
        popup: key(Display::Popup)?,
    })
}

/// The tenant of an earlier start, if its database is still there.
async fn seeded(ctx: &Ctx, folder: &Path) -> Option<TenantId> {
    let tenant = std::fs::read_to_string(folder.join(TENANT)).ok()?.parse().ok()?;
    identity::is_active(ctx, tenant).await.ok()?.then_some(tenant)
}

fn origin(text: &str) -> Result<Origin> {
    Origin::parse(text).context("an origin")
}

fn set_clock(clock: &Clock, at: Timestamp) {
    clock.advance(at.since(clock.now()));
}

async fn people_and_story(ctx: &Ctx, shop: &str, now: Timestamp) -> kernel::Result<TenantId> {
    let password = || Secret::new(PASSWORD.to_owned());
    operator::create(ctx, OPERATOR, "Operations", PASSWORD).await?;
    let tenant = operator::create_tenant(ctx, By::CommandLine, "Lumen & Oak", OWNER).await?.id;
    let person = |email: &str, name: &str, role| NewAgent {
        email: email.to_owned(),
        name: name.to_owned(),
        role,
        password: password(),
    };
    let mia = identity::create_agent_directly(ctx, tenant, person(OWNER, "Mia Berg", Role::Owner)).await?;
    let jonas = identity::create_agent_directly(ctx, tenant, person(AGENT, "Jonas Lind", Role::Agent)).await?;
    let scope = identity::scope_of_system(tenant);
    for invitation in identity::list_invitations(ctx, &scope, None, Limit::parse(None)?).await?.items {
        identity::revoke_invitation(ctx, &scope, invitation.id).await?;
    }
    let mut widgets = Vec::new();
    for (name, display, greeting) in WIDGETS {
        let settings = WidgetSettings {
            color: "#8e5c31".to_owned(),
            title: "Lumen & Oak".to_owned(),
            greeting: greeting.to_owned(),
            ..WidgetSettings::default()
        };
        let widget = widgets::create(ctx, &scope, NewWidget { name: name.to_owned(), display, settings }).await?;
        allow(ctx, &scope, widget.id, shop).await?;
        widgets.push(widget);
    }
    for (number, story) in STORIES.iter().enumerate() {
        set_clock(ctx.clock(), now.minus(Duration::from_secs(story.minutes_ago * 60)));
        tell(ctx, tenant, &widgets[number % widgets.len()], [mia, jonas], story, number).await?;
    }
    // nobody should find pictures that are still being looked at
    set_clock(ctx.clock(), now);
    Runner::new(ctx.db.clone(), ctx.clone(), roles::worker::jobs()).run_due().await?;
    Ok(tenant)
}

const WIDGETS: [(&str, Display, &str); 3] = [
    ("Shop pages", Display::Floating, "Hello! Ask us anything about our lamps."),
    ("Contact page", Display::Embedded, "Write to us right here."),
    ("Help pages", Display::Popup, "Did the page not answer your question? We will."),
];

async fn allow(ctx: &Ctx, scope: &Scope, widget: WidgetId, shop: &str) -> kernel::Result<()> {
    let claim = NewClaim { host: shop.to_owned(), scope: DomainScope::Test, method: DomainMethod::Dns };
    domains::claim(ctx, scope, widget, claim).await.map(|_| ())
}

async fn tell(
    ctx: &Ctx,
    tenant: TenantId,
    widget: &Widget,
    team: [AgentId; 2],
    story: &Story,
    number: usize,
) -> kernel::Result<()> {
    let expires_at = ctx.clock().now().plus(Duration::from_secs(600));
    let pass = VisitorPass {
        tenant,
        widget: widget.id,
        visitor: ContactId::new(ctx.clock()),
        origin: "https://lumen.example".to_owned(),
        expires_at,
    };
    let visitor = identity::scope_of_visitor(&pass);
    let (first, rest) = story.lines.split_first().ok_or_else(kernel::Error::not_found)?;
    let profile = Profile {
        name: story.name.map(str::to_owned),
        email: story.email.map(str::to_owned),
        page: Some(kernel::wire::PageSeen {
            url: "https://lumen.example/lamps/harbour".to_owned(),
            title: "Harbour lamp".to_owned(),
        }),
        ..Profile::default()
    };
    let opened = inbox::open(
        ctx,
        &visitor,
        NewConversation {
            first: words(first, send_up(ctx, &visitor, first).await?, number, 0)?,
            context: story.context(),
            profile,
        },
    )
    .await?;
    let id = opened.conversation.id;
    for (at, line) in rest.iter().enumerate() {
        ctx.clock().advance(Duration::from_secs(70));
        let scope = match line {
            Line::Visitor(_) | Line::Shows(..) => visitor.clone(),
            Line::Agent(who, _) | Line::Note(who, _) | Line::Hands(who, ..) => agent(tenant, team[*who]),
        };
        let files = send_up(ctx, &scope, line).await?;
        let posted = inbox::post(ctx, &scope, id, words(line, files, number, at + 1)?).await?;
        if matches!(line, Line::Agent(..) | Line::Hands(..)) && story.seen {
            inbox::mark(ctx, &visitor, id, posted.message.seq, Reach::Read).await?;
        }
    }
    finish(ctx, tenant, team, story, id).await
}

async fn finish(
    ctx: &Ctx,
    tenant: TenantId,
    team: [AgentId; 2],
    story: &Story,
    id: ConversationId,
) -> kernel::Result<()> {
    let scope = agent(tenant, team[0]);
    if let Some(who) = story.assignee {
        inbox::assign(ctx, &scope, id, Some(team[who])).await?;
    }
    inbox::set_status(ctx, &scope, id, story.status).await.map(|_| ())
}

fn agent(tenant: TenantId, id: AgentId) -> Scope {
    identity::scope_of_new_agent(tenant, id, Role::Owner)
}

/// Sends a line's files up, through the same door as anybody's.
async fn send_up(ctx: &Ctx, scope: &Scope, line: &Line) -> kernel::Result<Vec<FileId>> {
    let samples: &[Sample] = match line {
        Line::Shows(_, samples) | Line::Hands(_, _, samples) => samples,
        Line::Visitor(_) | Line::Agent(..) | Line::Note(..) => &[],
    };
    let mut sent = Vec::with_capacity(samples.len());
    for sample in samples {
        let at_most = u64::try_from(sample.bytes.len()).unwrap_or(u64::MAX);
        let (name, declared) = (sample.name.to_owned(), sample.declared.to_owned());
        let arriving = Arriving { name, declared, at_most, source: Source::Website };
        let body = stream::once(ready(Ok(Bytes::from_static(sample.bytes))));
        sent.push(files::upload(ctx, scope, arriving, body).await?.id);
    }
    Ok(sent)
}

fn words(line: &Line, files: Vec<FileId>, story: usize, at: usize) -> kernel::Result<NewMessage> {
    let (text, visibility) = match line {
        Line::Visitor(text) | Line::Agent(_, text) | Line::Shows(text, _) | Line::Hands(_, text, _) => {
            (text, Visibility::Public)
        }
        Line::Note(_, text) => (text, Visibility::Note),
    };
    let body = Body::beside(&files, text)?;
    Ok(NewMessage {
        client_id: ClientId::parse(&format!("seed-{story}-{at}"))?,
        body,
        files,
        visibility,
        reply_to: None,
        extra: None,
        via: Via::default(),
    })
}
