//! Showing Meta that a number is one's own: a code by text message or call.

use chat::Ctx;
use kernel::wire::WhatsAppNumber;
use kernel::{Error, Result, Scope, Secret, WaNumberId};
use serde_json::json;

use super::look::reach;

/// How the code comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By text message.
    Sms,
    /// By a call.
    Voice,
}

/// Has Meta send a code to the number. `language` is that of the words around it, such as `en` or `pt_BR`.
pub async fn request_code(ctx: &Ctx, scope: &Scope, id: WaNumberId, method: Method, language: &str) -> Result<()> {
    let reach = reach(ctx, scope, id).await?;
    let language = language.trim().replace('-', "_");
    let fine = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !language.split('_').all(fine) {
        return Err(Error::field("language", "invalid_language", "The language looks like en or pt_BR."));
    }
    let method = if method == Method::Sms { "SMS" } else { "VOICE" };
    let body = json!({ "code_method": method, "language": language });
    reach.graph.post(&[&reach.number.phone_number_id, "request_code"], &body).await?;
    Ok(())
}

/// Hands the code in that came to the number; then looks at it anew.
pub async fn verify_code(ctx: &Ctx, scope: &Scope, id: WaNumberId, code: &Secret<String>) -> Result<WhatsAppNumber> {
    let reach = reach(ctx, scope, id).await?;
    let digits: String = code.reveal().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::field("code", "code_needed", "The code has six digits."));
    }
    reach.graph.post(&[&reach.number.phone_number_id, "verify_code"], &json!({ "code": digits })).await?;
    reach.keep(ctx, |_| ()).await
}
