//! A WhatsApp account to connect, Meta's or a look-alike's, and a message as Meta would deliver it.

use anyhow::Result;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use crate::http::{Ask, Door};

/// What connecting needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetaAccount {
    /// The app at Meta.
    pub meta_app_id: String,
    /// Its secret.
    pub app_secret: String,
    /// The business account.
    pub waba_id: String,
    /// A system user's token.
    pub token: String,
}

impl MetaAccount {
    /// An app nobody has: enough for a row, not for a connection.
    pub fn nobodys(side: &str) -> Self {
        let end = if side == "A" { 1 } else { 2 };
        Self {
            meta_app_id: format!("67084388743384{end}"),
            app_secret: format!("0123456789abcdef0123456789abcde{end}"),
            waba_id: String::new(),
            token: String::new(),
        }
    }
}

/// A customer's message.
pub struct Said<'a> {
    /// Their name.
    pub name: &'a str,
    /// The text.
    pub words: &'a str,
    /// Meta's id of the number it went to.
    pub number: &'a str,
}

/// Delivers it, signed with the app's secret.
pub async fn deliver(door: &Door, app: &str, account: &MetaAccount, said: &Said<'_>) -> Result<()> {
    let message = json!({
        "from": "16505550142", "id": format!("wamid.{}", said.words), "timestamp": crate::now().to_string(),
        "type": "text", "text": { "body": said.words },
    });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": said.number },
        "contacts": [{ "profile": { "name": said.name }, "wa_id": "16505550142" }],
        "messages": [message],
    });
    let change = json!({ "field": "messages", "value": value });
    let entry = json!({ "id": account.waba_id, "changes": [change] });
    let body = json!({ "object": "whatsapp_business_account", "entry": [entry] });
    let ask = Ask::new(Method::POST, format!("/inbound/whatsapp/{app}")).json(&body);
    let bytes = ask.body.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
    let ask = ask.with("x-hub-signature-256", signature(&account.app_secret, &bytes)?);
    door.must(&ask, None).await.map(|_| ())
}

fn signature(secret: &str, bytes: &[u8]) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(bytes);
    Ok(format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes())))
}
