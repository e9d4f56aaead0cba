//! Two answers side by side: the one for something of A's and the one for something that never was.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Result;

use crate::document::Operation;
use crate::http::{Answer, Ask};
use crate::tally::Leak;
use crate::world::{Credential, World};

/// How often a difference is looked at again before it counts: B's own things change while it asks.
const LOOKS: u32 = 8;

/// What is asked twice.
pub struct Trial<'a> {
    /// The route.
    pub operation: &'a Operation,
    /// Who asks.
    pub who: Credential,
    /// Where what was put, for the report.
    pub tried: String,
    /// What of A's is named.
    pub theirs: &'a str,
    /// The same of nobody's.
    pub nobodys: &'a str,
    /// Whether the two answers must be equal byte for byte; else only what they show is looked at.
    pub strict: bool,
}

impl World {
    /// Asks for both and writes down what differs or shows.
    pub async fn judge(&self, trial: &Trial<'_>, ask: impl Fn(&str) -> Ask) -> Result<()> {
        let theirs = self.probe(trial, &ask(trial.theirs)).await?;
        if !trial.strict {
            return Ok(());
        }
        let nobodys = self.plain(trial, &ask(trial.nobodys)).await?;
        if alike(&theirs, trial.theirs, &nobodys, trial.nobodys) || self.both_taken(trial, &theirs, &nobodys) {
            return Ok(());
        }
        self.look_again(trial, &ask).await
    }

    /// Asks for something of A's, counts it, and looks for what must not be in the answer.
    pub async fn probe(&self, trial: &Trial<'_>, ask: &Ask) -> Result<Answer> {
        let answer = self.plain(trial, ask).await?;
        let route = trial.operation.name();
        self.tally.count(&route, &trial.who.word(), 1);
        for seen in self.a.hunted.seen(ask, &answer, trial.who.is_of_theirs()) {
            self.leak(trial, format!("{} with {seen}", answer.status));
        }
        if !trial.who.may(trial.operation.policy) && answer.status < 400 && trial.operation.policy.is_closed() {
            self.leak(trial, format!("{}: let in without the right credential", answer.status));
        }
        if answer.status >= 500 && answer.status != 503 {
            self.tally.note(format!("{route} answered {} to {}: {}", answer.status, trial.who.word(), trial.tried));
        }
        Ok(answer)
    }

    /// Whether something was written both times: what is new has an id and a time of its own, and told nothing apart.
    fn both_taken(&self, trial: &Trial<'_>, theirs: &Answer, nobodys: &Answer) -> bool {
        let writes = trial.operation.method != reqwest::Method::GET;
        let taken = writes && theirs.is_ok() && theirs.status == nobodys.status;
        if taken {
            let what = format!("{} took an id that never was ({})", trial.operation.name(), trial.tried);
            self.tally.note(format!("{what}: nothing is told by it, but the id is not looked up either"));
        }
        taken
    }

    async fn plain(&self, trial: &Trial<'_>, ask: &Ask) -> Result<Answer> {
        let token = self.token(trial.who).await?;
        self.door(trial.operation).ask(ask, token.as_deref()).await
    }

    /// A difference counts when it stays, and when two ids that never were do not differ as well.
    pub async fn look_again(&self, trial: &Trial<'_>, ask: &impl Fn(&str) -> Ask) -> Result<()> {
        self.tally.again();
        let (mut last, mut of_theirs, mut of_nobodys) = (None, HashSet::new(), HashSet::new());
        for look in 0..LOOKS {
            // in either order and at another moment: what the server remembers for two seconds may answer first
            let (first, second) =
                if look % 2 == 0 { (trial.theirs, trial.nobodys) } else { (trial.nobodys, trial.theirs) };
            let (first, second) = (self.plain(trial, &ask(first)).await?, self.plain(trial, &ask(second)).await?);
            let (theirs, nobodys) = if look % 2 == 0 { (first, second) } else { (second, first) };
            if alike(&theirs, trial.theirs, &nobodys, trial.nobodys) || self.both_taken(trial, &theirs, &nobodys) {
                return Ok(());
            }
            of_theirs.insert(print(&theirs, trial.theirs));
            of_nobodys.insert(print(&nobodys, trial.nobodys));
            last = Some((theirs, nobodys));
            tokio::time::sleep(Duration::from_millis(170 * u64::from(look))).await;
        }
        if !of_theirs.is_disjoint(&of_nobodys) {
            self.tally
                .note(format!("{} answers now one, now the other, whatever is asked for", trial.operation.name()));
            return Ok(());
        }
        let kind = trial.nobodys.get(..3).unwrap_or_default();
        let other = if trial.nobodys.contains('_') { self.never(kind) } else { trial.nobodys.to_owned() };
        let (first, second) = (ask(trial.nobodys), ask(&other));
        let (first, second) = (self.plain(trial, &first).await?, self.plain(trial, &second).await?);
        if !alike(&first, trial.nobodys, &second, &other) {
            let route = trial.operation.name();
            self.tally
                .note(format!("{route} never answers the same twice ({}); only leaks were looked for", trial.tried));
            return Ok(());
        }
        if let Some((theirs, nobodys)) = last {
            let seen = format!(
                "{} {} — something that never was gets {} {}",
                theirs.status,
                short(&theirs.text),
                nobodys.status,
                short(&nobodys.text)
            );
            self.leak(trial, seen);
        }
        Ok(())
    }

    /// Writes down what was seen where it should not be.
    pub fn found(&self, trial: &Trial<'_>, seen: String) {
        self.leak(trial, seen);
    }

    fn leak(&self, trial: &Trial<'_>, seen: String) {
        self.tally.leak(Leak {
            route: trial.operation.name(),
            credential: trial.who.word(),
            tried: trial.tried.clone(),
            seen,
        });
    }
}

/// Whether two answers are the same, apart from what was asked for and the request's own id.
pub fn alike(one: &Answer, said: &str, other: &Answer, also: &str) -> bool {
    print(one, said) == print(other, also)
}

/// Headers that differ from answer to answer by themselves.
const OWN: [&str; 7] =
    ["date", "x-request-id", "content-length", "connection", "retry-after", "traceparent", "set-cookie"];

/// What stays of an answer when the part that differs from request to request is taken out.
pub fn print(answer: &Answer, said: &str) -> String {
    let mut print = answer.status.to_string();
    for (name, value) in answer.headers.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        print.extend(["\n", name, ": ", value]);
    }
    print.push_str("\n\n");
    let mut text = if said.is_empty() { answer.text.clone() } else { answer.text.replace(said, "…") };
    for (mark, end) in [("\"request_id\":\"", '"'), ("\"position\":\"", '"')] {
        text = without(&text, mark, end);
    }
    print + &text
}

/// The text with what follows each mark, up to the end, replaced.
fn without(text: &str, mark: &str, end: char) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(mark);
        out.push('…');
        out.push_str(part.find(end).map_or("", |at| &part[at..]));
    }
    out
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(300).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, text: &str) -> Answer {
        let headers = vec![("x-request-id".to_owned(), text.len().to_string()), ("etag".to_owned(), "1".to_owned())];
        Answer { status, headers, text: text.to_owned(), took: Duration::ZERO }
    }

    #[test]
    fn only_the_requests_own_id_and_what_was_asked_for_may_differ() {
        let one = answer(404, r#"{"code":"not_found","request_id":"req_1"}"#);
        assert!(alike(&one, "", &answer(404, r#"{"code":"not_found","request_id":"req_22"}"#), ""));
        assert!(!alike(&one, "", &answer(403, r#"{"code":"not_found","request_id":"req_1"}"#), ""));
        assert!(!alike(&one, "", &answer(404, r#"{"code":"not_there","request_id":"req_1"}"#), ""));
        assert!(alike(&answer(400, "no cnv_1"), "cnv_1", &answer(400, "no cnv_2"), "cnv_2"));
        let mut other = one.clone();
        other.headers[1].1 = "2".to_owned();
        assert!(!alike(&one, "", &other, ""), "a header tells as well");
    }
}
