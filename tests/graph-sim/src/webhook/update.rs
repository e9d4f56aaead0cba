//! One thing a business is told of, before it is put into an envelope.

use serde_json::Value;

/// A thing to tell.
#[derive(Clone, Debug)]
pub struct Update {
    /// The account it happened to.
    pub waba: String,
    /// The number it happened to; account-level fields have none.
    pub number: Option<String>,
    /// Subscription field.
    pub field: String,
    /// What it is.
    pub part: Part,
    /// Names of what is to go wrong with it on its way.
    pub marks: Vec<(String, Value)>,
}

/// The forms a thing has.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// An inbound message with its sender's card, if it has one.
    Message { contact: Option<Value>, message: Value },
    /// A state of an outbound message.
    Status { contact: Option<Value>, status: Value },
    /// Keys beside `metadata`: echoes, history, errors.
    Keys(Value),
    /// A whole `value`, without `metadata`: account-level fields and raw bodies.
    Whole(Value),
}

impl Update {
    /// A thing about a number.
    pub fn of(waba: &str, number: &str, field: &str, part: Part) -> Self {
        let number = Some(number.to_owned());
        Self { waba: waba.to_owned(), number, field: field.to_owned(), part, marks: Vec::new() }
    }

    /// A thing about an account.
    pub fn account(waba: &str, field: &str, value: Value) -> Self {
        let (waba, field) = (waba.to_owned(), field.to_owned());
        Self { waba, number: None, field, part: Part::Whole(value), marks: Vec::new() }
    }

    /// To go wrong in this way.
    pub fn marked(mut self, mark: &str, args: Value) -> Self {
        self.marks.push((mark.to_owned(), args));
        self
    }

    /// The arguments of a mark, if it bears it.
    pub fn mark(&self, mark: &str) -> Option<&Value> {
        self.marks.iter().find(|(name, _)| name == mark).map(|(_, args)| args)
    }

    /// The user it is about, as far as it says.
    pub fn person(&self) -> Option<&str> {
        match &self.part {
            Part::Message { message, .. } => message["from"].as_str().or_else(|| message["from_user_id"].as_str()),
            Part::Status { status, .. } => {
                status["recipient_id"].as_str().or_else(|| status["recipient_user_id"].as_str())
            }
            _ => None,
        }
    }
}
