//! Handing measurements to a collector: bytes to the one address the operator configured.
//!
//! It is the operator's own address, most often of a private network, so the guard is not asked. A redirect is not
//! followed and nothing is sent twice by itself: whoever hands over decides.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;

use crate::http::tls;
use crate::{NetConfig, Setup};

/// Longest time for one hand-over.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client; cheap to clone.
#[derive(Clone, Debug)]
pub struct Collector(Client);

impl Collector {
    /// With the certificate authorities everything else is checked by.
    pub fn new(config: &NetConfig) -> Result<Self, Setup> {
        let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let builder = builder.retry(reqwest::retry::never()).timeout(PATIENCE).user_agent("Porchlight/1");
        let builder = match tls(config)? {
            Some(tls) => builder.tls_backend_preconfigured(tls),
            None => builder,
        };
        builder.build().map(Self).map_err(|error| Setup::Collector(error.without_url().to_string()))
    }

    /// Posts a body with these headers; gives the status and what was said.
    pub async fn post(&self, url: &str, headers: Vec<(String, Vec<u8>)>, body: Bytes) -> Result<(u16, Bytes), String> {
        let begin = self.0.post(url);
        let request = headers.into_iter().fold(begin, |request, (name, value)| request.header(name, value));
        let said = |error: reqwest::Error| error.without_url().to_string();
        let response = request.body(body).send().await.map_err(said)?;
        let status = response.status().as_u16();
        Ok((status, response.bytes().await.map_err(said)?))
    }
}
