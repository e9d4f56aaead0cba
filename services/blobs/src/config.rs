//! The `[blobs]` section and what its address means.

use std::path::PathBuf;
use std::time::Duration;

use kernel::{Error, Kind, Result, Secret};
use serde::Deserialize;
use url::Url;

/// Where bytes are kept. Every key has a default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlobsConfig {
    /// `folder://path` or `s3://bucket/prefix?endpoint=…&region=…&style=path|virtual&checksums=on|off`.
    pub url: Secret<String>,
    /// Whether a folder is on a file system that all processes share; without that, one process is all there may be.
    pub shared: bool,
    /// Key of an S3 store; empty asks the machine for its own (environment, web identity, container, instance).
    pub access_key: Secret<String>,
    /// The secret that belongs to it.
    pub secret_key: Secret<String>,
    /// What an S3 store is asked to encrypt with: empty, `AES256`, `aws:kms` or `aws:kms:key`.
    pub encryption: String,
    /// Milliseconds for connecting with its TLS handshake.
    pub connect_ms: u64,
    /// Milliseconds one try may take until the store answers; a part of 5 MiB is sent within.
    pub try_ms: u64,
    /// Milliseconds for all tries of one request together.
    pub total_ms: u64,
    /// Milliseconds without a byte after which a transfer is broken off.
    pub stall_ms: u64,
    /// How often a request is tried.
    pub tries: u32,
}

impl Default for BlobsConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("folder://data/files".to_owned()),
            shared: false,
            access_key: Secret::new(String::new()),
            secret_key: Secret::new(String::new()),
            encryption: String::new(),
            connect_ms: 3_000,
            try_ms: 20_000,
            total_ms: 30_000,
            stall_ms: 10_000,
            tries: 3,
        }
    }
}

/// What the configuration names.
#[derive(Debug)]
pub(crate) enum Place {
    Folder(PathBuf),
    S3(Box<Bucket>),
}

/// A bucket and how to speak to it.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    /// Empty, or ends with a slash.
    pub(crate) prefix: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
    /// The bucket in the path rather than in the host name.
    pub(crate) in_path: bool,
    /// Whether the protocol's own checksums are used; stores that only resemble S3 often refuse them.
    pub(crate) checksums: bool,
    /// Key and secret; `None` asks the machine.
    pub(crate) keys: Option<(Secret<String>, Secret<String>)>,
    pub(crate) encryption: Encryption,
    pub(crate) pace: Pace,
}

/// What the store is asked to encrypt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Whatever the bucket is set to.
    Bucket,
    Aes256,
    Kms(Option<String>),
}

/// Time limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) connect: Duration,
    pub(crate) one_try: Duration,
    pub(crate) total: Duration,
    pub(crate) stall: Duration,
    pub(crate) tries: u32,
}

impl BlobsConfig {
    /// Reads the section. The text of an error names keys and never values: they may hold secrets.
    pub(crate) fn place(&self) -> Result<Place> {
        let url = self.url.reveal();
        match url.split_once("://") {
            Some(("folder", path)) => folder(path),
            Some(("s3", _)) => self.bucket(url).map(|bucket| Place::S3(Box::new(bucket))),
            _ => Err(wrong("blobs.url must start with folder:// or s3://")),
        }
    }

    fn bucket(&self, url: &str) -> Result<Bucket> {
        let url = Url::parse(url).map_err(|_| wrong("blobs.url cannot be read"))?;
        if !url.username().is_empty() || url.password().is_some() || url.port().is_some() || url.fragment().is_some() {
            return Err(wrong(
                "blobs.url: an s3:// address is s3://bucket/prefix?endpoint=…; keys belong in blobs.access_key",
            ));
        }
        let asked = Asked::read(&url)?;
        Ok(Bucket {
            name: bucket_name(&url)?,
            prefix: prefix(&url)?,
            in_path: asked.in_path.unwrap_or(asked.endpoint.is_some()),
            checksums: asked.checksums.unwrap_or(asked.endpoint.is_none()),
            endpoint: asked.endpoint,
            region: asked.region,
            keys: self.keys()?,
            encryption: self.encryption()?,
            pace: self.pace()?,
        })
    }

    fn keys(&self) -> Result<Option<(Secret<String>, Secret<String>)>> {
        match (self.access_key.reveal().is_empty(), self.secret_key.reveal().is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Ok(Some((self.access_key.clone(), self.secret_key.clone()))),
            _ => Err(wrong("blobs.access_key and blobs.secret_key are given together or not at all")),
        }
    }

    fn encryption(&self) -> Result<Encryption> {
        match self.encryption.as_str() {
            "" => Ok(Encryption::Bucket),
            "AES256" => Ok(Encryption::Aes256),
            "aws:kms" => Ok(Encryption::Kms(None)),
            other => match other.strip_prefix("aws:kms:") {
                Some(key) if !key.is_empty() => Ok(Encryption::Kms(Some(key.to_owned()))),
                _ => Err(wrong("blobs.encryption is one of AES256, aws:kms and aws:kms:<key>, or empty")),
            },
        }
    }

    fn pace(&self) -> Result<Pace> {
        let all = [self.connect_ms, self.try_ms, self.total_ms, self.stall_ms, self.tries.into()];
        if all.contains(&0) {
            return Err(wrong("blobs: times and tries are at least 1"));
        }
        Ok(Pace {
            connect: Duration::from_millis(self.connect_ms),
            one_try: Duration::from_millis(self.try_ms),
            total: Duration::from_millis(self.total_ms),
            stall: Duration::from_millis(self.stall_ms),
            tries: self.tries,
        })
    }
}

/// What stands behind the question mark.
#[derive(Default)]
struct Asked {
    endpoint: Option<String>,
    region: Option<String>,
    in_path: Option<bool>,
    checksums: Option<bool>,
}

impl Asked {
    fn read(url: &Url) -> Result<Self> {
        let mut asked = Self::default();
        for (key, value) in url.query_pairs() {
            match (&*key, &*value) {
                ("endpoint", address) => asked.endpoint = Some(endpoint(address)?),
                ("region", "") => {}
                ("region", region) => asked.region = Some(region.to_owned()),
                ("style", "path") => asked.in_path = Some(true),
                ("style", "virtual") => asked.in_path = Some(false),
                ("style", _) => return Err(wrong("blobs.url: style is path or virtual")),
                ("checksums", "on") => asked.checksums = Some(true),
                ("checksums", "off") => asked.checksums = Some(false),
                ("checksums", _) => return Err(wrong("blobs.url: checksums is on or off")),
                _ => return Err(wrong("blobs.url: only endpoint, region, style and checksums may follow the ?")),
            }
        }
        Ok(asked)
    }
}

fn folder(path: &str) -> Result<Place> {
    if path.trim_matches('/').is_empty() {
        return Err(wrong("blobs.url: folder:// needs a path, as in folder:///var/lib/porchlight/files"));
    }
    Ok(Place::Folder(path.into()))
}

fn endpoint(address: &str) -> Result<String> {
    let plain =
        |url: &Url| matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.query().is_none();
    match Url::parse(address) {
        Ok(url) if plain(&url) => Ok(address.trim_end_matches('/').to_owned()),
        _ => Err(wrong("blobs.url: endpoint is an address such as https://s3.example.com")),
    }
}

fn bucket_name(url: &Url) -> Result<String> {
    let name = url.host_str().unwrap_or_default();
    let fits = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'));
    if !fits || !(3..=63).contains(&name.len()) {
        return Err(wrong("blobs.url: a bucket has 3 to 63 lower-case letters, digits, dots and hyphens"));
    }
    Ok(name.to_owned())
}

/// Plain characters only: copies name their source in a header, where anything else is spelt by each store in its way.
fn prefix(url: &Url) -> Result<String> {
    let path = url.path().trim_matches('/');
    if !path.bytes().all(|b| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'/')) {
        return Err(wrong("blobs.url: a prefix is made of letters, digits, dots, hyphens, underscores and slashes"));
    }
    Ok(if path.is_empty() { String::new() } else { format!("{path}/") })
}

/// A configuration nobody can start with. Whoever starts the server reads it, no client.
fn wrong(what: &'static str) -> Error {
    Error::new(Kind::Invalid, "configuration", what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(url: &str) -> BlobsConfig {
        BlobsConfig { url: Secret::new(url.to_owned()), ..BlobsConfig::default() }
    }

    fn bucket(url: &str) -> Bucket {
        match with(url).place() {
            Ok(Place::S3(bucket)) => *bucket,
            other => panic!("{url} is {other:?}"),
        }
    }

    #[test]
    fn an_address_without_an_endpoint_is_amazon_and_with_one_a_store_like_it() {
        let theirs = bucket("s3://our-files/a/b/?region=eu-west-1");
        assert_eq!((theirs.name.as_str(), theirs.prefix.as_str()), ("our-files", "a/b/"));
        assert_eq!((theirs.endpoint, theirs.region.as_deref()), (None, Some("eu-west-1")));
        assert!(!theirs.in_path && theirs.checksums && theirs.keys.is_none());
        let ours = bucket("s3://our-files?endpoint=http://10.0.0.7:9000/");
        assert_eq!(ours.endpoint.as_deref(), Some("http://10.0.0.7:9000"));
        assert!(ours.in_path && !ours.checksums && ours.prefix.is_empty());
        assert!(!bucket("s3://our-files?endpoint=https://s3.example.com&style=virtual").in_path);
    }

    #[test]
    fn a_folder_may_be_relative() {
        let Ok(Place::Folder(path)) = with("folder://data/files").place() else { panic!("not a folder") };
        assert_eq!(path, PathBuf::from("data/files"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_its_secrets() {
        for bad in [
            "",
            "folder://",
            "folder:///",
            "file:///x",
            "s3://",
            "s3://UPPER",
            "s3://key:hunter2@bucket",
            "s3://bucket:9000",
            "s3://bucket/a%20b",
            "s3://bucket?secret=hunter2",
            "s3://bucket?style=sideways",
            "s3://bucket?checksums=maybe",
            "s3://bucket?endpoint=s3.example.com",
            "s3://bucket?endpoint=https://key:hunter2@s3.example.com",
        ] {
            let error = with(bad).place().expect_err(bad);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn half_a_key_unknown_encryption_and_no_time_are_refused() {
        let good = || with("s3://bucket");
        for bad in [
            BlobsConfig { access_key: Secret::new("key".into()), ..good() },
            BlobsConfig { encryption: "rot13".into(), ..good() },
            BlobsConfig { encryption: "aws:kms:".into(), ..good() },
            BlobsConfig { tries: 0, ..good() },
        ] {
            assert!(bad.place().is_err(), "{bad:?} was taken");
        }
        let kms = BlobsConfig { encryption: "aws:kms:alias/files".into(), ..good() };
        assert_eq!(kms.encryption().ok(), Some(Encryption::Kms(Some("alias/files".into()))));
    }
}
