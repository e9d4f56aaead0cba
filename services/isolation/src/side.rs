//! One of the two tenants: its people, its visitors, and one of everything with words nobody else could know.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::canary::{Canaries, Hunted};
use crate::http::{Answer, Ask, Door};
use crate::letters::Letters;
use crate::people::{Guest, Person, ROLES, text};
use crate::whatsapp::{self, MetaAccount};

/// A tenant with its things.
pub struct Side {
    /// `A` or `B`.
    pub name: &'static str,
    /// `ten_…`
    pub tenant: String,
    /// By role; some roles may be missing.
    pub people: BTreeMap<&'static str, Arc<Person>>,
    /// A visitor who has written.
    pub visitor: Arc<Guest>,
    /// Another one of the same widget.
    pub neighbour: Arc<Guest>,
    /// Ids by kind, the one probes take first in front.
    pub ids: BTreeMap<String, Vec<String>>,
    /// The widget's page.
    pub origin: String,
    /// What must not be seen elsewhere.
    pub hunted: Hunted,
    /// Tokens of links to a file.
    pub links: Vec<String>,
    /// Cursors of lists, by path.
    pub cursors: BTreeMap<String, String>,
    /// Position of the stream before anything was planted.
    pub position: String,
    /// A token of a session that was ended.
    pub ended: String,
    /// What could not be made, with the reason.
    pub lacks: BTreeMap<String, String>,
}

/// Somebody's log-in.
#[derive(Clone, Debug, Deserialize)]
pub struct LogIn {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// A tenant that is given instead of made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenSide {
    /// Log-ins by role; an owner at least.
    pub people: BTreeMap<String, LogIn>,
    /// A page its new widget may run on without proof; a loopback address unless told.
    #[serde(default)]
    pub origin: Option<String>,
    /// A widget that is verified for `origin` already.
    #[serde(default)]
    pub widget: Option<String>,
}

/// What a side is built of.
pub struct Building<'a> {
    /// The public listener.
    pub door: &'a Door,
    /// `A` or `B`.
    pub name: &'static str,
    /// Where invitations arrive.
    pub letters: &'a Letters,
    /// Addresses of people who are invited: their part before and after the role.
    pub mailbox: (String, String),
    /// What new people sign in with.
    pub password: String,
    /// Words.
    pub canaries: Canaries,
    /// A WhatsApp account of its own.
    pub whatsapp: Option<&'a MetaAccount>,
    /// Roles wanted beside the owner.
    pub roles: &'a [&'static str],
}

impl Side {
    /// The owner.
    pub fn owner(&self) -> &Arc<Person> {
        &self.people["owner"]
    }

    /// The first id of a kind.
    pub fn id(&self, kind: &str) -> Option<&str> {
        self.ids.get(kind)?.first().map(String::as_str)
    }

    /// Asks as the owner.
    pub async fn own(&self, door: &Door, ask: &Ask) -> Result<Answer> {
        door.ask(ask, Some(&self.owner().token(door).await?)).await
    }

    /// Takes every id out of an answer of their own.
    pub fn learn(&mut self, answer: &str, others: &HashSet<String>) {
        for (kind, id) in named_ids(answer) {
            // a leaking list must not make theirs ours
            if others.contains(&id[4..]) {
                continue;
            }
            self.hunted.ids.insert(id[4..].to_owned());
            let known = self.ids.entry(kind).or_default();
            if !known.contains(&id) && known.len() < 12 {
                known.push(id);
            }
        }
    }
}

/// `kind_digits` in a text.
pub fn named_ids(text: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('_') {
        let kind = at.checked_sub(3).and_then(|from| text.get(from..at));
        let digits = text.get(at + 1..at + 33);
        if let (Some(kind), Some(digits)) = (kind, digits)
            && kind.bytes().all(|b| b.is_ascii_lowercase())
            && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            found.insert((kind.to_owned(), format!("{kind}_{digits}")));
        }
    }
    found
}

/// Builds a side from its owner.
pub async fn build(
    mut by: Building<'_>,
    owner: Person,
    mut people: BTreeMap<&'static str, Arc<Person>>,
    given: Option<&GivenSide>,
) -> Result<Side> {
    let door = by.door;
    let token = owner.token(door).await?;
    let mut lacks = BTreeMap::new();
    for role in by.roles.iter().filter(|role| **role != "owner") {
        if people.contains_key(role) {
            continue;
        }
        match invited(&mut by, &token, role).await {
            Ok(person) => drop(people.insert(role, Arc::new(person))),
            Err(error) => drop(lacks.insert(format!("role {role}"), format!("{error:#}"))),
        }
    }
    let tenant = owner.tenant.clone();
    let owner = Arc::new(owner);
    people.insert("owner", Arc::clone(&owner));
    let mut planting = Planting { door, token, canaries: by.canaries, ids: BTreeMap::new() };
    let (widget, origin) = planting.widget(by.name, given).await?;
    let page = planting.canaries.plant("the page a visitor stands on");
    let visitor = Guest::arrives(door, &widget, &origin, &page).await?;
    let position = visitor.position.clone();
    let neighbour = Guest::arrives(door, &widget, &origin, "page").await?;
    let conversation = planting.talk(&visitor, &neighbour, &owner.id).await?;
    planting.belongings(by.name).await?;
    let links = planting.files(&visitor, &conversation).await?;
    let ended = planting.ended(&owner).await?;
    let has_whatsapp = by.whatsapp.is_some();
    if let Err(error) = planting.whatsapp(by.whatsapp, by.name).await {
        lacks.insert("WhatsApp".to_owned(), format!("{error:#}"));
    }
    if !has_whatsapp {
        let why = "no WhatsApp account was given to connect (--whatsapp)";
        lacks.insert("WhatsApp".to_owned(), why.to_owned());
    }
    let Planting { canaries, ids, .. } = planting;
    let mut public_ids: HashSet<String> = [widget[4..].to_owned(), tenant[4..].to_owned()].into();
    public_ids.extend(people.values().map(|person| person.id[4..].to_owned()));
    public_ids.insert(neighbour.id[4..].to_owned());
    let mut side = Side {
        name: by.name,
        tenant: tenant.clone(),
        people,
        visitor: Arc::new(visitor),
        neighbour: Arc::new(neighbour),
        ids,
        origin,
        hunted: Hunted { canaries, ids: HashSet::new(), public_ids },
        links,
        cursors: BTreeMap::new(),
        position,
        ended,
        lacks,
    };
    side.ids.entry("ten".to_owned()).or_default().push(tenant);
    let all: Vec<_> = side.ids.values().flatten().cloned().collect();
    side.hunted.ids.extend(all.iter().map(|id| id[4..].to_owned()));
    Ok(side)
}

async fn invited(by: &mut Building<'_>, token: &str, role: &'static str) -> Result<Person> {
    let email = format!("{}{role}{}", by.mailbox.0, by.mailbox.1);
    let name = by.canaries.plant_public(&format!("the name of the {role}"));
    let body = json!({ "email": email, "role": role, "name": name });
    by.door.must(&Ask::new(Method::POST, "/v1/invitations").json(&body), Some(token)).await?;
    let invitation = by.letters.token(&email).await?;
    Person::accepts(by.door, &invitation, &email, &name, &by.password).await
}

struct Planting<'a> {
    door: &'a Door,
    token: String,
    canaries: Canaries,
    ids: BTreeMap<String, Vec<String>>,
}

impl Planting<'_> {
    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(Method::POST, path, body).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        Ok(self.door.must(&Ask::new(method, path).json(body), Some(&self.token)).await?.json())
    }

    async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.door.must(&Ask::get(path), Some(&self.token)).await?.json())
    }

    fn keep(&mut self, id: &str) {
        let known = self.ids.entry(id[..3].to_owned()).or_default();
        if !known.iter().any(|one| one == id) {
            known.push(id.to_owned());
        }
    }

    /// A widget with words of its own, and a page it may run on.
    async fn widget(&mut self, side: &str, given: Option<&GivenSide>) -> Result<(String, String)> {
        let port = if side == "A" { 4101 } else { 4102 };
        let origin = given.and_then(|given| given.origin.clone()).unwrap_or(format!("http://localhost:{port}"));
        if let Some(widget) = given.and_then(|given| given.widget.clone()) {
            self.keep(&widget);
            return Ok((widget, origin));
        }
        let settings = json!({
            "title": self.canaries.plant_public("the widget's title"),
            "tagline": self.canaries.plant_public("the widget's tagline"),
            "greeting": self.canaries.plant_public("the widget's greeting"),
            "launcher_label": self.canaries.plant_public("the widget's label"),
        });
        let name = self.canaries.plant("the widget's name");
        let body = json!({ "name": name, "display": "floating", "settings": settings });
        let widget = text(&self.post("/v1/widgets", &body).await?, "id")?;
        self.keep(&widget);
        let host = origin.split("://").nth(1).context("an origin is http://host:port")?.to_owned();
        let path = format!("/v1/widgets/{widget}/domains");
        let secret = format!("{}.example.com", self.canaries.plant("a claimed domain"));
        let test = json!({ "host": host, "scope": "test", "method": "http" });
        self.post(&path, &test).await?;
        let claim = self.post(&path, &json!({ "host": secret, "scope": "host", "method": "dns" })).await?;
        self.keep(&text(&claim, "id")?);
        Ok((widget, origin))
    }

    /// Both visitors write; the team answers, notes, assigns and holds the first conversation. Gives it.
    async fn talk(&mut self, visitor: &Guest, neighbour: &Guest, owner: &str) -> Result<String> {
        let door = self.door;
        let body = json!({
            "client_id": "first",
            "body": self.canaries.plant("a visitor's words"),
            "context": { "title": self.canaries.plant("what a visitor looks at") },
        });
        let token = visitor.token(door).await?;
        let ask = Ask::new(Method::POST, "/widget/v1/conversations").with("origin", &door.origin).json(&body);
        let opened = door.must(&ask, Some(&token)).await?.json();
        *visitor.handle.lock().await = opened["handle"].as_str().map(str::to_owned);
        let conversation = text(&opened["conversation"], "id")?;
        let email = format!("{}@example.com", self.canaries.plant("a visitor's address"));
        let profile = json!({ "name": self.canaries.plant("a visitor's name"), "email": email });
        let ask = Ask::new(Method::PATCH, "/widget/v1/visitor").with("origin", &door.origin).json(&profile);
        door.must(&ask, Some(&token)).await?;
        let body = json!({ "client_id": "first", "body": "somebody else of the same shop" });
        let ask = Ask::new(Method::POST, "/widget/v1/conversations").with("origin", &door.origin).json(&body);
        door.must(&ask, Some(&neighbour.token(door).await?)).await?;
        self.keep(&conversation);
        let path = format!("/v1/conversations/{conversation}");
        let answer = json!({ "client_id": "answer", "body": self.canaries.plant("an answer") });
        let said = self.post(&format!("{path}/messages"), &answer).await?;
        self.keep(&text(&said["message"], "id")?);
        let words = self.canaries.plant("a note of the team");
        let note = json!({ "client_id": "note", "body": words, "visibility": "note" });
        self.post(&format!("{path}/messages"), &note).await?;
        self.post(&format!("{path}/assign"), &json!({ "agent_id": owner })).await?;
        let hold = json!({ "reason": self.canaries.plant("the reason of a legal hold") });
        self.send(Method::PUT, &format!("{path}/hold"), &hold).await?;
        let shown = self.get(&path).await?;
        self.keep(&text(&shown["conversation"]["contact"], "id")?);
        self.keep(owner);
        Ok(conversation)
    }

    /// What belongs to the tenant itself.
    async fn belongings(&mut self, side: &str) -> Result<()> {
        let name = self.canaries.plant("the name of a signing key");
        let key = self.post("/v1/identity-keys", &json!({ "name": name, "algorithm": "HS256" })).await?;
        self.keep(&inner_id(&key)?);
        let email = format!("{}@example.com", self.canaries.plant("the address of somebody invited"));
        let name = self.canaries.plant("the name of somebody invited");
        let body = json!({ "email": email, "role": "agent", "name": name });
        self.keep(&text(&self.post("/v1/invitations", &body).await?, "id")?);
        let days = if side == "A" { 83 } else { 61 };
        let retention = json!({ "files": { "website": days, "whatsapp": days + 1 } });
        self.send(Method::PUT, "/v1/retention", &retention).await?;
        let mut policy = self.get("/v1/file-policy").await?;
        let members = ["most", "max_bytes", "types", "legacy_office", "scan"];
        let mut kept: serde_json::Map<_, _> =
            members.iter().map(|name| ((*name).to_owned(), policy[*name].take())).collect();
        kept["most"] = if side == "A" { 7.into() } else { 6.into() };
        self.send(Method::PUT, "/v1/file-policy", &kept.into()).await?;
        Ok(())
    }

    /// A file in the conversation, ready to be had, and links to it.
    async fn files(&mut self, visitor: &Guest, conversation: &str) -> Result<Vec<String>> {
        let (name, inside) = (self.canaries.plant("the name of a file"), self.canaries.plant("the bytes of a file"));
        let ask = Ask::new(Method::POST, "/v1/files");
        let ask = ask.form(Some(("conversation_id", conversation)), &format!("{name}.txt"), inside.as_bytes());
        let file = text(&self.door.must(&ask, Some(&self.token)).await?.json()["file"], "id")?;
        self.keep(&file);
        let path = format!("/v1/conversations/{conversation}/messages");
        self.post(&path, &json!({ "client_id": "file", "file_ids": [file] })).await?;
        let name = self.canaries.plant("the name of a visitor's file");
        let ask = Ask::new(Method::POST, "/widget/v1/files").with("origin", &self.door.origin);
        let ask = ask.form(None, &format!("{name}.txt"), b"three lamps");
        let token = visitor.token(self.door).await?;
        let theirs = text(&self.door.must(&ask, Some(&token)).await?.json()["file"], "id")?;
        let body = json!({ "client_id": "file", "file_ids": [theirs] });
        let ask = Ask::new(Method::POST, format!("/widget{path}")).with("origin", &self.door.origin).json(&body);
        self.door.must(&ask, Some(&token)).await?;
        for (path, token) in [("/v1/files", &self.token), ("/widget/v1/files", &token)] {
            // files no message has taken yet
            let ask = Ask::new(Method::POST, path).with("origin", &self.door.origin).form(None, "loose.txt", b"a lamp");
            let loose = text(&self.door.must(&ask, Some(token)).await?.json()["file"], "id")?;
            self.ids.entry("fil".to_owned()).or_default().push(loose);
        }
        // what stands in front is what visitors may be asked for too
        self.ids.entry("fil".to_owned()).or_default().insert(0, theirs);
        let mut links = Vec::new();
        for _ in 0..2 {
            links.push(self.link(&file).await?);
        }
        Ok(links)
    }

    /// A link to a file, once it has been looked at.
    async fn link(&self, file: &str) -> Result<String> {
        let wanted = json!({ "items": [{ "id": file, "variant": "full" }] });
        for _ in 0..120 {
            let links = self.post("/v1/files/links", &wanted).await?;
            if let Some(url) = links["items"][0]["url"].as_str() {
                return Ok(url.rsplit("/f/").next().unwrap_or_default().to_owned());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        bail!("a file was not checked within half a minute: do workers run?")
    }

    /// Two more sessions of the owner: one that stays, and a token of one that was ended.
    async fn ended(&mut self, owner: &Person) -> Result<String> {
        let stays = owner.elsewhere(self.door).await?;
        let me = self.door.must(&Ask::get("/v1/me"), Some(&stays.token(self.door).await?)).await?.json();
        self.keep(&text(&me, "session_id")?);
        let goes = owner.elsewhere(self.door).await?.token(self.door).await?;
        self.door.must(&Ask::new(Method::DELETE, "/v1/sessions/current"), Some(&goes)).await?;
        Ok(goes)
    }

    /// A Meta app, and when there is an account, everything that comes with one.
    async fn whatsapp(&mut self, account: Option<&MetaAccount>, side: &str) -> Result<()> {
        let app = account.cloned().unwrap_or_else(|| MetaAccount::nobodys(side));
        let body = json!({
            "meta_app_id": app.meta_app_id,
            "name": self.canaries.plant("the name of a Meta app"),
            "secret": app.app_secret,
        });
        let made = text(&self.post("/v1/whatsapp/apps", &body).await?, "id")?;
        self.keep(&made);
        let Some(account) = account else { return Ok(()) };
        let body = json!({ "app_id": made, "waba_id": account.waba_id, "token": account.token });
        let connected = self.post("/v1/whatsapp/accounts", &body).await?;
        let id = text(&connected, "id")?;
        self.keep(&id);
        let numbers = self.get("/v1/whatsapp/numbers").await?;
        let number = &numbers["items"][0];
        self.keep(&text(number, "id")?);
        let name = self.canaries.plant("the name of somebody on WhatsApp");
        let words = self.canaries.plant("words that came by WhatsApp");
        let said = whatsapp::Said { name: &name, words: &words, number: &text(number, "phone_number_id")? };
        whatsapp::deliver(self.door, &made, account, &said).await?;
        let contact = self.wait_for(&format!("/v1/contacts?q={name}"), "/items/0/id").await?;
        let path = format!("/v1/conversations?contact={contact}");
        let conversation = self.wait_for(&path, "/items/0/id").await?;
        self.keep(&conversation);
        let delivery = self.get("/v1/whatsapp/deliveries").await?;
        let found = named_ids(&delivery.to_string()).into_iter().find(|(kind, _)| kind == "wdl");
        self.keep(&found.context("no delivery is listed")?.1);
        let template = self.wait_for("/v1/whatsapp/templates?status=APPROVED", "/items/0/id").await?;
        self.keep(&template);
        let kept = self.ids["con"][0].clone();
        let merge = self.post(&format!("/v1/contacts/{kept}/merge"), &json!({ "with": contact })).await?;
        self.keep(&inner_id(&merge)?);
        Ok(())
    }

    /// Asks until a member is there.
    async fn wait_for(&self, path: &str, pointer: &str) -> Result<String> {
        for _ in 0..120 {
            let body = self.get(path).await?;
            if let Some(found) = body.pointer(pointer).and_then(Value::as_str) {
                return Ok(found.to_owned());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        bail!("{path} stayed empty for half a minute")
    }
}

/// The id of an answer, or of the object inside it.
fn inner_id(answer: &Value) -> Result<String> {
    let inside = answer.as_object().and_then(|object| object.values().find(|one| one["id"].is_string()));
    text(inside.filter(|_| answer["id"].is_null()).unwrap_or(answer), "id")
}

/// Log-ins by role, checked.
pub async fn given_people(door: &Door, given: &GivenSide) -> Result<(Person, BTreeMap<&'static str, Arc<Person>>)> {
    let mut people = BTreeMap::new();
    for role in ROLES {
        if let Some(log_in) = given.people.get(role) {
            people.insert(role, Person::signs_in(door, &log_in.email, &log_in.password).await?);
        }
    }
    let owner = people.remove("owner").context("a given tenant needs its owner's log-in")?;
    Ok((owner, people.into_iter().map(|(role, person)| (role, Arc::new(person))).collect()))
}
