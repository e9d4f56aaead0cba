//! A team and a visitor who send files, and what a browser does with a link.

use harness::{Agent, Answer, Http, PATIENCE, Tenant, TestApp, Visitor, Widget, client_id};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

const SHOP: &str = "http://localhost:3000";
/// Where agents send files.
pub const DESK: &str = "/v1/files";
/// Where visitors send files.
pub const WIDGET: &str = "/widget/v1/files";

/// A tenant, somebody of its team, and a visitor who wrote.
pub struct Desk {
    pub app: TestApp,
    pub tenant: Tenant,
    pub widget: Widget,
    pub mia: Agent,
    pub anna: Visitor,
}

impl Desk {
    pub async fn set() -> Self {
        Self::with(&[]).await
    }

    /// With settings on top of the tests' own.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let app = TestApp::with(&[&[("limits.factor", "1000")], settings].concat()).await;
        let tenant = app.tenant("Acme").await;
        let mut mia = tenant.invites(&app, "Mia", "agent").await;
        let widget = tenant.has_widget(SHOP).await;
        let mut anna = app.visitor(&widget).await;
        anna.says("hello").await;
        mia.opens(anna.conversation());
        Self { app, tenant, widget, mia, anna }
    }

    /// Sends a file up as Anna and lets it be checked. Gives it as it stands then.
    pub async fn anna_sends_up(&self, named: (&str, &str), bytes: &[u8]) -> Value {
        self.checked(&self.anna.http, WIDGET, named, bytes).await
    }

    /// The same as Mia.
    pub async fn mia_sends_up(&self, named: (&str, &str), bytes: &[u8]) -> Value {
        self.checked(&self.mia.http, DESK, named, bytes).await
    }

    /// Sends a file up and lets it be checked.
    pub async fn checked(&self, http: &Http, path: &str, named: (&str, &str), bytes: &[u8]) -> Value {
        let file = http.upload(path, named, bytes).await.is(201)["file"].clone();
        self.app.run_due().await;
        state(http, path, &file).await
    }

    /// Anna writes with these files. Gives the message.
    pub async fn anna_posts(&self, files: &[&Value]) -> Answer {
        self.anna.posts(with_files(files)).await
    }

    /// Mia answers with these files.
    pub async fn mia_posts(&self, files: &[&Value]) -> Answer {
        self.mia.posts(with_files(files)).await
    }

    /// The tenant changes what may be attached.
    pub async fn allows(&self, change: &[(&str, Value)]) -> Value {
        let http = &self.tenant.owner.http;
        let now = http.get("/v1/file-policy").await.ok();
        let mut policy = json!({});
        for member in ["most", "max_bytes", "types", "legacy_office", "scan"] {
            policy[member] = now[member].clone();
        }
        change.iter().for_each(|(member, value)| policy[*member] = value.clone());
        http.send(Method::PUT, "/v1/file-policy", Some(policy)).await.ok()
    }

    /// The widget's settings for files.
    pub async fn widget_allows(&self, files: Value) -> Answer {
        let path = format!("/v1/widgets/{}", self.widget.id);
        self.tenant.owner.http.patch(&path, json!({ "settings": { "files": files } })).await
    }

    /// What somebody gets who follows a link.
    pub async fn follows(&self, url: &str, headers: &[(&str, &str)]) -> Got {
        follow(self.app.doors().public.as_str(), Method::GET, url, headers).await
    }

    /// Everything there is in the store.
    pub async fn objects(&self) -> Vec<String> {
        harness::files_check::keys(&self.app.ctx().files.blobs, "").await
    }

    /// That rows, objects and counters say the same.
    pub async fn agrees(&self) {
        harness::files_check::assert_agree(self.app.ctx()).await;
    }

    /// Bytes the tenant uses.
    pub async fn used(&self) -> i64 {
        self.tenant.owner.http.get("/v1/file-policy").await.ok()["used_bytes"].as_i64().expect("a number")
    }
}

fn with_files(files: &[&Value]) -> Value {
    let ids: Vec<_> = files.iter().map(|file| &file["id"]).collect();
    json!({ "client_id": client_id(), "body": "", "file_ids": ids })
}

/// A file as it stands now.
pub async fn state(http: &Http, path: &str, file: &Value) -> Value {
    http.get(&format!("{path}/{}/state", id(file))).await.ok()["file"].clone()
}

/// The id of a file.
pub fn id(file: &Value) -> &str {
    file["id"].as_str().unwrap_or_else(|| panic!("no id in {file}"))
}

/// A link to a file.
pub async fn link(http: &Http, path: &str, file: &Value, variant: &str) -> String {
    let links = links(http, path, &[(file, variant)]).await;
    links[0]["url"].as_str().unwrap_or_else(|| panic!("no link to {file}")).to_owned()
}

/// Links to files.
pub async fn links(http: &Http, path: &str, wanted: &[(&Value, &str)]) -> Vec<Value> {
    let items: Vec<_> = wanted.iter().map(|(file, variant)| json!({ "id": file["id"], "variant": variant })).collect();
    let links = http.post(&format!("{path}/links"), json!({ "items": items })).await.ok();
    links["items"].as_array().expect("items").clone()
}

/// The code of the first field that was refused.
pub fn field(problem: &Value) -> &str {
    problem["fields"][0]["code"].as_str().unwrap_or_else(|| panic!("no field in {problem}"))
}

/// What a link gave.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of letters"))
    }

    /// The code of a refusal.
    pub fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.bytes).expect("a problem");
        problem["code"].as_str().expect("a code").to_owned()
    }
}

/// Follows a link as a browser without any cookie does; names are not resolved here.
pub async fn follow(base: &str, method: Method, url: &str, headers: &[(&str, &str)]) -> Got {
    let path = url.split_once("/f/").map(|(_, token)| format!("{base}/f/{token}")).expect("a link to a file");
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().expect("a client");
    let mut request = client.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Got { status, headers, bytes: answer.bytes().await.expect("the bytes").to_vec() }
}

/// A form: content type and body. Text parts first, then files.
pub fn form(texts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, text) in texts {
        let part = format!("--b0undary\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend(part.into_bytes());
    }
    for (part, name, bytes) in files {
        let head = format!(
            "--b0undary\r\ncontent-disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\ncontent-type: text/plain\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b0undary--\r\n");
    ("multipart/form-data; boundary=b0undary".to_owned(), body)
}

/// Sends a form.
pub async fn post_form(http: &Http, path: &str, form: (String, Vec<u8>)) -> Answer {
    http.attempt_bytes(Method::POST, path, Some(form)).await.expect("an answer")
}
