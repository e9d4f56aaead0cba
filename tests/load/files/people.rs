//! Visitors of one tenant that takes large files and film.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use chat::{files, identity};
use kernel::wire::{FilePolicy, ScanPolicy};
use serde_json::Value;

use super::wire::{self, FORM, Last};
use crate::people;
use crate::product::Doors;
use crate::store_at::StoreAt;

const MOST: i64 = 25 * 1024 * 1024;

/// A visitor with a connection of their own.
pub struct Sender {
    client: reqwest::Client,
    origin: String,
    token: String,
}

/// Limits that are about people, out of the way.
pub fn settings() -> Vec<(&'static str, String)> {
    vec![
        ("FILES__VISITOR_UPLOADS_PER_HOUR", "1000000".to_owned()),
        ("FILES__VISITOR_BYTES_PER_DAY", "1000000000000".to_owned()),
        ("FILES__TENANT_QUOTA_BYTES", "1000000000000".to_owned()),
    ]
}

/// Ten, with tokens of a run's length.
pub async fn senders(store: &StoreAt, doors: Doors) -> Result<Vec<Sender>> {
    let ctx = people::open(store, doors).await?;
    let tenants = people::tenants(&ctx, 1).await?;
    let types = ["jpg", "png", "pdf", "txt", "xlsx", "mp4"].map(str::to_owned).to_vec();
    let policy = FilePolicy { most: 10, max_bytes: MOST, types, legacy_office: false, scan: ScanPolicy::default() };
    let scope = identity::scope_of_system(tenants[0].id);
    files::change_policy(&ctx, &scope, policy).await.map_err(people::plain)?;
    let visitors = people::visitors(&ctx, &tenants, 10)?;
    let sender =
        |visitor: people::Visitor| Ok(Sender { client: wire::client()?, origin: doors.origin(), token: visitor.token });
    visitors.into_iter().map(sender).collect()
}

impl Sender {
    /// Sends so many films one after the other. Gives their ids.
    pub async fn sends(&self, film: &Bytes, each: usize) -> Result<Vec<String>> {
        let mut ids = Vec::with_capacity(each);
        for _ in 0..each {
            ids.push(self.sends_at(film, None).await?);
        }
        Ok(ids)
    }

    /// Sends one film, at so many bytes a second at most.
    pub async fn sends_at(&self, film: &Bytes, pace: Option<usize>) -> Result<String> {
        let (file, _) = self.uploads(("film.mp4", "video/mp4"), film, pace).await?;
        Ok(file["id"].as_str().context("an id")?.to_owned())
    }

    /// Sends a file and hears in the same answer that it is ready. Gives how long that took from its last byte.
    pub async fn waits_for(&self, name: &str, kind: &str, bytes: &Bytes) -> Result<(Duration, String)> {
        let (file, took) = self.uploads((name, kind), bytes, None).await?;
        let id = file["id"].as_str().context("an id")?.to_owned();
        if file["state"] == "checking" {
            // not within three seconds: what is left is waited for
            let began = std::time::Instant::now();
            self.has_ready(&id).await?;
            return Ok((took + began.elapsed(), id));
        }
        if file["state"] != "ready" {
            bail!("{name}: {file}");
        }
        Ok((took, id))
    }

    async fn uploads(
        &self,
        (name, kind): (&str, &str),
        bytes: &Bytes,
        pace: Option<usize>,
    ) -> Result<(Value, Duration)> {
        let last = Last::default();
        let (length, pieces) = wire::form(name, kind, bytes, pace, last.clone());
        let request = self.asks(reqwest::Method::POST, "/widget/v1/files").header("content-type", FORM);
        let request = request.header("content-length", length).body(reqwest::Body::wrap_stream(pieces));
        let answer = request.send().await?;
        let (took, status) = (last.elapsed(), answer.status());
        let said: Value = serde_json::from_str(&answer.text().await?)?;
        match status.as_u16() {
            201 => Ok((said["file"].clone(), took)),
            _ => bail!("{name}: {status} {said}"),
        }
    }

    /// Asks until it is.
    pub async fn has_ready(&self, id: &str) -> Result<()> {
        let patience = std::time::Instant::now() + Duration::from_secs(120);
        loop {
            let answer = self.asks(reqwest::Method::GET, &format!("/widget/v1/files/{id}/state")).send().await?;
            let said: Value = serde_json::from_str(&answer.text().await?)?;
            match said["file"]["state"].as_str() {
                Some("ready") => return Ok(()),
                Some("checking") if std::time::Instant::now() < patience => (),
                _ => bail!("{id} is not ready: {said}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Follows a link to each and reads it to its end. Gives how many bytes came.
    pub async fn fetches(&self, ids: &[String]) -> Result<usize> {
        let mut got = 0;
        for id in ids {
            let answer = self.asks(reqwest::Method::GET, &format!("/widget/v1/files/{id}")).send().await?;
            let link = answer.headers().get("location").context("no link")?.to_str()?.to_owned();
            let link = match link.starts_with('/') {
                true => format!("{}{link}", self.origin),
                false => link,
            };
            got += wire::drain(self.client.get(link).send().await?.error_for_status()?).await?;
        }
        Ok(got)
    }

    /// Room for the next run.
    pub async fn takes_back(&self, id: &str) -> Result<()> {
        let answer = self.asks(reqwest::Method::DELETE, &format!("/widget/v1/files/{id}")).send().await?;
        answer.error_for_status().map(drop).context("a file cannot be taken back")
    }

    fn asks(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.origin));
        request.bearer_auth(&self.token).header("origin", &self.origin)
    }
}
