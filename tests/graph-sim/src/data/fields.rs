//! `fields=` and cursors.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use crate::http::Call;

/// Only the fields that were asked for, and the id; all of `usual` when none were.
pub(super) fn picked(call: &Call, whole: &Value, usual: &[&str]) -> Value {
    let asked = call.get("fields").map(|fields| names(&fields));
    let mut wanted = asked.unwrap_or_else(|| usual.iter().map(|name| (*name).to_owned()).collect());
    wanted.push("id".to_owned());
    let found = wanted.into_iter().filter_map(|name| Some((name.clone(), whole.get(&name)?.clone())));
    Value::Object(found.collect::<Map<_, _>>())
}

/// `id,webhook_configuration{application}` without what is in braces.
fn names(fields: &str) -> Vec<String> {
    let mut depth = 0;
    let flat = fields.chars().filter(|letter| {
        depth += i32::from("{(".contains(*letter));
        let keep = depth == 0;
        depth -= i32::from("})".contains(*letter));
        keep
    });
    flat.collect::<String>()
        .split(',')
        .map(|name| name.split('.').next().unwrap_or_default().trim().to_owned())
        .collect()
}

/// A page of a list: `limit`, `after`, and the address of the next.
pub(super) fn page(call: &Call, base: &str, list: Vec<Value>) -> Value {
    let limit = call.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25usize).clamp(1, 1000);
    let start = call.get("after").and_then(|after| read(&after)).unwrap_or(0).min(list.len());
    let end = (start + limit).min(list.len());
    let (before, after) = (cursor(start), cursor(end));
    let mut paging = json!({"cursors": {"before": before, "after": after}});
    if end < list.len() {
        let version = call.version.clone().map(|version| format!("{version}/")).unwrap_or_default();
        paging["next"] = json!(format!("{base}/{version}{}?limit={limit}&after={after}", call.path.join("/")));
    }
    let total = list.len();
    let data = list.into_iter().skip(start).take(limit).collect::<Vec<_>>();
    if total == 0 { json!({"data": data}) } else { json!({"data": data, "paging": paging}) }
}

fn cursor(at: usize) -> String {
    BASE64URL_NOPAD.encode(format!("at:{at}").as_bytes())
}

fn read(cursor: &str) -> Option<usize> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    String::from_utf8(bytes).ok()?.strip_prefix("at:")?.parse().ok()
}
