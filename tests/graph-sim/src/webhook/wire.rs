//! The bytes: as Meta writes them, as plain UTF-8, or pretty; keys in an order of chance.

use serde_json::Value;

use crate::Dice;

/// Writes a document. `meta`: compact ASCII with `\u` in lower case and `\/`; `escaped`: the same with plain `/`;
/// `utf8`: compact UTF-8; `pretty`: indented UTF-8.
pub fn write(value: &Value, form: &str, mut order: Option<Dice>) -> Vec<u8> {
    let mut out = String::new();
    let pretty = (form == "pretty").then_some(0);
    put(&mut out, value, form, pretty, &mut order);
    out.into_bytes()
}

/// JSON text with everything outside ASCII escaped, as Messenger's documents describe the signed form.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() { out.push(letter) } else { units(&mut out, letter) }
    }
    out
}

fn put(out: &mut String, value: &Value, form: &str, depth: Option<usize>, order: &mut Option<Dice>) {
    match value {
        Value::String(text) => quoted(out, text, form),
        Value::Array(list) => {
            let items: Vec<_> = list.iter().map(|item| (None, item)).collect();
            group(out, ('[', ']'), &items, form, depth, order);
        }
        Value::Object(map) => {
            let mut items: Vec<_> = map.iter().map(|(key, item)| (Some(key.as_str()), item)).collect();
            if let Some(dice) = order {
                dice.shuffle(&mut items);
            }
            group(out, ('{', '}'), &items, form, depth, order);
        }
        plain => out.push_str(&plain.to_string()),
    }
}

type Item<'a> = (Option<&'a str>, &'a Value);

fn group(
    out: &mut String,
    marks: (char, char),
    items: &[Item],
    form: &str,
    depth: Option<usize>,
    order: &mut Option<Dice>,
) {
    out.push(marks.0);
    for (at, (key, item)) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        line(out, depth.map(|depth| depth + 1));
        if let Some(key) = key {
            quoted(out, key, form);
            out.push_str(if depth.is_some() { ": " } else { ":" });
        }
        put(out, item, form, depth.map(|depth| depth + 1), order);
    }
    if !items.is_empty() {
        line(out, depth);
    }
    out.push(marks.1);
}

fn line(out: &mut String, depth: Option<usize>) {
    if let Some(depth) = depth {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
}

fn quoted(out: &mut String, text: &str, form: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '/' if form == "meta" => out.push_str("\\/"),
            letter if letter < ' ' => units(out, letter),
            letter if !letter.is_ascii() && matches!(form, "meta" | "escaped") => units(out, letter),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

fn units(out: &mut String, letter: char) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}
