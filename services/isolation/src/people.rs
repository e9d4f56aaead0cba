//! People and visitors of a tenant as the outside meets them: a name, a token that is renewed before it ends.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::http::{Answer, Ask, Door};

/// Tokens live ten minutes; they are renewed well before.
const FRESH: Duration = Duration::from_secs(7 * 60);

/// Every role, the mightiest first.
pub const ROLES: [&str; 5] = ["owner", "admin", "supervisor", "agent", "viewer"];

struct Held {
    token: String,
    cookie: String,
    since: Instant,
}

/// One of a tenant's people, signed in.
pub struct Person {
    /// Address to sign in with.
    pub email: String,
    /// `agt_…`
    pub id: String,
    /// `ten_…`
    pub tenant: String,
    password: String,
    held: Mutex<Held>,
}

impl Person {
    /// Signs in.
    pub async fn signs_in(door: &Door, email: &str, password: &str) -> Result<Self> {
        let ask =
            Ask::new(reqwest::Method::POST, "/v1/sessions").json(&json!({ "email": email, "password": password }));
        let answer = door.must(&ask, None).await.with_context(|| format!("{email} cannot sign in"))?;
        Self::of(email, password, &answer)
    }

    /// Follows an invitation.
    pub async fn accepts(door: &Door, token: &str, email: &str, name: &str, password: &str) -> Result<Self> {
        let body = json!({ "token": token, "email": email, "name": name, "password": password });
        let ask = Ask::new(reqwest::Method::POST, "/v1/invitations/accept").json(&body);
        Self::of(email, password, &door.must(&ask, None).await?)
    }

    fn of(email: &str, password: &str, answer: &Answer) -> Result<Self> {
        let body = answer.json();
        let held = Held {
            token: text(&body, "access_token")?,
            cookie: answer.cookie("porchlight_refresh").context("no refresh cookie")?,
            since: Instant::now(),
        };
        Ok(Self {
            email: email.to_owned(),
            id: text(&body["agent"], "id")?,
            tenant: text(&body["tenant"], "id")?,
            password: password.to_owned(),
            held: Mutex::new(held),
        })
    }

    /// A token that is good for some minutes.
    pub async fn token(&self, door: &Door) -> Result<String> {
        let mut held = self.held.lock().await;
        if held.since.elapsed() > FRESH {
            *held = self.renewed(door, &held.cookie).await?;
        }
        Ok(held.token.clone())
    }

    async fn renewed(&self, door: &Door, cookie: &str) -> Result<Held> {
        let ask = Ask::new(reqwest::Method::POST, "/v1/sessions/refresh")
            .with("cookie", cookie)
            .with("origin", &door.origin)
            .with("x-porchlight-csrf", "1");
        let answer = door.ask(&ask, None).await?;
        if !answer.is_ok() {
            let again = Box::pin(Self::signs_in(door, &self.email, &self.password)).await?;
            return Ok(again.held.into_inner());
        }
        let cookie = answer.cookie("porchlight_refresh").unwrap_or_else(|| cookie.to_owned());
        Ok(Held { token: text(&answer.json(), "access_token")?, cookie, since: Instant::now() })
    }

    /// The same person on another device: a second session.
    pub async fn elsewhere(&self, door: &Door) -> Result<Self> {
        Self::signs_in(door, &self.email, &self.password).await
    }
}

/// A visitor with the widget open.
pub struct Guest {
    /// `con_…`
    pub id: String,
    /// Where the stream stood when the session was made.
    pub position: String,
    /// By which a browser is recognised when it comes back; there once the visitor has written.
    pub handle: Mutex<Option<String>>,
    held: Mutex<(String, Instant)>,
}

impl Guest {
    /// What the loader asks from a page of `origin`.
    pub async fn bootstrap(door: &Door, widget: &str, origin: &str, page: &str) -> Result<Answer> {
        let page = json!({ "url": format!("{origin}/{page}"), "title": page });
        let ask = Ask::new(reqwest::Method::POST, "/widget/v1/bootstrap").with("origin", origin);
        door.ask(&ask.json(&json!({ "widget": widget, "page": page })), None).await
    }

    /// Swaps a ticket for a session.
    pub async fn session(door: &Door, ticket: &str, origin: &str, handle: Option<&str>) -> Result<Answer> {
        let body = json!({ "ticket": ticket, "parent_origin": origin, "handle": handle });
        let ask = Ask::new(reqwest::Method::POST, "/widget/v1/sessions").with("origin", &door.origin);
        door.ask(&ask.json(&body), None).await
    }

    /// The whole chain: the page asks for a ticket, the frame swaps it for a session.
    pub async fn arrives(door: &Door, widget: &str, origin: &str, page: &str) -> Result<Self> {
        let ticket = text(&Self::bootstrap(door, widget, origin, page).await?.json(), "ticket")
            .with_context(|| format!("the widget may not run on {origin}"))?;
        let body = Self::session(door, &ticket, origin, None).await?.json();
        Ok(Self {
            id: text(&body["visitor"], "id")?,
            position: text(&body, "position")?,
            handle: Mutex::new(None),
            held: Mutex::new((text(&body, "access_token")?, Instant::now())),
        })
    }

    /// A token that is good for some minutes.
    pub async fn token(&self, door: &Door) -> Result<String> {
        let mut held = self.held.lock().await;
        if held.1.elapsed() > FRESH {
            let ask = Ask::new(reqwest::Method::POST, "/widget/v1/sessions/refresh").with("origin", &door.origin);
            let body = door.must(&ask, Some(&held.0)).await?.json();
            *held = (text(&body, "access_token")?, Instant::now());
        }
        Ok(held.0.clone())
    }
}

/// A member that is text.
pub fn text(body: &Value, member: &str) -> Result<String> {
    body[member].as_str().map(str::to_owned).with_context(|| format!("no `{member}` in {body}"))
}
