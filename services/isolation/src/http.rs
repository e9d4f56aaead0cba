//! Requests as somebody outside sends them: paced, patient with refusals for haste, and kept byte for byte.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rustls::ClientConfig;
use serde_json::Value;
use tokio::sync::Mutex;

/// How often a request that came too fast is sent again.
const TRIES: u32 = 6;

/// One listener of the running server, and the origin browsers know it by.
#[derive(Clone)]
pub struct Door {
    client: reqwest::Client,
    pace: Arc<Pace>,
    /// Where requests go, without a slash at the end.
    pub base: String,
    /// What a browser would state as `Origin`.
    pub origin: String,
}

/// No more requests than this in a second, counted over everything the tool sends.
pub struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// So many in a second; none is no limit.
    pub fn new(per_second: u32) -> Arc<Self> {
        let gap = if per_second == 0 { Duration::ZERO } else { Duration::from_secs(1) / per_second };
        Arc::new(Self { gap, next: Mutex::new(Instant::now()) })
    }

    async fn turn(&self) {
        if self.gap.is_zero() {
            return;
        }
        let mut next = self.next.lock().await;
        let at = (*next).max(Instant::now());
        *next = at + self.gap;
        drop(next);
        tokio::time::sleep_until(at.into()).await;
    }
}

/// What to ask.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers beside those of every request.
    pub headers: Vec<(&'static str, String)>,
    /// Type and bytes.
    pub body: Option<(String, Vec<u8>)>,
}

impl Ask {
    /// A request without a body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None }
    }

    /// GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// With JSON.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.body = Some(("application/json".to_owned(), body.to_string().into_bytes()));
        self
    }

    /// With a form of one text part, unless it is empty, and one file.
    #[must_use]
    pub fn form(mut self, part: Option<(&str, &str)>, file: &str, bytes: &[u8]) -> Self {
        let mut body = Vec::new();
        if let Some((name, value)) = part {
            let head = format!("--porch\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = format!(
            "--porch\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file}\"\r\ncontent-type: text/plain\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--porch--\r\n");
        self.body = Some(("multipart/form-data; boundary=porch".to_owned(), body));
        self
    }

    /// With a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether it says this text anywhere: an echo of it is no leak.
    pub fn says(&self, text: &str) -> bool {
        self.path.contains(text)
            || self.headers.iter().any(|(_, value)| value.contains(text))
            || self.body.as_ref().is_some_and(|(_, body)| String::from_utf8_lossy(body).contains(text))
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Names and values in the order of names.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are none are replaced.
    pub text: String,
    /// From sending to the last byte.
    pub took: Duration,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is a success.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The cookie of a name that ends so, as `name=value`.
    pub fn cookie(&self, end: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, line)| line);
        let pairs = lines.filter_map(|line| line.split(';').next());
        pairs.filter(|pair| pair.split('=').next().is_some_and(|name| name.ends_with(end))).map(str::to_owned).next()
    }
}

impl Door {
    /// A listener at `base`, whose browsers know it by `origin`.
    pub fn new(base: &str, origin: Option<&str>, pace: &Arc<Pace>, tls: Option<&ClientConfig>) -> Result<Self> {
        let base = base.trim_end_matches('/').to_owned();
        let mut client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            // the server closes what was idle for five seconds
            .pool_idle_timeout(Duration::from_secs(2))
            .no_proxy();
        if let Some(tls) = tls {
            client = client.tls_backend_preconfigured(tls.clone());
        }
        let origin = origin.map_or_else(|| base.clone(), |origin| origin.trim_end_matches('/').to_owned());
        Ok(Self { client: client.build().context("the HTTP client")?, pace: Arc::clone(pace), base, origin })
    }

    /// Asks, and asks again when told that it was too fast.
    pub async fn ask(&self, ask: &Ask, token: Option<&str>) -> Result<Answer> {
        for attempt in 1..=TRIES {
            let answer = match self.once(ask, token).await {
                Ok(answer) => answer,
                // an idle connection that was closed as we took it up
                Err(_) if attempt < 3 => continue,
                Err(error) => return Err(error),
            };
            let wait = answer.header("retry-after").and_then(|text| text.parse::<u64>().ok());
            match (answer.status, wait) {
                (429, Some(seconds)) if attempt < TRIES => {
                    tokio::time::sleep(Duration::from_secs(seconds.min(65))).await
                }
                _ => return Ok(answer),
            }
        }
        bail!("{} {}: refused for haste {TRIES} times", ask.method, ask.path)
    }

    async fn once(&self, ask: &Ask, token: Option<&str>) -> Result<Answer> {
        self.pace.turn().await;
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}"))?);
        }
        for (name, value) in &ask.headers {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value)?);
        }
        let mut request =
            self.client.request(ask.method.clone(), format!("{}{}", self.base, ask.path)).headers(headers);
        if let Some((kind, body)) = &ask.body {
            request = request.header("content-type", kind).body(body.clone());
        }
        let began = Instant::now();
        let response = request.send().await.with_context(|| format!("{} {}", ask.method, self.base))?;
        let status = response.status().as_u16();
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        headers.sort();
        let body = response.bytes().await?;
        Ok(Answer { status, headers, text: String::from_utf8_lossy(&body).into_owned(), took: began.elapsed() })
    }

    /// Asks for what must succeed.
    pub async fn must(&self, ask: &Ask, token: Option<&str>) -> Result<Answer> {
        let answer = self.ask(ask, token).await?;
        if answer.is_ok() {
            return Ok(answer);
        }
        bail!("{} {} was answered {}: {}", ask.method, ask.path, answer.status, answer.text)
    }
}

/// Trust in the machine's certificate authorities and those of a file.
pub fn trust(extra: Option<&std::path::Path>) -> Result<ClientConfig> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let roots = match extra {
        None => Vec::new(),
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(|all| all.collect::<Result<Vec<_>, _>>())
            .with_context(|| format!("{} holds no certificates", path.display()))?,
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.with_no_client_auth())
}
