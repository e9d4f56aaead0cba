//! The tenant's people and the platform's, as tests speak of them. Addresses of the API are spelled here and in
//! `visitor.rs`, nowhere else.

use chat::identity::{NewAgent, create_agent_directly};
use chat::operator::{By, create_tenant};
use kernel::{Role, Secret};
use serde_json::{Value, json};

use crate::{Answer, Doors, Http, Live, Mail, TestApp, Visitor};

/// What everybody's password is.
pub const PASSWORD: &str = "correct horse battery staple";

/// A business with its owner signed in.
pub struct Tenant {
    /// `ten_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// The owner.
    pub owner: Agent,
}

/// A widget and the origin it may run on.
#[derive(Clone, Debug)]
pub struct Widget {
    /// `wgt_…`
    pub id: String,
    /// An origin that is verified for it.
    pub origin: String,
}

/// One of a tenant's people, signed in.
pub struct Agent {
    /// `agt_…`
    pub id: String,
    /// Where letters reach them.
    pub email: String,
    /// Their requests, with the access token.
    pub http: Http,
    /// The cookie that renews it.
    pub cookie: String,
    /// The session's id, as `GET /v1/me` gives it.
    pub session: String,
    /// The conversation on their screen.
    pub conversation: Option<String>,
    live: Option<Live>,
    origin: String,
}

/// Staff of the platform, signed in.
#[derive(Clone)]
pub struct Operator {
    /// Their requests, to the operators' listener.
    pub http: Http,
    /// The cookie that renews the session.
    pub cookie: String,
}

impl Operator {
    /// Signs in.
    pub async fn signs_in(doors: &Doors, email: &str, password: &str) -> Self {
        let http = doors.operator_http();
        let answer = http.post("/operator/v1/sessions", json!({ "email": email, "password": password })).await;
        let cookie = answer.cookie("operator_refresh").expect("a refresh cookie");
        let token = answer.ok()["access_token"].as_str().expect("a token").to_owned();
        Self { http: http.bearing(&token), cookie }
    }

    /// Makes a tenant; the owner gets a letter. Gives the tenant's id.
    pub async fn creates_tenant(&self, name: &str, owner_email: &str) -> String {
        let body = json!({ "name": name, "owner_email": owner_email });
        text(&self.http.post("/operator/v1/tenants", body).await.is(201), "id")
    }

    /// Turns a tenant off.
    pub async fn suspends(&self, tenant: &str) {
        self.http.post(&format!("/operator/v1/tenants/{tenant}/suspend"), json!({ "reason": "a test" })).await.ok();
    }

    /// Turns a tenant on again.
    pub async fn resumes(&self, tenant: &str) {
        self.http.post(&format!("/operator/v1/tenants/{tenant}/resume"), json!({})).await.ok();
    }
}

impl Tenant {
    /// Founded by the platform; the owner follows the link in the letter.
    pub async fn begins(app: &TestApp, name: &str) -> Self {
        let email = owner_address(name);
        let made = create_tenant(app.ctx(), By::CommandLine, name, &email).await.expect("a tenant");
        let owner = Agent::accepts(app, &app.letter_to(&email).await, "Olga Owner").await;
        Self { id: made.id.to_string(), name: name.to_owned(), owner }
    }

    /// Invites somebody in this role and lets them accept.
    pub async fn invites(&self, app: &TestApp, name: &str, role: &str) -> Agent {
        let host = self.owner.email.split('@').nth(1).expect("a host");
        let email = format!("{}@{host}", name.to_lowercase().replace(' ', "."));
        let body = json!({ "email": email, "role": role, "name": name });
        self.owner.http.post("/v1/invitations", body).await.is(201);
        Agent::accepts(app, &app.letter_to(&email).await, name).await
    }

    /// A floating widget that may run on `origin`, which must be a loopback name such as `http://localhost:3000`.
    pub async fn has_widget(&self, origin: &str) -> Widget {
        let body = json!({ "name": "Shop", "display": "floating" });
        let id = text(&self.owner.http.post("/v1/widgets", body).await.is(201), "id");
        self.allows(&id, origin).await;
        Widget { id, origin: origin.to_owned() }
    }

    /// Lets a widget run on one more loopback origin. Gives the claim's id.
    pub async fn allows(&self, widget: &str, origin: &str) -> String {
        let host = origin.split("://").nth(1).expect("an origin");
        let body = json!({ "host": host, "scope": "test", "method": "http" });
        text(&self.owner.http.post(&format!("/v1/widgets/{widget}/domains"), body).await.is(201), "id")
    }
}

/// A tenant with an owner who has the password everybody has, for servers whose letters nobody reads. Gives the owner's
/// address.
pub async fn found(ctx: &chat::Ctx, name: &str) -> String {
    let email = owner_address(name);
    let made = create_tenant(ctx, By::CommandLine, name, &email).await.expect("a tenant");
    let (name, password) = ("Olga Owner".to_owned(), Secret::new(PASSWORD.to_owned()));
    let owner = NewAgent { email: email.clone(), name, role: Role::Owner, password };
    create_agent_directly(ctx, made.id, owner).await.expect("an owner");
    email
}

fn owner_address(tenant: &str) -> String {
    let host = tenant.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    format!("owner@{host}.example.com")
}

impl Agent {
    /// Follows the link in an invitation.
    pub async fn accepts(app: &TestApp, letter: &Mail, name: &str) -> Self {
        let body =
            json!({ "token": letter.invitation_token(), "email": letter.to, "name": name, "password": PASSWORD });
        let answer = app.http().post("/v1/invitations/accept", body).await;
        Self::of(app.doors(), &letter.to, answer).await
    }

    /// Signs in with the password everybody has.
    pub async fn signs_in(doors: &Doors, email: &str) -> Self {
        let answer = doors.http().post("/v1/sessions", json!({ "email": email, "password": PASSWORD })).await;
        Self::of(doors, email, answer).await
    }

    async fn of(doors: &Doors, email: &str, answer: Answer) -> Self {
        let cookie =
            answer.cookie("refresh").unwrap_or_else(|| panic!("no refresh cookie: {} {}", answer.status, answer.text));
        let body = answer.is(201);
        let http = doors.http().bearing(body["access_token"].as_str().expect("a token"));
        let session = text(&http.get("/v1/me").await.ok(), "session_id");
        let (id, email) = (text(&body["agent"], "id"), email.to_owned());
        Self { id, email, http, cookie, session, conversation: None, live: None, origin: doors.public_url.clone() }
    }

    /// Renews the session as a browser does.
    pub async fn refreshes(&self) -> Answer {
        let http = self.http.without("authorization").with("cookie", &self.cookie).with("origin", &self.origin);
        http.with("x-porchlight-csrf", "1").post("/v1/sessions/refresh", json!({})).await
    }

    /// Looks at the open conversations and listens from exactly there. Gives the list.
    pub async fn opens_inbox(&mut self) -> Value {
        let list = self.http.get("/v1/conversations").await.ok();
        let after = list["position"].as_str().expect("a position").to_owned();
        self.listens(Some(&after)).await;
        list
    }

    /// Opens a socket after a position. Gives the welcome.
    pub async fn listens(&mut self, after: Option<&str>) -> Value {
        let token = self.http.token().expect("signed in").to_owned();
        let (live, welcome) = Live::hello(self.http.base(), "/v1/live", &self.origin, &token, after).await;
        self.live = Some(live);
        welcome
    }

    /// The socket, once it is open.
    pub fn live(&mut self) -> &mut Live {
        self.live.as_mut().expect("opens_inbox comes first")
    }

    /// Puts a conversation on the screen.
    pub fn opens(&mut self, conversation: &str) {
        self.conversation = Some(conversation.to_owned());
    }

    /// Waits until the socket tells of a message with these words; puts its conversation on the screen. Gives the event.
    pub async fn sees(&mut self, words: &str) -> Value {
        let event =
            self.live().expect(|frame| frame["type"] == "message_posted" && frame["message"]["body"] == words).await;
        self.conversation = Some(text(&event, "conversation_id"));
        event
    }

    /// Answers in the conversation on the screen. Gives the message.
    pub async fn says(&self, words: &str) -> Value {
        let body = json!({ "client_id": client_id(), "body": words });
        self.posts(body).await.is(201)["message"].clone()
    }

    /// Posts whatever body to the conversation on the screen.
    pub async fn posts(&self, body: Value) -> Answer {
        let conversation = self.conversation.as_ref().expect("a conversation on the screen");
        self.http.post(&format!("/v1/conversations/{conversation}/messages"), body).await
    }

    /// The messages of a conversation, oldest first.
    pub async fn reads(&self, conversation: &str) -> Vec<Value> {
        all_messages(&self.http, &format!("/v1/conversations/{conversation}/messages")).await
    }

    /// Answers a visitor who wrote first.
    pub async fn answers(&mut self, visitor: &Visitor, words: &str) -> Value {
        self.conversation = Some(visitor.conversation().to_owned());
        self.says(words).await
    }
}

/// Every message behind a path, page by page.
pub(crate) async fn all_messages(http: &Http, path: &str) -> Vec<Value> {
    let mut messages = Vec::new();
    let mut after = 0;
    loop {
        let page = http.get(&format!("{path}?after_seq={after}&limit=100")).await.ok();
        let items = page["items"].as_array().expect("items").clone();
        messages.extend(items);
        if page["has_more"] != true {
            return messages;
        }
        after = messages.last().and_then(|message| message["seq"].as_i64()).expect("a seq");
    }
}

/// A fresh client id.
pub fn client_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A member that is text.
#[track_caller]
pub(crate) fn text(body: &Value, member: &str) -> String {
    body[member].as_str().unwrap_or_else(|| panic!("no {member} in {body}")).to_owned()
}
