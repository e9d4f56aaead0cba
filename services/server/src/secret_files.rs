//! Secrets that stand in files of their own: `secret_file` beside `secret`, for Docker, Kubernetes and systemd.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use figment::value::{Dict, Value};

/// Keys that may be given as a file.
const KEYS: [(&str, &str); 11] = [
    ("auth", "secret"),
    ("auth", "vault"),
    ("auth", "old_secrets"),
    ("store", "url"),
    ("store", "owner_url"),
    ("store", "replica_url"),
    ("blobs", "url"),
    ("blobs", "access_key"),
    ("blobs", "secret_key"),
    ("mail", "url"),
    ("bus", "url"),
];
/// Of these, one in each line.
const LISTS: [&str; 2] = ["vault", "old_secrets"];

/// Puts what the files say in the place of the keys that name them; `defaults` tells what nobody has given.
pub fn read(all: &mut Dict, defaults: &Dict) -> Result<()> {
    for (section, key) in KEYS {
        let Some(Value::Dict(_, inside)) = all.get_mut(section) else { continue };
        let Some(path) = inside.remove(&format!("{key}_file")) else { continue };
        let path = path.as_str().with_context(|| format!("{section}.{key}_file must be a path"))?.to_owned();
        if path.is_empty() {
            continue;
        }
        let default = defaults.get(section).and_then(Value::as_dict).and_then(|inside| inside.get(key));
        if inside.get(key).map(plain) != default.map(plain) {
            bail!("{section}.{key} and {section}.{key}_file are both given: take one of them out");
        }
        let text = content(section, key, Path::new(&path))?;
        let value = if LISTS.contains(&key) {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect::<Vec<_>>().into()
        } else {
            Value::from(text)
        };
        inside.insert(key.to_owned(), value);
    }
    Ok(())
}

/// Without where it came from, which differs.
fn plain(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(_, all) => Some(all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()),
        value => value.as_str().map(|text| vec![text.to_owned()]),
    }
}

/// The file without the line break an editor leaves at its end.
fn content(section: &str, key: &str, path: &Path) -> Result<String> {
    let about = || format!("{section}.{key}_file: {} cannot be read", path.display());
    let text = fs::read_to_string(path).with_context(about)?;
    let mode = fs::metadata(path).with_context(about)?.permissions().mode();
    if mode & 0o004 != 0 {
        eprintln!("porchlight: warning: everybody on this machine may read {}: chmod 600", path.display());
    }
    let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        bail!("{section}.{key}_file: {} is empty", path.display());
    }
    Ok(text.to_owned())
}
