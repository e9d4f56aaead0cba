//! An S3 store in a process of its own: what it costs is not what the generator or the server costs.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use harness::fakes::S3;

/// How long a signed address lives.
const HOUR: Duration = Duration::from_secs(3_600);

/// The store; it ends, and takes its folder along, when its input ends, which it does with us.
pub struct Bucket {
    child: Child,
    input: Option<ChildStdin>,
    url: String,
    access_key: String,
    secret_key: String,
}

impl Bucket {
    pub fn start() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg("bucket").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let mut line = || anyhow::Ok(lines.next().context("the store said nothing")??);
        let (url, access_key, secret_key) = (line()?, line()?, line()?);
        Ok(Self { input: child.stdin.take(), child, url, access_key, secret_key })
    }

    /// What the server is told.
    pub fn settings(&self) -> [(&'static str, String); 3] {
        [
            ("BLOBS__URL", self.url.clone()),
            ("BLOBS__ACCESS_KEY", self.access_key.clone()),
            ("BLOBS__SECRET_KEY", self.secret_key.clone()),
        ]
    }

    /// Addresses under which anybody may put and get an object of this name.
    pub async fn signed(&self, name: &str) -> Result<(String, String)> {
        let url = url::Url::parse(&self.url)?;
        let endpoint = url.query_pairs().find(|(key, _)| key == "endpoint").context("an endpoint")?.1.into_owned();
        let keys = Credentials::new(&self.access_key, &self.secret_key, None, None, "load");
        let config = aws_sdk_s3::Config::builder().behavior_version(BehaviorVersion::latest()).force_path_style(true);
        let config = config.endpoint_url(endpoint).region(Region::new("eu-test-1")).credentials_provider(keys);
        let client = aws_sdk_s3::Client::from_conf(config.build());
        let bucket = url.host_str().context("a bucket")?;
        let lives = || PresigningConfig::expires_in(HOUR);
        let put = client.put_object().bucket(bucket).key(name).presigned(lives()?).await?;
        let get = client.get_object().bucket(bucket).key(name).presigned(lives()?).await?;
        Ok((put.uri().to_owned(), get.uri().to_owned()))
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The process itself.
pub fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let store = runtime.block_on(S3::start());
    println!("{}\n{}\n{}", store.url(), store.access_key, store.secret_key);
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
