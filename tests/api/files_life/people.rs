//! People who send files.

use harness::{Agent, Http, Tenant, TestApp, Visitor, client_id};
use serde_json::{Value, json};

pub const SHOP: &str = "http://localhost:3000";

/// A tenant, somebody of its team, and a visitor who wrote.
pub struct Stage {
    pub app: TestApp,
    pub tenant: Tenant,
    pub mia: Agent,
    pub anna: Visitor,
}

impl Stage {
    pub async fn set() -> Self {
        Self::of(TestApp::start().await).await
    }

    pub async fn of(app: TestApp) -> Self {
        let tenant = app.tenant("Acme").await;
        let mia = tenant.invites(&app, "Mia", "agent").await;
        let widget = tenant.has_widget(SHOP).await;
        let mut anna = app.visitor(&widget).await;
        anna.says("hello").await;
        Self { app, tenant, mia, anna }
    }

    /// Anna sends a file up and waits until it may be had. Gives the file.
    pub async fn anna_uploads(&self, name: &str, words: &str) -> Value {
        let file = sent_up(&self.anna.http, "/widget/v1/files", name, words).await;
        self.app.run_due().await;
        self.anna.http.get(&format!("/widget/v1/files/{}/state", id(&file))).await.ok()["file"].clone()
    }

    /// Anna writes with these files. Gives the message.
    pub async fn anna_sends(&mut self, words: &str, files: &[&Value]) -> Value {
        let ids: Vec<_> = files.iter().map(|file| &file["id"]).collect();
        let body = json!({ "client_id": client_id(), "body": words, "file_ids": ids });
        let answer = self.anna.posts(body).await.ok();
        self.anna.keeps(&answer);
        answer["message"].clone()
    }

    /// Anna sends a text file in a message of its own. Gives the file.
    pub async fn anna_attaches(&mut self, name: &str, words: &str) -> Value {
        let file = self.anna_uploads(name, words).await;
        assert_eq!(file["state"], "ready", "{file}");
        self.anna_sends("", &[&file]).await;
        file
    }

    /// Mia answers with a text file; the team has no limit by the hour. Gives the file.
    pub async fn mia_attaches(&mut self, name: &str, words: &str) -> Value {
        let file = sent_up(&self.mia.http, "/v1/files", name, words).await;
        self.app.run_due().await;
        self.mia.opens(self.anna.conversation());
        self.mia.posts(json!({ "client_id": client_id(), "body": "", "file_ids": [id(&file)] })).await.is(201);
        file
    }

    /// `/v1/conversations/{Anna's}`.
    pub fn conversation(&self) -> String {
        format!("/v1/conversations/{}", self.anna.conversation())
    }

    /// The first file of the message that has one, as the team sees it.
    pub async fn file_in_thread(&self) -> Value {
        let messages = self.tenant.owner.reads(self.anna.conversation()).await;
        messages.iter().find_map(|message| message["files"].get(0).cloned()).expect("a message with a file")
    }
}

/// Sends a text file up. Gives it as the answer has it.
pub async fn sent_up(http: &Http, path: &str, name: &str, words: &str) -> Value {
    http.upload(path, (name, "text/plain"), words.as_bytes()).await.is(201)["file"].clone()
}

/// The id of a file.
pub fn id(file: &Value) -> &str {
    file["id"].as_str().expect("an id")
}
