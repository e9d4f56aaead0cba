//! The verification GET that is sent, and waited for, inside the call that saves a callback.

use std::time::Duration;

use serde_json::json;

use crate::core::Core;

/// Asks the address to repeat a challenge; true when it does, with status 200 and nothing added.
pub async fn verify(core: &Core, url: &str, token: &str) -> bool {
    let challenge = core.peek(|world| world.dice.digits(10));
    let Ok(mut address) = reqwest::Url::parse(url) else { return false };
    let query = format!("hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={}", encoded(token));
    let before = address.query().map(|old| format!("{old}&")).unwrap_or_default();
    address.set_query(Some(&format!("{before}{query}")));
    let sent = core.client.get(address).timeout(Duration::from_secs(10)).send().await;
    let (status, text) = match sent {
        Ok(response) => (response.status().as_u16(), response.text().await.unwrap_or_default()),
        Err(_) => (0, String::new()),
    };
    let fine = status == 200 && text == challenge;
    core.with(|world| world.note("verification", json!({"url": url, "status": status, "answer": text, "fine": fine})));
    fine
}

fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let letter = |byte: u8| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(letter).collect()
}
