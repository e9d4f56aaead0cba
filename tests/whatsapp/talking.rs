//! Somebody on WhatsApp who has written, and the team that answers; the simulator's clock and ours go together.

use std::time::Duration;
use store::Whose;

use graph_sim::Setup;
use harness::{Agent, Answer, client_id};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::world::{Stage, id, items};

/// Who writes, unless told.
pub const ADA: &str = "16505551234";

/// A stage with a conversation on the owner's screen.
pub struct Talking {
    pub stage: Stage,
    pub owner: Agent,
}

impl Talking {
    /// Ada has said hello.
    pub async fn begin() -> Self {
        Self::with(&[]).await
    }

    /// The same with these settings of the server.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let stage = Stage::connected_with(settings).await;
        let now = stage.app.clock().now().millis();
        stage.sim.world(|world| world.clock.set(now));
        stage.sim.user(ADA).says("Hello");
        let owner = stage.app.signs_in(&stage.tenant.owner.email).await;
        let mut talking = Self { stage, owner };
        talking.passes().await;
        let found = talking.conversations().await;
        assert_eq!(found.len(), 1, "a conversation: {found:?}");
        talking.owner.opens(id(&found[0]));
        talking
    }

    /// All conversations.
    pub async fn conversations(&self) -> Vec<Value> {
        items(&self.owner, "/v1/conversations").await
    }

    /// The conversation on the screen.
    pub fn conversation(&self) -> &str {
        self.owner.conversation.as_deref().expect("a conversation")
    }

    /// As it stands.
    pub async fn shown(&self) -> Value {
        let path = format!("/v1/conversations/{}", self.conversation());
        self.owner.http.get(&path).await.ok()["conversation"].clone()
    }

    /// What is due is done on both sides, until neither has anything left to do.
    pub async fn passes(&self) {
        loop {
            self.stage.sim.settle().await;
            let before = self.stage.sim.journal().len();
            let ran = self.stage.app.run_due().await;
            self.stage.sim.settle().await;
            if ran == 0 && self.stage.sim.journal().len() == before {
                return;
            }
        }
    }

    /// Time goes on for both, a second at a time at most.
    pub async fn later(&self, millis: u64) {
        let mut left = millis;
        while left > 0 {
            let step = left.min(1_000);
            self.jumps(step).await;
            left -= step;
        }
    }

    /// Time goes on for both at once.
    pub async fn jumps(&self, millis: u64) {
        self.stage.app.later(Duration::from_millis(millis));
        self.stage.sim.advance(i64::try_from(millis).expect("a time")).await;
        self.passes().await;
    }

    /// The team posts; gives the message's number.
    pub async fn posts(&self, mut body: Value) -> i64 {
        if body["client_id"].is_null() {
            body["client_id"] = json!(client_id());
        }
        let said = self.owner.posts(body).await.is(201);
        assert_eq!(said["message"]["delivery"], "queued", "{said}");
        said["message"]["seq"].as_i64().expect("a seq")
    }

    /// The team says something; gives the message's number.
    pub async fn says(&self, words: &str) -> i64 {
        self.posts(json!({ "body": words })).await
    }

    /// A message as the team sees it.
    pub async fn message(&self, seq: i64) -> Value {
        let all = self.owner.reads(self.conversation()).await;
        all.into_iter().find(|message| message["seq"] == seq).expect("the message")
    }

    /// How far a message has come.
    pub async fn delivery(&self, seq: i64) -> String {
        self.message(seq).await["delivery"].as_str().expect("a word").to_owned()
    }

    /// Calls that send something, with what was answered.
    fn calls(&self) -> Vec<Value> {
        let is_send = |call: &Value| {
            let to = call["path"].as_str().is_some_and(|path| path.ends_with("/messages"));
            to && call["method"] == "POST" && call["body"]["type"].is_string()
        };
        self.stage.sim.noted("api").into_iter().filter(is_send).collect()
    }

    /// The bodies Meta was asked to send, refused ones too.
    pub fn asked(&self) -> Vec<Value> {
        self.calls().into_iter().map(|call| call["body"].clone()).collect()
    }

    /// The bodies Meta took, in order, whether or not its answer arrived.
    pub fn taken(&self) -> Vec<Value> {
        let took = |call: &Value| call["answer"]["messages"][0]["id"].is_string();
        self.calls().into_iter().filter(took).map(|call| call["body"].clone()).collect()
    }

    /// What Meta was told beside messages: receipts and typing.
    pub fn told(&self) -> Vec<Value> {
        let bodies = self.stage.sim.noted("api").into_iter().map(|call| call["body"].clone());
        bodies.filter(|body| body["status"] == "read").collect()
    }

    /// Plants a fault at sending.
    pub fn fault(&self, kind: &str, args: Value, times: u32) {
        self.stage.sim.fault(kind, &json!({ "on": { "route": "messages" }, "args": args, "times": times }));
    }

    /// Asks for a message to be sent once more.
    pub async fn again(&self, seq: i64) -> Answer {
        let path = format!("/v1/conversations/{}/messages/{seq}/send-again", self.conversation());
        self.owner.http.post(&path, json!({})).await
    }

    /// Words on Ada's phone that came from the business.
    pub fn on_phone(&self) -> Vec<String> {
        let seen = self.stage.sim.user(ADA).sees();
        let theirs = seen.iter().filter(|bubble| !bubble.mine && bubble.state != "failed");
        theirs.map(|bubble| bubble.body["body"].as_str().unwrap_or(&bubble.kind).to_owned()).collect()
    }

    /// Changes what the tenant decided about the number.
    pub async fn decides(&self, body: Value) {
        let number = items(&self.owner, "/v1/whatsapp/numbers").await.remove(0);
        self.owner.http.patch(&format!("/v1/whatsapp/numbers/{}", id(&number)), body).await.ok();
    }

    /// The number as the team sees it.
    pub async fn number(&self) -> Value {
        items(&self.owner, "/v1/whatsapp/numbers").await.remove(0)
    }

    /// Meta's ids of what Ada sent.
    pub fn hers(&self) -> Vec<String> {
        self.stage.sim.user(ADA).sees().into_iter().filter(|bubble| bubble.mine).map(|bubble| bubble.id).collect()
    }

    /// Signs in anew: time has gone on.
    pub async fn signs_in_again(&mut self) {
        let conversation = self.owner.conversation.clone();
        self.owner = self.stage.app.signs_in(&self.owner.email.clone()).await;
        self.owner.conversation = conversation;
    }

    /// Meta pushes these states.
    pub async fn pushes(&self, statuses: Value) {
        let metadata = json!({ "display_phone_number": "15550783881", "phone_number_id": Setup::NUMBER });
        let value = json!({ "messaging_product": "whatsapp", "metadata": metadata, "statuses": statuses });
        let changes = json!([{ "field": "messages", "value": value }]);
        let body =
            json!({ "object": "whatsapp_business_account", "entry": [{ "id": Setup::WABA, "changes": changes }] });
        assert_eq!(self.stage.delivers(Setup::SECRET, body.to_string().as_bytes()).await, 200);
        self.passes().await;
    }

    /// Meta's id of the last message it took.
    pub fn last_wamid(&self) -> String {
        let id = |call: &Value| call["answer"]["messages"][0]["id"].as_str().map(str::to_owned);
        self.calls().iter().rev().find_map(id).expect("a message")
    }

    /// A message stands as being called, and nobody calls.
    pub async fn leaves_called(&self, seq: i64) {
        let (now, unit) =
            (self.stage.app.clock().now(), self.stage.app.ctx().db.write(Whose::Platform).await.expect("a write"));
        let until = now.plus(Duration::from_secs(30));
        let text = "update outgoing set state = 'leased', request = '{\"part\":\"text\"}', called_at = ?, leased_until = ?, \
                    next_at = ? where seq = ?";
        let values = [now.into(), until.into(), until.into(), seq.into()];
        let conn = unit.conn();
        conn.execute_raw(store::sql(conn.get_database_backend(), text, values)).await.expect("it is written");
        unit.commit().await.expect("committed");
    }
}
