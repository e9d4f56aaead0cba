//! Messages written from the documentation, pushed as Meta would push them, and what the inbox shows of them.

use graph_sim::Setup;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use store::{NewJob, Whose};

use crate::world::{Stage, id, items};

/// Somebody with a phone.
pub const ANN: &str = "16505551234";
/// Somebody else.
pub const BEN: &str = "491701234567";

/// A message of a kind from somebody, sent now.
pub fn message(stage: &Stage, wamid: &str, from: &str, kind: &str, inner: Value) -> Value {
    let seconds = stage.app.clock().now().seconds();
    json!({ "from": from, "id": wamid, "timestamp": seconds.to_string(), "type": kind, kind: inner })
}

/// Words from somebody.
pub fn words(stage: &Stage, wamid: &str, from: &str, words: &str) -> Value {
    message(stage, wamid, from, "text", json!({ "body": words }))
}

/// The change of messages for a number, with these people.
pub fn change(phone_number_id: &str, contacts: Value, messages: &[Value]) -> Value {
    let metadata = json!({ "display_phone_number": "15550783881", "phone_number_id": phone_number_id });
    let value =
        json!({ "messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, "messages": messages });
    json!({ "field": "messages", "value": value })
}

/// A whole delivery.
pub fn delivery(changes: &[Value]) -> Vec<u8> {
    let entry = json!({ "id": Setup::WABA, "changes": changes });
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

/// Everybody a list of messages is from, as Meta names them beside it.
fn contacts(messages: &[Value]) -> Value {
    let mut seen: Vec<&str> = messages.iter().filter_map(|message| message["from"].as_str()).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.iter().map(|from| json!({ "wa_id": from, "profile": { "name": format!("Name of {from}") } })).collect()
}

impl Stage {
    /// Has one delivery with these messages taken in and worked on.
    pub async fn brings(&self, messages: &[Value]) {
        self.brings_as(contacts(messages), messages).await;
    }

    /// The same, naming these people beside them.
    pub async fn brings_as(&self, contacts: Value, messages: &[Value]) {
        self.takes(&delivery(&[change(Setup::NUMBER, contacts, messages)])).await;
    }

    /// Has these bytes taken in and worked on.
    pub async fn takes(&self, body: &[u8]) {
        assert_eq!(self.delivers(Setup::SECRET, body).await, 200);
        self.app.run_due().await;
    }

    /// Every conversation, whatever its state.
    pub async fn conversations(&self) -> Vec<Value> {
        items(&self.tenant.owner, "/v1/conversations?status=all&limit=100").await
    }

    /// The only conversation there is.
    pub async fn conversation(&self) -> Value {
        let mut all = self.conversations().await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// Messages of the only conversation, oldest first.
    pub async fn thread(&self) -> Vec<Value> {
        let only = self.conversation().await;
        self.tenant.owner.reads(id(&only)).await
    }

    /// Their words.
    pub async fn said(&self) -> Vec<String> {
        self.thread().await.iter().map(|message| message["body"].as_str().expect("words").to_owned()).collect()
    }

    /// Everybody the tenant knows.
    pub async fn people(&self) -> Vec<Value> {
        items(&self.tenant.owner, "/v1/contacts?limit=100").await
    }

    /// Runs a statement behind the product's back.
    pub async fn sets(&self, text: &str) {
        let conn = self.app.ctx().db.platform();
        conn.execute_raw(store::sql(conn.get_database_backend(), text, [])).await.expect("it is written");
    }

    /// The delivery stored last waits in this lane instead, which has a worker of its own.
    pub async fn moves_newest_to(&self, lane: &str) {
        self.sets(&format!(
            "update wa_delivery set lane = '{lane}' where id = (select id from wa_delivery order by id desc limit 1)"
        ))
        .await;
        let mut unit = self.app.ctx().db.write(Whose::Platform).await.expect("a write");
        let (payload, run_at) = (json!({ "lane": lane }), self.app.clock().now());
        unit.enqueue(NewJob { kind: "whatsapp.ingest", tenant: None, payload, run_at, unique_key: None });
        unit.commit().await.expect("committed");
    }

    /// How many jobs of a kind there are.
    pub async fn jobs(&self, kind: &str) -> i64 {
        self.rows(&format!("job where kind = '{kind}'")).await
    }

    /// Words of all messages, in the order in which they came into the inbox.
    pub async fn posted(&self) -> Vec<String> {
        let conn = self.app.ctx().db.platform();
        let text = "select body from outbox order by shard, n";
        let rows = conn.query_all_raw(store::sql(conn.get_database_backend(), text, [])).await.expect("it is read");
        let events = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("text"));
        let events = events.map(|text| serde_json::from_str::<Value>(&text).expect("JSON"));
        let posted = events.filter(|event| event["type"] == "message_posted");
        posted.map(|event| event["message"]["body"].as_str().expect("words").to_owned()).collect()
    }
}
