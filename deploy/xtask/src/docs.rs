//! The documents that are made and not written: the API, the events, the list of error codes, and the types of both.

use std::fs;

use crate::{process, tree, web};

/// What the server prints, and where it goes.
const PRINTED: [(&str, &str); 2] = [("openapi", "docs/openapi.json"), ("events", "docs/events.schema.json")];

/// Writes all of them.
pub fn write() -> Result<(), String> {
    let root = tree::root();
    for (command, file) in PRINTED {
        let text = process::output(&root, &["cargo", "run", "--quiet", "--package", "porchlight", "--", command])?;
        fs::write(root.join(file), text).map_err(|error| format!("cannot write {file}: {error}"))?;
    }
    let codes = ["cargo", "test", "--quiet", "--package", "porchlight-tests", "--test", "house", "codes"];
    let mut blessing = process::command(&root, &codes);
    blessing.env("BLESS", "1");
    let done = blessing.status().map_err(|error| format!("cannot start cargo: {error}"))?;
    if !done.success() {
        return Err("docs/errors.md could not be written".to_owned());
    }
    web::need_node()?;
    web::write_types(&root)
}
