//! The control plane, `/_sim/…`: JSON in, JSON out; what cannot be done is 422 with a sentence in `error`.

mod acts;
mod chat;
mod clock;
mod faults;
mod journal;
mod serve;
mod things;

pub(crate) use serve::serve;

use serde_json::{Value, json};

use crate::http::Answer;

/// 200 with the value, or 422 with the sentence.
pub(crate) fn told(done: Result<Value, String>) -> Answer {
    match done {
        Ok(value) => Answer::ok(&value),
        Err(why) => Answer::json(422, &json!({"error": why})),
    }
}
