//! Looking into JSON of which nothing may be taken for granted: by name only, and what is of another type is missing.

use serde_json::Value;

static NOTHING: Value = Value::Null;

/// Members as what they should be, or nothing.
pub trait Look {
    /// A member, or `null`.
    fn at(&self, name: &str) -> &Value;
    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<&str>;
    /// A text, or a number as text: ids come as both.
    fn word(&self, name: &str) -> Option<String>;
    /// A whole number, or a text of one.
    fn number(&self, name: &str) -> Option<i64>;
    /// A fraction, or a text of one.
    fn fraction(&self, name: &str) -> Option<f64>;
    /// Whether it is `true`.
    fn is(&self, name: &str) -> bool;
    /// A list; anything else is an empty one.
    fn list(&self, name: &str) -> &[Value];
}

impl Look for Value {
    fn at(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&NOTHING)
    }
    fn text(&self, name: &str) -> Option<&str> {
        self.at(name).as_str().filter(|text| !text.is_empty())
    }
    fn word(&self, name: &str) -> Option<String> {
        match self.at(name) {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
    fn number(&self, name: &str) -> Option<i64> {
        match self.at(name) {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
    fn fraction(&self, name: &str) -> Option<f64> {
        match self.at(name) {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
    fn is(&self, name: &str) -> bool {
        self.at(name) == &Value::Bool(true)
    }
    fn list(&self, name: &str) -> &[Value] {
        self.at(name).as_array().map_or(&[], Vec::as_slice)
    }
}
