//! Everything a probe needs: the two listeners, the two tenants, the routes, and who may try to get in.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use crate::document::{self, Operation, Policy};
use crate::http::{Ask, Door};
use crate::people::text;
use crate::side::Side;
use crate::tally::Tally;

/// The whole stage.
pub struct World {
    /// The public listener.
    pub public: Door,
    /// The operators' one, when it is known.
    pub operator: Option<Door>,
    /// Platform staff's token, when there is one.
    pub staff: Option<Staff>,
    /// Whose things are looked for.
    pub a: Side,
    /// Who looks for them.
    pub b: Side,
    /// Every route.
    pub operations: Vec<Operation>,
    /// What was found.
    pub tally: Tally,
    /// Requests at once.
    pub at_once: usize,
    counter: AtomicU64,
}

/// An operator's log-in; their token is asked anew each time, which is seldom.
#[derive(Clone)]
pub struct Staff {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
}

impl Staff {
    /// Signs in.
    pub async fn token(&self, door: &Door) -> Result<String> {
        let body = serde_json::json!({ "email": self.email, "password": self.password });
        let ask = Ask::new(reqwest::Method::POST, "/operator/v1/sessions").json(&body);
        text(&door.must(&ask, None).await?.json(), "access_token")
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// One of B's people, by role.
    Person(&'static str),
    /// B's visitor.
    Visitor,
    /// Another visitor of A.
    Neighbour,
    /// Nobody.
    Nobody,
    /// A token of B's owner with A's ids written into it.
    Forged,
    /// The same that claims to need no signature.
    Unsigned,
    /// A token of A's owner whose session was ended.
    Ended,
}

impl Credential {
    /// All there are.
    pub const ALL: [Self; 11] = [
        Self::Person("owner"),
        Self::Person("admin"),
        Self::Person("supervisor"),
        Self::Person("agent"),
        Self::Person("viewer"),
        Self::Visitor,
        Self::Neighbour,
        Self::Nobody,
        Self::Forged,
        Self::Unsigned,
        Self::Ended,
    ];

    /// As the report says it.
    pub fn word(self) -> String {
        match self {
            Self::Person(role) => format!("B's {role}"),
            Self::Visitor => "B's visitor".to_owned(),
            Self::Neighbour => "another visitor of A".to_owned(),
            Self::Nobody => "nobody".to_owned(),
            Self::Forged => "forged token".to_owned(),
            Self::Unsigned => "unsigned token".to_owned(),
            Self::Ended => "ended session of A".to_owned(),
        }
    }

    /// Whether the document lets it call at all.
    pub const fn may(self, policy: Policy) -> bool {
        matches!((self, policy), (Self::Person(_), Policy::Agent) | (Self::Visitor | Self::Neighbour, Policy::Visitor))
    }

    /// Whether it sees what all of A's visitors see.
    pub const fn is_of_theirs(self) -> bool {
        matches!(self, Self::Neighbour)
    }
}

impl World {
    /// Puts it together.
    pub fn new(
        doors: (Door, Option<Door>),
        staff: Option<Staff>,
        sides: (Side, Side),
        operations: Vec<Operation>,
        at_once: usize,
    ) -> Self {
        let ((public, operator), (a, b)) = (doors, sides);
        let counter = AtomicU64::new(0);
        Self { public, operator, staff, a, b, operations, tally: Tally::default(), at_once, counter }
    }

    /// Where a route is asked.
    pub fn door(&self, operation: &Operation) -> &Door {
        match (&self.operator, operation.is_operators()) {
            (Some(door), true) => door,
            _ => &self.public,
        }
    }

    /// The credentials there are: a role nobody has is left out.
    pub fn credentials(&self) -> impl Iterator<Item = Credential> + '_ {
        let there = |one: &Credential| match one {
            Credential::Person(role) => self.b.people.contains_key(role),
            _ => true,
        };
        Credential::ALL.into_iter().filter(there)
    }

    /// Its token.
    pub async fn token(&self, who: Credential) -> Result<Option<String>> {
        let door = &self.public;
        Ok(match who {
            Credential::Person(role) => Some(self.b.people[role].token(door).await?),
            Credential::Visitor => Some(self.b.visitor.token(door).await?),
            Credential::Neighbour => Some(self.a.neighbour.token(door).await?),
            Credential::Nobody => None,
            Credential::Forged => Some(self.forged(&self.b.owner().token(door).await?, false)?),
            Credential::Unsigned => Some(self.forged(&self.b.owner().token(door).await?, true)?),
            Credential::Ended => Some(self.a.ended.clone()),
        })
    }

    /// A token with A's ids in place of B's; its signature no longer fits, or there is none.
    fn forged(&self, token: &str, is_unsigned: bool) -> Result<String> {
        let mut parts = token.split('.');
        let (head, claims, signature) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let mut text = String::from_utf8(BASE64URL_NOPAD.decode(claims.as_bytes())?)?;
        for (of_b, of_a) in [(&self.b.tenant, &self.a.tenant), (&self.b.owner().id, &self.a.owner().id)] {
            text = text.replace(of_b.as_str(), of_a);
        }
        let claims = BASE64URL_NOPAD.encode(text.as_bytes());
        if !is_unsigned {
            return Ok(format!("{head}.{claims}.{signature}"));
        }
        let mut header: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(head.as_bytes())?)?;
        header["alg"] = "none".into();
        Ok(format!("{}.{claims}.", BASE64URL_NOPAD.encode(header.to_string().as_bytes())))
    }

    /// A number never given before.
    pub fn next(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    /// An id of this kind that never was, made in the same millisecond as one of A's.
    pub fn never(&self, kind: &str) -> String {
        let like = self.a.id("ten").unwrap_or("ten_01890a5d3f2b7c4d8e9fa0b1c2d3e4f5");
        let n = self.next().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        format!("{kind}_{}7{:03x}8{:03x}{:012x}", &like[4..16], n & 0xfff, (n >> 12) & 0xfff, n >> 16)
    }

    /// A request to a route: `path` in its placeholder, and the body its schema would take with `side`'s ids in it.
    pub fn request(&self, operation: &Operation, path: &str, side: &Side) -> Ask {
        self.request_with(operation, path, side, &[])
    }

    /// The same with values at places of the body.
    pub fn request_with(&self, operation: &Operation, path: &str, side: &Side, at: &[(&str, Value)]) -> Ask {
        let mut ask = Ask::new(operation.method.clone(), operation.path_of(path));
        if operation.path.starts_with("/widget/") {
            ask = ask.with("origin", &self.public.origin);
        }
        if operation.is_form {
            let conversation = at.first().and_then(|(_, value)| value.as_str());
            return ask.form(conversation.map(|id| ("conversation_id", id)), "words.txt", b"words");
        }
        if operation.is_bytes {
            ask.path.push_str("?name=words.png");
            ask.body = Some(("application/octet-stream".to_owned(), b"words".to_vec()));
        }
        let Some(schema) = &operation.body else { return ask };
        let id_of = |kind: &str| side.id(kind).map_or_else(|| self.never(kind), str::to_owned);
        let mut body = document::example("", schema, &id_of);
        if body["client_id"].is_string() {
            body["client_id"] = format!("isolation-{}", self.next()).into();
        }
        for (place, value) in at {
            body = document::with(body, place, value.clone());
        }
        ask.json(&body)
    }
}
