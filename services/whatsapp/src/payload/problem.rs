//! What Meta says went wrong, wherever it says so.

use serde_json::Value;

use super::look::Look;

/// One problem. Only the code is to be relied on; the words are for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Meta's number.
    pub code: i64,
    /// More exactly, for a few codes.
    pub subcode: Option<i64>,
    /// What it is called.
    pub title: Option<String>,
    /// What can be said about this very case.
    pub details: Option<String>,
    /// Meta's mark of the call, for their support.
    pub trace: Option<String>,
}

/// Reads one problem; `details` may be a member, a text, or missing.
pub fn problem(item: &Value) -> Option<Problem> {
    let data = item.at("error_data");
    let details = data.word("details").or_else(|| data.as_str().map(str::to_owned)).or_else(|| item.word("details"));
    Some(Problem {
        code: item.number("code")?,
        subcode: item.number("error_subcode"),
        title: item.word("title").or_else(|| item.word("error_user_title")),
        details: details.or_else(|| item.word("message")),
        trace: item.word("fbtrace_id"),
    })
}

/// Reads a list of problems, or a single one.
pub fn problems(value: &Value) -> Vec<Problem> {
    match value {
        Value::Array(items) => items.iter().filter_map(problem).collect(),
        Value::Object(_) => problem(value).into_iter().collect(),
        _ => Vec::new(),
    }
}
