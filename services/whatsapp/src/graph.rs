//! Asking Meta: one function per question, and refusals as something a person can act on.

use chat::Ctx;
use kernel::{Error, Kind, Secret};
use net::graph::{Answer, Call, Parcel, Silence, Way};
use serde_json::Value;

use crate::failure;
use crate::payload::{Look, Problem, problem};

/// Why a question has no answer.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Meta could not be reached, or did not answer in time.
    Away,
    /// Meta refused, and says why.
    Refused(Problem),
    /// What came back is nothing Meta says.
    Strange(u16),
}

/// What asking gives.
pub type Asked<T> = std::result::Result<T, Trouble>;

/// Somebody who asks, with their token.
pub struct Graph<'a> {
    ctx: &'a Ctx,
    token: Secret<String>,
}

impl<'a> Graph<'a> {
    /// Asks with this token.
    pub fn of(ctx: &'a Ctx, token: Secret<String>) -> Self {
        Self { ctx, token }
    }

    /// Asks as the app itself.
    pub fn of_app(ctx: &'a Ctx, meta_app_id: &str, secret: &Secret<String>) -> Self {
        Self::of(ctx, Secret::new(format!("{meta_app_id}|{}", secret.reveal())))
    }

    /// `GET`.
    pub async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Asked<Value> {
        self.call(Call { way: Way::Get, path, query, bearer: &self.token, body: None }).await
    }

    /// `POST`.
    pub async fn post(&self, path: &[&str], body: &Value) -> Asked<Value> {
        self.call(Call { way: Way::Post, path, query: &[], bearer: &self.token, body: Some(body) }).await
    }

    /// `POST`s what must not be done twice: whatever comes back, and whether anything left at all.
    pub async fn say(&self, path: &[&str], body: &Value) -> Result<Answer, Silence> {
        let call = Call { way: Way::Post, path, query: &[], bearer: &self.token, body: Some(body) };
        self.ctx.net.graph.call(&call).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &[&str], query: &[(&str, &str)]) -> Asked<Value> {
        self.call(Call { way: Way::Delete, path, query, bearer: &self.token, body: None }).await
    }

    /// `POST`s with nothing but a query.
    pub async fn begin(&self, path: &[&str], query: &[(&str, &str)]) -> Asked<Value> {
        self.call(Call { way: Way::Post, path, query, bearer: &self.token, body: None }).await
    }

    /// `POST`s a file.
    pub async fn send(&self, path: &[&str], query: &[(&str, &str)], parcel: Parcel<'_>) -> Asked<Value> {
        let call = Call { way: Way::Post, path, query, bearer: &self.token, body: None };
        judged(&call, self.ctx.net.graph.send(&call, parcel).await)
    }

    /// How much of a resumable upload has arrived.
    pub async fn offset(&self, path: &[&str], query: &[(&str, &str)]) -> Asked<Value> {
        let call = Call { way: Way::Get, path, query, bearer: &self.token, body: None };
        judged(&call, self.ctx.net.graph.offset(&call).await)
    }

    async fn call(&self, call: Call<'_>) -> Asked<Value> {
        judged(&call, self.ctx.net.graph.call(&call).await)
    }
}

/// What an answer says.
fn judged(call: &Call<'_>, said: Result<Answer, Silence>) -> Asked<Value> {
    let answer = said.map_err(|silence| match silence {
        Silence::Unreachable | Silence::Lost => Trouble::Away,
        Silence::TooLarge => Trouble::Strange(0),
    })?;
    // an error may come with any status, 200 included: the member says it
    if let Some(problem) = problem(answer.body.at("error")) {
        tracing::warn!(path = ?call.path, code = problem.code, trace = problem.trace, "Meta refused a call");
        return Err(Trouble::Refused(problem));
    }
    match answer.status {
        200..=299 if answer.body.is_object() => Ok(answer.body),
        500..=599 => Err(Trouble::Away),
        status => Err(Trouble::Strange(status)),
    }
}

impl Trouble {
    /// What happened, for people.
    pub fn words(&self) -> String {
        match self {
            Self::Away => "Meta could not be reached.".to_owned(),
            Self::Strange(status) => format!("Meta gave an answer that cannot be read (status {status})."),
            Self::Refused(problem) => {
                let verdict = failure::judge(problem);
                let details = problem.details.as_deref().unwrap_or_default();
                let words = match problem.code {
                    // what was wrong is in the details only
                    100 if problem.subcode != Some(33) => "Meta refused it.".to_owned(),
                    133_000..=136_999 => format!("{} {}", verdict.words, verdict.next),
                    _ => verdict.words.to_owned(),
                };
                format!("{words} Meta says: {details} (code {})", problem.code)
            }
        }
    }

    /// Whether Meta said no, and did not merely fail to answer.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match &trouble {
            Trouble::Away => {
                Error::unavailable("meta_unavailable", "Meta could not be reached. Try again in a moment.")
            }
            Trouble::Strange(_) => {
                Error::unavailable("meta_strange", "Meta gave an answer that cannot be read. Try again in a moment.")
            }
            Trouble::Refused(problem) => {
                let extra = serde_json::json!({ "meta": { "code": problem.code, "subcode": problem.subcode,
                    "details": problem.details, "trace": problem.trace } });
                Error::new(Kind::Conflict, "meta_refused", trouble.words()).with_extra(extra)
            }
        }
    }
}
