//! What Meta tells about templates. Older news change nothing; what is not told here is asked for.

use std::time::Duration;

use chat::Ctx;
use kernel::Result;
use serde_json::{Map, Value, json};
use store::Unit;

use super::sync;
use crate::keep;
use crate::payload::TemplateName;
use crate::receive::Became;
use crate::tables::{account, template};

/// Ordinary news are compared with the list a little later, many at once.
const LATER: Duration = Duration::from_secs(60);

/// One piece of news.
pub(crate) enum Told {
    /// Approved, rejected, paused …, and why.
    Status(String, Option<String>),
    /// Its standing.
    Quality(String),
    /// Meta thinks it is of another category.
    Category(String),
    /// Its parts were changed elsewhere.
    Parts,
}

impl Told {
    fn kind(&self) -> (&'static str, &str) {
        match self {
            Self::Status(status, _) => ("status", status),
            Self::Quality(quality) => ("quality", quality),
            Self::Category(category) => ("category", category),
            Self::Parts => ("parts", ""),
        }
    }
}

/// Applies news to the template they name; of one that is not known yet the list is asked for at once.
pub(crate) async fn apply(
    ctx: &Ctx,
    unit: &mut Unit,
    of: &account::Model,
    name: &TemplateName,
    told: Told,
    at: i64,
) -> Result<Became> {
    let now = ctx.clock().now();
    let known = template::same(unit.conn(), of.id, &name.name, &name.language).await?;
    let Some(mut row) = known else {
        sync::plan(unit, of, now);
        return Ok(Became::Done);
    };
    // a template that was deleted and made anew under the same name has another id
    let is_other = name.id.is_some() && row.meta_id.is_some() && name.id != row.meta_id;
    let (kind, word) = told.kind();
    if is_other || !is_new(&mut row.news, kind, at, word) {
        sync::plan(unit, of, now.plus(LATER));
        return Ok(Became::Ignored("older_than_known"));
    }
    let at_once = matches!(told, Told::Parts);
    match told {
        Told::Status(status, reason) => set_status(&mut row, &status, reason),
        Told::Quality(quality) => row.quality = Some(quality).filter(|word| word != "UNKNOWN"),
        Told::Category(category) => row.category = category,
        Told::Parts => (),
    }
    row.meta_id = row.meta_id.or_else(|| name.id.clone());
    row.updated_at = now;
    keep::template(unit, &row).await?;
    sync::plan(unit, of, if at_once { now } else { now.plus(LATER) });
    Ok(Became::Done)
}

/// Events and states have the same words, with four exceptions.
fn set_status(row: &mut template::Model, event: &str, reason: Option<String>) {
    row.status = match event {
        "REINSTATED" | "UNARCHIVED" => "APPROVED",
        // a warning: it is still sent
        "FLAGGED" => row.status.as_str(),
        other => other,
    }
    .to_owned();
    row.reason = match event {
        "FLAGGED" => reason.or_else(|| Some("FLAGGED".to_owned())),
        _ => reason,
    };
}

/// Whether news of this kind say something new; remembers them if so. Two in one second differ by what they say.
fn is_new(known: &mut String, kind: &str, at: i64, word: &str) -> bool {
    let mut times: Map<String, Value> = serde_json::from_str(known).unwrap_or_default();
    let last = times.get(kind);
    let before = last.and_then(|last| last["at"].as_i64()).unwrap_or(i64::MIN);
    if at < before || (at == before && last.is_some_and(|last| last["word"] == word)) {
        return false;
    }
    times.insert(kind.to_owned(), json!({ "at": at, "word": word }));
    *known = Value::Object(times).to_string();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_applied_once_and_never_backwards() {
        let mut known = "{}".to_owned();
        assert!(is_new(&mut known, "status", 10, "APPROVED"));
        assert!(!is_new(&mut known, "status", 10, "APPROVED"), "the same again");
        assert!(is_new(&mut known, "status", 10, "PAUSED"), "in the same second");
        assert!(!is_new(&mut known, "status", 9, "DISABLED"), "an older one");
        assert!(is_new(&mut known, "quality", 3, "RED"), "another kind");
    }
}
