//! What Meta's answer to a sending means. Pure.

use net::graph::{Answer, Silence};

use crate::alias::Alias;
use crate::payload::{Look, Problem, problem};

/// What is known after a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Meta took it, and calls the person by these names.
    Taken { wamid: String, names: Vec<Alias> },
    /// Meta refused it, and says why.
    Refused(Problem),
    /// It was refused without a word; it did not get in.
    Strange(u16),
    /// Too much at once, without a word.
    Busy,
    /// Nothing left us.
    NotSent,
    /// It left us, and nobody knows whether it was taken.
    Unknown,
}

/// Reads an answer. Whatever may have been taken is never called refused.
pub fn answered(said: Result<Answer, Silence>) -> Answered {
    let Answer { status, body } = match said {
        Ok(answer) => answer,
        Err(Silence::Unreachable) => return Answered::NotSent,
        Err(Silence::Lost | Silence::TooLarge) => return Answered::Unknown,
    };
    // with any status, 200 included
    if let Some(problem) = problem(body.at("error")) {
        return Answered::Refused(problem);
    }
    match status {
        200..=299 => taken(&body).unwrap_or(Answered::Unknown),
        429 => Answered::Busy,
        // the server gave up waiting for us, or a redirect nobody follows
        408 | 300..=399 => Answered::Unknown,
        400..=499 => Answered::Strange(status),
        _ => Answered::Unknown,
    }
}

fn taken(body: &serde_json::Value) -> Option<Answered> {
    let wamid = body.list("messages").first()?.text("id")?.trim().to_owned();
    let contact = body.list("contacts").first();
    // an example of Meta's own has a space behind it
    let name = |member: &str| contact.and_then(|contact| contact.word(member)).and_then(|text| Alias::of(&text));
    Some(Answered::Taken { wamid, names: ["wa_id", "user_id"].into_iter().filter_map(name).collect() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(status: u16, body: Value) -> Answered {
        answered(Ok(Answer { status, body }))
    }

    #[test]
    fn what_may_have_been_taken_is_unknown_and_never_refused() {
        for (status, body) in
            [(500, Value::Null), (503, Value::Null), (200, Value::Null), (200, json!({})), (408, Value::Null)]
        {
            assert_eq!(of(status, body.clone()), Answered::Unknown, "{status} {body}");
        }
        assert_eq!(answered(Err(Silence::Lost)), Answered::Unknown);
        assert_eq!(answered(Err(Silence::TooLarge)), Answered::Unknown);
        assert_eq!(answered(Err(Silence::Unreachable)), Answered::NotSent);
    }

    #[test]
    fn an_error_is_an_error_whatever_the_status() {
        for status in [200, 400, 500] {
            let said = of(status, json!({ "error": { "code": 131_026, "message": "x" } }));
            assert!(matches!(said, Answered::Refused(Problem { code: 131_026, .. })), "{status}: {said:?}");
        }
        assert_eq!(of(429, Value::Null), Answered::Busy);
        assert_eq!(of(403, Value::Null), Answered::Strange(403));
    }

    #[test]
    fn names_are_taken_as_meta_spells_them() {
        let body = json!({ "contacts": [{ "input": "+5541998765432", "wa_id": "554198765432 ", "user_id": "BR.1" }],
            "messages": [{ "id": "wamid.X" }] });
        let names = vec![Alias::Wa("554198765432".into()), Alias::User("BR.1".into())];
        assert_eq!(of(200, body), Answered::Taken { wamid: "wamid.X".into(), names });
    }
}
