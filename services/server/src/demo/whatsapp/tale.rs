//! Whoever tells the story: moves both clocks, lets people act on their phones and agents answer in the inbox.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use chat::files::{self, Arriving};
use chat::identity;
use chat::inbox::{self, Body, ClientId, Filter, NewMessage, Via};
use futures::future::ready;
use futures::stream;
use kernel::wire::{Content, Conversation, Extra, Message, Reach, Source, Status, Visibility, WhatsAppValues};
use kernel::{AgentId, Clock, ConversationId, FileId, Limit, MessageId, Role, Scope, TenantId, Timestamp};
use serde_json::{Value, json};
use whatsapp::template::{self, list::Wanted, send::Filled};

use super::{Simulator, pass, rest};
use crate::Running;
use crate::demo::seed::Sample;
use crate::parts::plain;

/// Who answers, by number.
const TEAM: [&str; 2] = ["Mia Berg", "Jonas Lind"];

/// Between one line and the next.
const BREATH: Duration = Duration::from_secs(50);

/// The stage of a tale.
pub(super) struct Tale<'a> {
    pub running: &'a Running,
    pub sim: &'a Simulator,
    pub tenant: TenantId,
    /// Who answers.
    pub team: Vec<AgentId>,
    /// The present, which the tale ends before.
    pub now: Timestamp,
}

impl<'a> Tale<'a> {
    /// Sets the stage.
    pub async fn of(running: &'a Running, sim: &'a Simulator, tenant: TenantId, now: Timestamp) -> Result<Self> {
        let scope = identity::scope_of_system(tenant);
        let team = identity::assignable_agents(&running.ctx, &scope).await.map_err(plain)?;
        let member = |name: &&str| team.iter().find(|one| one.name == *name).map(|one| one.id);
        Ok(Self { running, sim, tenant, team: TEAM.iter().filter_map(member).collect(), now })
    }

    /// Goes on so many minutes before the present.
    pub async fn begins(&self, minutes_ago: u64) -> Result<()> {
        rest(self.running, self.sim).await?;
        let clock = self.running.ctx.clock();
        clock.advance(self.now.minus(Duration::from_secs(minutes_ago * 60)).since(clock.now()));
        self.sim.stands_at(clock.now().millis()).await?;
        rest(self.running, self.sim).await
    }

    /// A person with a phone.
    pub async fn person(&self, phone: &'static str, name: &str, country: &str) -> Result<Phone<'_, 'a>> {
        self.sim.tell("users", &json!({ "phone": phone, "name": name, "country": country })).await?;
        Ok(Phone { tale: self, phone, name: name.to_owned() })
    }

    /// What agent number `who` may do.
    pub fn agent(&self, who: usize) -> Result<Scope> {
        let id = *self.team.get(who).context("the demo's team is smaller than its story")?;
        Ok(identity::scope_of_new_agent(self.tenant, id, Role::Owner))
    }

    /// Goes on to the next line, when everything that follows from the last has happened.
    pub async fn breathes(&self) -> Result<()> {
        pass(self.running, self.sim, BREATH).await
    }

    /// An id nobody else has: time never stands between two messages.
    fn client_id(&self) -> Result<ClientId> {
        ClientId::parse(&format!("tale-{}", self.clock().now().millis())).map_err(plain)
    }

    fn clock(&self) -> &Clock {
        self.running.ctx.clock()
    }
}

/// Somebody's phone.
pub(super) struct Phone<'t, 'a> {
    tale: &'t Tale<'a>,
    phone: &'static str,
    name: String,
}

impl Phone<'_, '_> {
    /// Does something on the phone; gives Meta's id of what came of it.
    pub async fn does(&self, act: &str, what: Value) -> Result<String> {
        let done = self.tale.sim.tell(&format!("users/{}/{act}", self.phone), &what).await?;
        self.tale.breathes().await?;
        Ok(done["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Writes.
    pub async fn says(&self, text: &str) -> Result<String> {
        self.does("send", json!({ "kind": "text", "text": text })).await
    }

    /// Sends something of another kind.
    pub async fn sends(&self, kind: &str, mut what: Value) -> Result<String> {
        what["kind"] = json!(kind);
        self.does("send", what).await
    }

    /// Looks at the chat, and goes on looking: what arrives is read.
    pub async fn looks(&self) -> Result<()> {
        self.does("open", json!({})).await.map(drop)
    }

    /// Puts the phone away.
    pub async fn leaves(&self) -> Result<()> {
        self.does("close", json!({})).await.map(drop)
    }

    /// Meta's id of the last the business sent to this phone.
    pub async fn last_received(&self) -> Result<String> {
        let chat = self.tale.sim.read(&format!("users/{}/chat", self.phone)).await?;
        let bubbles = chat["bubbles"].as_array().map(Vec::as_slice).unwrap_or_default();
        let last = bubbles.iter().rfind(|bubble| bubble["mine"] == false).and_then(|bubble| bubble["id"].as_str());
        last.map(str::to_owned).with_context(|| format!("nothing was sent to {}", self.name))
    }

    /// The conversation it has become in the inbox.
    pub async fn talk(&self) -> Result<Talk<'_>> {
        let (ctx, scope) = (&self.tale.running.ctx, identity::scope_of_system(self.tale.tenant));
        let filter = Filter { source: Some(Source::Whatsapp), ..Filter::default() };
        let limit = Limit::parse(Some(100)).map_err(plain)?;
        let page = inbox::list(ctx, &scope, &filter, None, limit).await.map_err(plain)?.page.items;
        let is_mine = |one: &Conversation| one.contact.name.as_deref() == Some(self.name.as_str());
        let found = page.into_iter().find(is_mine).with_context(|| format!("{} is not in the inbox", self.name))?;
        Ok(Talk { tale: self.tale, id: found.id })
    }
}

/// What goes with an agent's words.
#[derive(Default)]
struct Said {
    files: Vec<FileId>,
    reply_to: Option<MessageId>,
    extra: Option<Box<Extra>>,
}

/// A conversation, seen from the inbox.
pub(super) struct Talk<'t> {
    tale: &'t Tale<'t>,
    id: ConversationId,
}

impl Talk<'_> {
    /// An agent writes.
    pub async fn says(&self, who: usize, text: &str) -> Result<Message> {
        self.answers(who, text, Said::default()).await
    }

    /// An agent gives something to choose from.
    pub async fn offers(&self, who: usize, text: &str, content: Content) -> Result<Message> {
        let extra = Some(Box::new(Extra { content: Some(content), ..Extra::default() }));
        self.answers(who, text, Said { extra, ..Said::default() }).await
    }

    /// An agent sends a template, which is all that may be sent when the window is closed.
    pub async fn templates(&self, who: usize, name: &str, values: WhatsAppValues) -> Result<()> {
        let (ctx, scope) = (&self.tale.running.ctx, self.tale.agent(who)?);
        let wanted = Wanted { part: Some(name.to_owned()), ..Wanted::default() };
        let limit = Limit::parse(None).map_err(plain)?;
        let found = template::list::list(ctx, &scope, wanted, None, limit).await.map_err(plain)?.items;
        let template = found.first().with_context(|| format!("there is no template {name}"))?.id;
        let new = Filled { client_id: self.tale.client_id()?, template, values };
        template::send::say(ctx, &scope, self.id, new).await.map_err(plain)?;
        self.tale.breathes().await
    }

    /// An agent puts a sign under the last message.
    pub async fn reacts(&self, who: usize, emoji: &str) -> Result<()> {
        let (scope, seq) = (self.tale.agent(who)?, self.last().await?.seq);
        whatsapp::send::react(&self.tale.running.ctx, &scope, self.id, seq, Some(emoji)).await.map_err(plain)?;
        self.tale.breathes().await
    }

    /// An agent quotes a message and answers it.
    pub async fn quotes(&self, who: usize, quoted: MessageId, text: &str) -> Result<Message> {
        self.answers(who, text, Said { reply_to: Some(quoted), ..Said::default() }).await
    }

    /// An agent sends a file.
    pub async fn hands(&self, who: usize, text: &str, sample: &Sample) -> Result<Message> {
        let scope = self.tale.agent(who)?;
        let at_most = u64::try_from(sample.bytes.len()).unwrap_or(u64::MAX);
        let (name, declared) = (sample.name.to_owned(), sample.declared.to_owned());
        let arriving = Arriving { name, declared, at_most, source: Source::Whatsapp };
        let body = stream::once(ready(Ok(Bytes::from_static(sample.bytes))));
        let file = files::upload(&self.tale.running.ctx, &scope, arriving, body).await.map_err(plain)?;
        self.answers(who, text, Said { files: vec![file.id], ..Said::default() }).await
    }

    /// The last message there.
    pub async fn last(&self) -> Result<Message> {
        let scope = identity::scope_of_system(self.tale.tenant);
        let thread = inbox::thread(
            &self.tale.running.ctx,
            &scope,
            self.id,
            inbox::Part::Latest,
            Limit::parse(None).map_err(plain)?,
        )
        .await
        .map_err(plain)?;
        thread.messages.into_iter().next_back().context("a conversation without a message")
    }

    /// An agent reads up to the end, which the person sees.
    pub async fn is_read_by(&self, who: usize) -> Result<()> {
        let seq = self.last().await?.seq;
        let scope = self.tale.agent(who)?;
        inbox::mark(&self.tale.running.ctx, &scope, self.id, seq, Reach::Read).await.map_err(plain)?;
        self.tale.breathes().await
    }

    /// An agent takes it.
    pub async fn is_taken_by(&self, who: usize) -> Result<()> {
        let id = self.tale.team.get(who).copied();
        inbox::assign(&self.tale.running.ctx, &self.tale.agent(0)?, self.id, id).await.map(drop).map_err(plain)
    }

    /// Where it stands.
    pub async fn is_now(&self, status: Status) -> Result<()> {
        inbox::set_status(&self.tale.running.ctx, &self.tale.agent(0)?, self.id, status).await.map(drop).map_err(plain)
    }

    async fn answers(&self, who: usize, text: &str, said: Said) -> Result<Message> {
        let new = NewMessage {
            client_id: self.tale.client_id()?,
            body: Body::beside(&said.files, text).map_err(plain)?,
            files: said.files,
            visibility: Visibility::Public,
            reply_to: said.reply_to,
            extra: said.extra,
            via: Via::default(),
        };
        let scope = self.tale.agent(who)?;
        let posted = inbox::post(&self.tale.running.ctx, &scope, self.id, new).await.map_err(plain)?;
        self.tale.breathes().await?;
        Ok(posted.message)
    }
}
