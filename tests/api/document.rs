//! The OpenAPI document as a list of things to try: new routes are tried the day they are written.

use reqwest::Method;
use serde_json::{Map, Value, json};

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// As in the document, with `{id}`.
    pub path: String,
    /// `agent`, `visitor`, `operator`, a cookie, or nobody.
    pub caller: Option<String>,
    /// Schema of the body, references resolved.
    pub body: Option<Value>,
    /// Names of query parameters.
    pub query: Vec<String>,
}

impl Operation {
    /// A body that would be accepted as far as its schema tells.
    pub fn example(&self) -> Option<Value> {
        self.body.as_ref().map(|schema| example("", schema))
    }

    /// The kind of object in the path, as its prefix; the word before the placeholder tells.
    pub fn object(&self) -> Option<&'static str> {
        let (before, _) = self.path.split_once("/{")?;
        Some(match before.rsplit('/').next().unwrap_or_default() {
            "conversations" => "cnv",
            "widgets" | "frame" => "wgt",
            "domains" => "dom",
            "contacts" => "con",
            "agents" => "agt",
            "invitations" => "inv",
            "sessions" => "ses",
            "identity-keys" => "key",
            "tenants" => "ten",
            "files" | "f" => "fil",
            "apps" | "whatsapp" => "wap",
            "accounts" => "wac",
            "numbers" => "wan",
            "templates" => "wtp",
            "deliveries" => "wdl",
            "merges" => "mrg",
            other => panic!("{}: say here what an id after {other} names", self.path),
        })
    }

    /// The path with an id in the placeholder.
    pub fn path_of(&self, id: &str) -> String {
        let (before, rest) = self.path.split_once('{').unwrap_or((&self.path, "}"));
        format!("{before}{id}{}", rest.split_once('}').map_or("", |(_, after)| after)).replace("/}", "/")
    }
}

/// All operations of a document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| of_path(document, path, item)).collect()
}

fn of_path(document: &Value, path: &str, item: &Value) -> Vec<Operation> {
    let operations = item.as_object().expect("operations").iter();
    operations
        .map(|(method, operation)| Operation {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.to_owned(),
            caller: operation["security"][0].as_object().and_then(|one| one.keys().next().cloned()),
            body: operation["requestBody"]["content"]["application/json"]
                .get("schema")
                .map(|schema| resolved(document, schema)),
            query: operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "query")
                .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                .collect(),
        })
        .collect()
}

/// The schema with its references replaced by what they name, and `T or null` by `T`.
fn resolved(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return resolved(document, &document["components"]["schemas"][name]);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let choices = schema[choice].as_array().into_iter().flatten();
        if let Some(first) = choices.into_iter().find(|one| one["type"] != "null") {
            return resolved(document, first);
        }
    }
    let mut out = schema.clone();
    if let Some(properties) = schema["properties"].as_object() {
        let resolved: Map<_, _> =
            properties.iter().map(|(name, one)| (name.clone(), resolved(document, one))).collect();
        out["properties"] = resolved.into();
    }
    if schema["items"].is_object() {
        out["items"] = resolved(document, &schema["items"]);
    }
    out
}

/// The schema's type; of `["string", "null"]`, the first.
pub fn kind(schema: &Value) -> &str {
    let word = schema["type"].as_str().or_else(|| schema["type"].as_array()?.iter().find_map(Value::as_str));
    word.unwrap_or_default()
}

fn example(name: &str, schema: &Value) -> Value {
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match kind(schema) {
        "string" => text(name, schema).into(),
        "integer" | "number" => 1.into(),
        "boolean" => true.into(),
        "array" => json!([]),
        "object" => {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            // a message may be files alone, but not nothing
            let words = schema["properties"].get("body").map(|_| "body");
            let members: Map<_, _> =
                needed.chain(words).map(|name| (name.to_owned(), example(name, &schema["properties"][name]))).collect();
            members.into()
        }
        _ => Value::Null,
    }
}

fn text(name: &str, schema: &Value) -> String {
    let prefix = schema["pattern"].as_str().and_then(|pattern| pattern.trim_start_matches('^').get(..4));
    match (name, prefix) {
        (_, Some(prefix)) if prefix.ends_with('_') => format!("{prefix}{}", "0".repeat(32)),
        ("email" | "owner_email", _) => "nobody@example.com".to_owned(),
        ("host", _) => "shop.example.com".to_owned(),
        ("role", _) => "agent".to_owned(),
        ("algorithm", _) => "HS256".to_owned(),
        ("password" | "new_password", _) => harness::PASSWORD.to_owned(),
        ("parent_origin", _) => "http://localhost:3000".to_owned(),
        ("meta_app_id" | "waba_id", _) => "670843887433847".to_owned(),
        ("secret" | "token", _) => "test_app_secret".to_owned(),
        ("pin", _) => "123456".to_owned(),
        ("color", _) => "#123456".to_owned(),
        ("client_id", _) => uuid::Uuid::new_v4().to_string(),
        _ => "words".to_owned(),
    }
}

/// Every place in a schema's bodies where a value of this type stands, as JSON pointers.
pub fn places(schema: &Value, wanted: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(schema, wanted, "", &mut found);
    found
}

fn collect(schema: &Value, wanted: &str, at: &str, found: &mut Vec<String>) {
    if kind(schema) == wanted {
        found.push(at.to_owned());
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(property, wanted, &format!("{at}/{name}"), found);
    }
}

/// The body with a value at a place, making the objects on the way.
pub fn with(mut body: Value, place: &str, value: Value) -> Value {
    let mut here = &mut body;
    for name in place.split('/').skip(1) {
        if !here.is_object() {
            *here = json!({});
        }
        here = &mut here[name];
    }
    *here = value;
    body
}
