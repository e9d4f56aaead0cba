//! A tenant whose Meta app is the simulator's.

use graph_sim::webhook::sha256_hex;
use graph_sim::{Setup, Sim};
use harness::{Agent, Answer, Tenant, TestApp};
use serde_json::{Value, json};

/// A server, the simulator it asks, and a tenant with an app.
pub struct Stage {
    pub app: TestApp,
    pub sim: Sim,
    pub tenant: Tenant,
    /// The app as the API shows it, with its verify token.
    pub meta: Value,
}

impl Stage {
    /// Starts both; the app is there, no account is connected.
    pub async fn begin() -> Self {
        Self::with(&[]).await
    }

    /// The same with these settings on top.
    pub async fn with(more: &[(&str, &str)]) -> Self {
        let sim = Sim::start(7).await.expect("the simulator starts");
        let settings =
            [("limits.factor", "1000"), ("whatsapp.graph_url", sim.base()), ("net.allow", "[\"127.0.0.1/32\"]")];
        let app = TestApp::with(&[&settings, more].concat()).await;
        // both clocks stand, at the same moment
        sim.world(|world| world.clock.set(app.clock().now().millis()));
        let tenant = app.tenant("Acme").await;
        let meta = adds_app(&tenant.owner).await;
        let stage = Self { app, sim, tenant, meta };
        stage.sim.calls_back(&stage.door());
        stage
    }

    /// The same with the account connected.
    pub async fn connected() -> Self {
        let stage = Self::begin().await;
        stage.connects().await.is(201);
        stage
    }

    /// The same with these settings on top.
    pub async fn connected_with(more: &[(&str, &str)]) -> Self {
        let stage = Self::with(more).await;
        stage.connects().await.is(201);
        stage
    }

    /// Where the simulator calls.
    pub fn door(&self) -> String {
        format!("{}/inbound/whatsapp/{}", self.app.doors().public, id(&self.meta))
    }

    /// Connects the simulator's account.
    pub async fn connects(&self) -> Answer {
        self.connects_with(Setup::TOKEN).await
    }

    /// The same with another token.
    pub async fn connects_with(&self, token: &str) -> Answer {
        let body = json!({ "app_id": self.meta["id"], "waba_id": Setup::WABA, "token": token });
        self.tenant.owner.http.post("/v1/whatsapp/accounts", body).await
    }

    /// The only number.
    pub async fn number(&self) -> Value {
        items(&self.tenant.owner, "/v1/whatsapp/numbers").await.remove(0)
    }

    /// The only account.
    pub async fn account(&self) -> Value {
        items(&self.tenant.owner, "/v1/whatsapp/accounts").await.remove(0)
    }

    /// Everything was pushed and worked on; lines of the recorder, latest first.
    pub async fn lines(&self) -> Vec<Value> {
        self.sim.settle().await;
        self.app.run_due().await;
        items(&self.tenant.owner, "/v1/whatsapp/deliveries?limit=100").await
    }

    /// Posts these bytes, signed with this secret.
    pub async fn delivers(&self, secret: &str, body: &[u8]) -> u16 {
        self.posts(Some(format!("sha256={}", sha256_hex(secret, body)).as_bytes()), body).await
    }

    /// Posts these bytes with this signature.
    pub async fn posts(&self, signature: Option<&[u8]>, body: &[u8]) -> u16 {
        let mut request = reqwest::Client::new().post(self.door()).body(body.to_vec());
        if let Some(signature) = signature {
            request = request.header("x-hub-signature-256", signature);
        }
        request.send().await.expect("an answer").status().as_u16()
    }

    /// How many rows a table has.
    pub async fn rows(&self, table: &str) -> i64 {
        use sea_orm::ConnectionTrait;
        let conn = self.app.ctx().db.platform();
        let text = format!("select count(*) from {table}");
        let row = conn.query_one_raw(store::sql(conn.get_database_backend(), &text, [])).await.expect("it is read");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }
}

/// Adds the simulator's app.
pub async fn adds_app(owner: &Agent) -> Value {
    let body = json!({ "meta_app_id": Setup::APP, "name": "Our app", "secret": Setup::SECRET });
    owner.http.post("/v1/whatsapp/apps", body).await.is(201)
}

/// The rows of a list.
pub async fn items(who: &Agent, path: &str) -> Vec<Value> {
    who.http.get(path).await.ok()["items"].as_array().expect("a list").clone()
}

/// A thing's id.
pub fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

/// How many lines there are of a kind in a state.
pub fn count(lines: &[Value], kind: &str, state: &str) -> usize {
    lines.iter().filter(|line| line["kind"] == kind && line["state"] == state).count()
}
