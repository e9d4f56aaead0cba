//! Crates import what their row names and nothing else; slices import slices of a lower rank only.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::source;

/// What each crate of ours may import of ours.
const CRATES: [(&str, &[&str]); 16] = [
    ("kernel", &[]),
    ("store", &["kernel"]),
    ("bus", &["kernel"]),
    ("blobs", &["kernel"]),
    ("inspect", &["kernel"]),
    ("net", &["kernel"]),
    ("chat", &["kernel", "store", "blobs", "inspect", "net"]),
    ("whatsapp", &["kernel", "store", "net", "chat"]),
    ("realtime", &["kernel", "bus", "chat"]),
    ("api", &["kernel", "chat", "whatsapp", "realtime"]),
    ("migration", &[]),
    // the witness from outside: sharing code with the product, it would share its mistakes
    ("isolation", &[]),
    (
        "server",
        &[
            "kernel",
            "store",
            "bus",
            "blobs",
            "inspect",
            "net",
            "chat",
            "whatsapp",
            "realtime",
            "api",
            "isolation",
            "migration",
        ],
    ),
    (
        "tests",
        &[
            "kernel",
            "store",
            "blobs",
            "inspect",
            "net",
            "chat",
            "whatsapp",
            "server",
            "isolation",
            "migration",
            "graph-sim",
        ],
    ),
    ("xtask", &[]),
    // the look-alike of Meta: sharing code with the product, it would share its mistakes
    ("graph-sim", &[]),
];

/// Third-party weight and the only crates that may carry it.
const WEIGHT: [(&str, &[&str]); 22] = [
    ("sea-orm", &["kernel", "store", "chat", "whatsapp", "tests"]),
    ("sea-orm-migration", &["migration"]),
    // the witness looks at what PostgreSQL itself enforces
    ("sqlx", &["store", "isolation"]),
    // the load generator measures a bare echo beside the product
    ("actix-web", &["api", "server", "tests", "graph-sim"]),
    ("actix-ws", &["api"]),
    ("actix-multipart", &["api"]),
    // the witness asks as a browser does, not as the product
    ("reqwest", &["net", "isolation", "tests", "graph-sim"]),
    ("hickory-resolver", &["net"]),
    ("lettre", &["net"]),
    // the longest to build of all
    // the load generator measures the bare store beside the product
    ("aws-sdk-s3", &["blobs", "tests"]),
    ("aws-config", &["blobs"]),
    ("s3s", &["tests"]),
    ("s3s-fs", &["tests"]),
    // bytes of strangers are parsed in the bounded child only
    ("image", &["inspect", "tests"]),
    ("gif", &["inspect", "tests"]),
    ("zip", &["inspect", "tests"]),
    ("seccompiler", &["inspect"]),
    ("jsonwebtoken", &["chat", "server", "tests"]),
    ("argon2", &["chat"]),
    // tests spy on the broker and forge what it carries
    ("async-nats", &["bus", "tests"]),
    ("clap", &["server"]),
    ("tracing-subscriber", &["server"]),
];

/// The slices of `chat`, lowest first.
const SLICES: [&str; 7] = ["identity", "widgets", "domains", "contacts", "files", "inbox", "operator"];

#[test]
fn crates_import_only_what_their_row_names() {
    let actual = dependencies();
    let drawn: BTreeMap<_, _> = CRATES.iter().map(|(name, row)| (short(name), set(row))).collect();
    let names: BTreeSet<_> = drawn.keys().cloned().collect();
    assert_eq!(actual.keys().cloned().collect::<BTreeSet<_>>(), names, "the list of crates");
    for (name, imports) in &actual {
        let ours: BTreeSet<_> = imports.intersection(&names).cloned().collect();
        let new: Vec<_> = ours.difference(&drawn[name]).collect();
        assert!(new.is_empty(), "new arrows from {name} to {new:?}: each needs a decision record");
    }
}

#[test]
fn weight_is_carried_where_it_belongs() {
    let actual = dependencies();
    for (weight, may) in WEIGHT {
        let carried: BTreeSet<_> =
            actual.iter().filter(|(_, imports)| imports.contains(weight)).map(|(name, _)| name.clone()).collect();
        assert!(!carried.is_empty(), "nobody depends on {weight}: take the row out");
        let may = set(may);
        let new: Vec<_> = carried.difference(&may).collect();
        assert!(new.is_empty(), "{new:?} may not depend on {weight}");
    }
}

#[test]
fn slices_import_lower_ranks_only() {
    for (rank, slice) in SLICES.iter().enumerate() {
        for (file, text) in source::rust(&format!("services/chat/src/{slice}")) {
            for above in &SLICES[rank + 1..] {
                assert!(!names(&text, above), "{file} ({slice}) imports {above}, which stands above it");
            }
        }
    }
}

/// Whether the text goes to a slice by `crate::slice` or from a list `crate::{…, slice}`.
fn names(text: &str, slice: &str) -> bool {
    let lists = text.split("crate::{").skip(1).filter_map(|rest| rest.split("};").next());
    let mut words = lists.flat_map(|list| list.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    text.contains(&format!("crate::{slice}::"))
        || text.contains(&format!("crate::{slice};"))
        || words.any(|word| word == slice)
}

/// Every crate of the workspace with the names of all it depends on, ours without the brand.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(source::root());
    let out = metadata.output().expect("cargo metadata runs");
    let document: Value = serde_json::from_slice(&out.stdout).expect("cargo metadata prints JSON");
    let packages = document["packages"].as_array().expect("packages").iter();
    packages
        .map(|package| {
            let imports = package["dependencies"].as_array().expect("dependencies").iter();
            (short(word(&package["name"])), imports.map(|import| short(word(&import["name"]))).collect())
        })
        .collect()
}

fn word(value: &Value) -> &str {
    value.as_str().expect("a name")
}

fn short(package: &str) -> String {
    if package == "porchlight" { "server".to_owned() } else { package.trim_start_matches("porchlight-").to_owned() }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| short(name)).collect()
}
