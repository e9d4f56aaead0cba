//! Two tenants with one of everything, and everybody who can ask.

use std::collections::BTreeMap;
use store::Whose;

use chat::contacts;
use harness::{Answer, Http, Tenant, TestApp, Visitor, Widget};
use kernel::ContactId;
use serde_json::{Value, json};

use crate::document::{Operation, operations};

const ORIGIN: &str = "http://localhost:3000";

/// A server with two tenants.
pub struct World {
    /// The server.
    pub app: TestApp,
    /// What it says it can do.
    pub operations: Vec<Operation>,
    /// One side.
    pub acme: Side,
    /// The other.
    pub rival: Side,
}

/// A tenant with its things.
pub struct Side {
    /// The tenant and its owner.
    pub tenant: Tenant,
    /// A widget that may run on the origin.
    pub widget: Widget,
    /// A visitor who has written.
    pub visitor: Visitor,
    /// Ids of one object of each kind, by prefix.
    pub ids: BTreeMap<&'static str, String>,
}

impl World {
    /// Builds it.
    pub async fn new() -> Self {
        let app = TestApp::start().await;
        let document = app.http().get("/openapi.json").await.ok();
        let operations = operations(&document);
        let acme = Side::new(&app, &operations, "Acme").await;
        let rival = Side::new(&app, &operations, "Rival").await;
        Self { operations, app, acme, rival }
    }

    /// Whoever of this side may call the operation.
    pub fn caller(&self, side: &Side, operation: &Operation) -> Http {
        let at_operators = operation.path.starts_with("/operator/");
        match operation.caller.as_deref() {
            Some("agent") => side.tenant.owner.http.clone(),
            Some("visitor") => side.visitor.http.clone(),
            _ if at_operators => self.app.operator_http(),
            _ => self.app.http().with("origin", self.app.public_url()),
        }
    }

    /// Calls it with this id in the path and this body.
    pub async fn call(&self, side: &Side, operation: &Operation, id: &str, body: Option<Value>) -> Answer {
        self.caller(side, operation).send(operation.method.clone(), &operation.path_of(id), body).await
    }
}

impl Side {
    async fn new(app: &TestApp, operations: &[Operation], name: &str) -> Self {
        let tenant = app.tenant(name).await;
        let http = &tenant.owner.http;
        let widget = tenant.has_widget(ORIGIN).await;
        let claim = tenant.allows(&widget.id, "http://localhost:3001").await;
        let mut visitor = app.visitor(&widget).await;
        visitor.says("hello").await;
        let inbox = http.get(&format!("/v1/conversations/{}", visitor.conversation())).await.ok();
        let body = json!({ "email": format!("new@{name}.example.com"), "role": "agent" });
        let invitation = http.post("/v1/invitations", body).await.is(201);
        let other = app.signs_in(&tenant.owner.email).await;
        let key = create(operations, http, "/v1/identity-keys").await;
        let sent_up = visitor.http.upload("/widget/v1/files", ("list.txt", "text/plain"), b"three lamps").await.is(201);
        let file = id_of(&sent_up["file"]);
        visitor.posts(json!({ "client_id": "with-a-file", "file_ids": [file] })).await.is(201);
        app.run_due().await;
        let meta = id_of(&create(operations, http, "/v1/whatsapp/apps").await);
        let phone = u64::from_str_radix(&tenant.id[20..], 16).expect("hexadecimal").to_string();
        let whatsapp = harness::whatsapp::connect(app, &tenant, &meta, "102290129340398", &phone).await;
        let contact = id_of(&inbox["conversation"]["contact"]);
        let other_self = on_whatsapp(app, &tenant).await;
        let merge = http.post(&format!("/v1/contacts/{contact}/merge"), json!({ "with": other_self })).await.is(201);
        let ids = [
            ("cnv", visitor.conversation().to_owned()),
            ("con", contact),
            ("wgt", widget.id.clone()),
            ("dom", claim),
            ("agt", tenant.owner.id.clone()),
            ("inv", id_of(&invitation)),
            ("ses", other.session),
            ("ten", tenant.id.clone()),
            ("key", id_of(&key)),
            ("fil", file),
            ("wap", meta),
            ("wac", whatsapp.account),
            ("wan", whatsapp.number),
            ("wtp", whatsapp.template),
            ("wdl", whatsapp.delivery),
            ("mrg", id_of(&merge)),
        ]
        .into();
        Self { tenant, widget, visitor, ids }
    }
}

/// Somebody who is known by WhatsApp only.
async fn on_whatsapp(app: &TestApp, tenant: &Tenant) -> String {
    let (ctx, told) = (app.ctx(), contacts::Told { name: Some("Ada".to_owned()), phone: None });
    let (whose, id) = (tenant.id.parse().expect("an id"), ContactId::new(app.clock()));
    let mut unit = ctx.db.write(Whose::Platform).await.expect("a unit");
    contacts::told(ctx, &mut unit, whose, id, &told).await.expect("a contact");
    unit.commit().await.expect("committed");
    id.to_string()
}

/// Makes one of whatever this path makes, with the document's own example.
async fn create(operations: &[Operation], http: &Http, path: &str) -> Value {
    let found = operations.iter().find(|operation| operation.path == path && operation.method == reqwest::Method::POST);
    let body = found.unwrap_or_else(|| panic!("no POST {path}")).example().expect("a body");
    let answer = http.post(path, body).await.is(201);
    answer.as_object().and_then(|object| object.values().find(|one| one["id"].is_string())).cloned().unwrap_or(answer)
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id in {object}")).to_owned()
}

/// An id of this kind that never was.
pub fn never(prefix: &str) -> String {
    format!("{prefix}_{}", uuid::Uuid::now_v7().as_simple())
}
