//! One error for the whole product: a kind for the status, a stable code for programs, a sentence for people.

use std::borrow::Cow;
use std::fmt;

/// What sort of refusal it is; `api` maps it to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input cannot be accepted as it is.
    Invalid,
    /// Nobody is known to be asking.
    Unauthenticated,
    /// Somebody known who may not.
    Forbidden,
    /// Not there, or not yours: the same answer.
    NotFound,
    /// Against the present state.
    Conflict,
    /// Was there, is over.
    Gone,
    /// Bigger than may be.
    TooLarge,
    /// How long it is must be said beforehand.
    LengthRequired,
    /// Too much, too fast.
    Limited,
    /// A part we need is away; trying again helps.
    Unavailable,
    /// Our fault.
    Internal,
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name as the caller wrote it.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// A sentence the reader can act on.
    pub detail: Cow<'static, str>,
}

/// A refusal or a fault. `source` is logged where it is handled and never shown.
pub struct Error {
    kind: Kind,
    code: &'static str,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<u32>,
    extra: Option<Box<serde_json::Value>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The product's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with a code and a sentence.
    pub fn new(kind: Kind, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, code, detail: detail.into(), fields: Vec::new(), retry_after: None, extra: None, source: None }
    }

    /// Input that cannot be accepted.
    pub fn invalid(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, code, detail)
    }

    /// One field that cannot be accepted; the error's own code is `validation`.
    pub fn field(field: &'static str, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        let mut error = Self::new(Kind::Invalid, "validation", detail.clone());
        error.fields.push(FieldError { field, code, detail });
        error
    }

    /// The one answer for what is not there and for what is not yours.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not_found", "There is nothing here under this id.")
    }

    /// Nobody known is asking.
    pub fn unauthenticated(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unauthenticated, code, detail)
    }

    /// Somebody known may not do this.
    pub fn forbidden(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Forbidden, code, detail)
    }

    /// The present state speaks against it.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code, detail)
    }

    /// Too much; `retry_after` in seconds.
    pub fn limited(code: &'static str, detail: impl Into<Cow<'static, str>>, retry_after: u32) -> Self {
        Self { retry_after: Some(retry_after.max(1)), ..Self::new(Kind::Limited, code, detail) }
    }

    /// A part that is needed is away for now.
    pub fn unavailable(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { retry_after: Some(1), ..Self::new(Kind::Unavailable, code, detail) }
    }

    /// A fault of ours; the cause is logged, never shown.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let detail = "Something went wrong on our side. Trying again may help.";
        Self { source: Some(source.into()), ..Self::new(Kind::Internal, "internal", detail) }
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says after how many seconds trying again makes sense.
    #[must_use]
    pub fn retry_in(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// Adds members to the problem document (such as the tenants to choose from).
    #[must_use]
    pub fn with_extra(mut self, extra: serde_json::Value) -> Self {
        self.extra = Some(Box::new(extra));
        self
    }

    /// What sort of refusal.
    pub fn kind(&self) -> Kind {
        self.kind
    }
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
    /// The sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }
    /// Fields that were refused.
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }
    /// Seconds after which trying again makes sense.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }
    /// Further members of the problem document.
    pub fn extra(&self) -> Option<&serde_json::Value> {
        self.extra.as_deref()
    }
    /// The cause, for the log.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.source.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?}): {}", self.code, self.kind, self.detail)?;
        match &self.source {
            Some(source) => write!(f, " because {source}"),
            None => Ok(()),
        }
    }
}
impl std::error::Error for Error {}
