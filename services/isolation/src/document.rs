//! The server's own OpenAPI document as a list of things to try: a route is tried the day it is written, or named as
//! not covered.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// Who the document says may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// A tenant's people.
    Agent,
    /// A visitor.
    Visitor,
    /// Platform staff.
    Operator,
    /// Whoever has a cookie of a session.
    Cookie,
    /// Anybody.
    Anybody,
    /// Nothing is said.
    Unsaid,
}

impl Policy {
    fn of(operation: &Value) -> Self {
        let Some(first) = operation["security"].get(0).and_then(Value::as_object) else { return Self::Unsaid };
        match first.keys().next().map(String::as_str) {
            None => Self::Anybody,
            Some("agent") => Self::Agent,
            Some("visitor") => Self::Visitor,
            Some("operator") => Self::Operator,
            Some("agent_cookie" | "operator_cookie") => Self::Cookie,
            Some(_) => Self::Unsaid,
        }
    }

    /// Whether somebody needs a credential.
    pub const fn is_closed(self) -> bool {
        !matches!(self, Self::Anybody | Self::Unsaid)
    }

    /// As the report says it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agent => "people of a tenant",
            Self::Visitor => "visitor",
            Self::Operator => "operator",
            Self::Cookie => "cookie",
            Self::Anybody => "anybody",
            Self::Unsaid => "not said",
        }
    }
}

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// As in the document, with `{id}`.
    pub path: String,
    /// Who may call.
    pub policy: Policy,
    /// Schema of the JSON body, references resolved.
    pub body: Option<Value>,
    /// Whether the body is a form with a file.
    pub is_form: bool,
    /// Whether the body is bytes.
    pub is_bytes: bool,
    /// Names and schemas of query parameters.
    pub query: Vec<(String, Value)>,
}

impl Operation {
    /// Method and path.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it stands on the operators' listener.
    pub fn is_operators(&self) -> bool {
        self.path.starts_with("/operator/")
    }

    /// The kind of object the path names: `None` when it names none, `Some(None)` when nobody here knows the word.
    pub fn object(&self) -> Option<Option<&'static str>> {
        let (before, _) = self.path.split_once("/{")?;
        let word = before.rsplit('/').next().unwrap_or_default();
        Some(KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind))
    }

    /// The path with these words in the placeholders; what is left over is the number 1.
    pub fn path_of(&self, id: &str) -> String {
        let (mut path, mut word) = (self.path.clone(), id);
        while let Some((before, rest)) = path.split_once('{') {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            path = format!("{before}{word}{after}");
            word = "1";
        }
        path
    }

    /// Places in the body where the schema wants an id: pointer and kind.
    pub fn ids(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if let Some(schema) = &self.body {
            walk(schema, "", &mut |at, one| found.extend(prefix(one).map(|kind| (at.to_owned(), kind))));
        }
        found
    }

    /// All places of text in the body that are no ids.
    pub fn words(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(schema) = &self.body {
            walk(schema, "", &mut |at, one| {
                if kind(one) == "string" && prefix(one).is_none() && one["enum"].is_null() {
                    found.push(at.to_owned());
                }
            });
        }
        found
    }
}

/// What an id after a word of a path names. A word that is missing here is reported as not covered.
const KINDS: [(&str, &str); 20] = [
    ("conversations", "cnv"),
    ("widgets", "wgt"),
    ("frame", "wgt"),
    ("domains", "dom"),
    ("contacts", "con"),
    ("merges", "mrg"),
    ("agents", "agt"),
    ("invitations", "inv"),
    ("sessions", "ses"),
    ("identity-keys", "key"),
    ("tenants", "ten"),
    ("files", "fil"),
    ("f", "link"),
    ("apps", "wap"),
    ("whatsapp", "wap"),
    ("accounts", "wac"),
    ("numbers", "wan"),
    ("templates", "wtp"),
    ("deliveries", "wdl"),
    ("messages", "msg"),
];

/// All operations of a document.
pub fn operations(document: &Value) -> Result<Vec<Operation>> {
    let paths = document["paths"].as_object().context("the server's /openapi.json has no paths")?;
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(one) = one(document, path, method, operation) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

fn one(document: &Value, path: &str, method: &str, operation: &Value) -> Option<Operation> {
    if !matches!(method, "get" | "head" | "post" | "put" | "patch" | "delete" | "options") {
        return None;
    }
    let content = &operation["requestBody"]["content"];
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    Some(Operation {
        method: method.to_uppercase().parse().ok()?,
        path: path.to_owned(),
        policy: Policy::of(operation),
        body: content["application/json"].get("schema").map(|schema| resolved(document, schema, 0)),
        is_form: content["multipart/form-data"].is_object(),
        is_bytes: content["application/octet-stream"].is_object(),
        query: parameters
            .filter(|one| one["in"] == "query")
            .filter_map(|one| Some((one["name"].as_str()?.to_owned(), resolved(document, &one["schema"], 0))))
            .collect(),
    })
}

/// The schema with its references replaced by what they name, and `T or null` by `T`.
fn resolved(document: &Value, schema: &Value, depth: u8) -> Value {
    if depth > 12 {
        return Value::Null;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return resolved(document, &document["components"]["schemas"][name], depth + 1);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let choices = schema[choice].as_array().into_iter().flatten();
        if let Some(first) = choices.into_iter().find(|one| one["type"] != "null") {
            return resolved(document, first, depth + 1);
        }
    }
    let mut out = schema.clone();
    if let Some(properties) = schema["properties"].as_object() {
        let all: Map<_, _> =
            properties.iter().map(|(name, one)| (name.clone(), resolved(document, one, depth + 1))).collect();
        out["properties"] = all.into();
    }
    if schema["items"].is_object() {
        out["items"] = resolved(document, &schema["items"], depth + 1);
    }
    out
}

/// The schema's type; of `["string", "null"]`, the first.
pub fn kind(schema: &Value) -> &str {
    schema["type"].as_str().or_else(|| schema["type"].as_array()?.iter().find_map(Value::as_str)).unwrap_or_default()
}

/// The prefix of ids a schema wants.
pub fn prefix(schema: &Value) -> Option<String> {
    let (kind, _) = schema["pattern"].as_str()?.strip_prefix('^')?.split_once('_')?;
    (kind.len() == 3).then(|| kind.to_owned())
}

fn walk(schema: &Value, at: &str, found: &mut impl FnMut(&str, &Value)) {
    match kind(schema) {
        "array" => walk(&schema["items"], &format!("{at}/0"), found),
        "object" => {
            for (name, one) in schema["properties"].as_object().into_iter().flatten() {
                walk(one, &format!("{at}/{name}"), found);
            }
        }
        "string" => found(at, schema),
        _ => {}
    }
}

/// A body its schema would take; `id_of` gives ids of a kind.
pub fn example(name: &str, schema: &Value, id_of: &impl Fn(&str) -> String) -> Value {
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match kind(schema) {
        "string" => prefix(schema).map_or_else(|| words(name).to_owned(), |kind| id_of(&kind)).into(),
        "integer" | "number" => 1.into(),
        "boolean" => true.into(),
        "array" if schema["items"].is_object() && matches!(name, "ids" | "items") => {
            json!([example("", &schema["items"], id_of)])
        }
        "array" => json!([]),
        "object" => {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            // a message may be files alone, but not nothing
            let body = schema["properties"].get("body").filter(|one| kind(one) == "string").map(|_| "body");
            let members: Map<_, _> = needed
                .chain(body)
                .map(|name| (name.to_owned(), example(name, &schema["properties"][name], id_of)))
                .collect();
            members.into()
        }
        _ => Value::Null,
    }
}

fn words(name: &str) -> &'static str {
    match name {
        "email" | "owner_email" => "nobody@porchlight-isolation.example",
        "host" => "shop.porchlight-isolation.example.com",
        "algorithm" => "HS256",
        "password" | "new_password" | "current_password" => "no password of anybody",
        "parent_origin" => "http://localhost:4102",
        "url" => "http://localhost:4102/",
        "meta_app_id" | "waba_id" => "670843887433847",
        "secret" | "token" => "0123456789abcdef0123456789abcdef",
        "pin" | "code" => "123456",
        "phone" => "+491701234567",
        "emoji" => "👍",
        "color" => "#123456",
        "variant" => "full",
        "language" => "en_US",
        "category" => "UTILITY",
        "client_id" => "isolation",
        _ => "words",
    }
}

/// The body with a value at a place, making objects and lists on the way.
pub fn with(mut body: Value, place: &str, value: Value) -> Value {
    let mut here = &mut body;
    for name in place.split('/').skip(1) {
        if name == "0" {
            if here.as_array().is_none_or(Vec::is_empty) {
                *here = json!([null]);
            }
            here = &mut here[0];
        } else {
            if !here.is_object() {
                *here = json!({});
            }
            here = &mut here[name];
        }
    }
    *here = value;
    body
}
