//! Visitors whom the tenant's own site vouches for, by a token its server signs (security.md E14).
//!
//! The token's header names one of the tenant's keys as `kid`; the key decides the algorithm. `aud` is the widget's id,
//! `sub` the tenant's own id for the person, and it may live an hour. Nothing unsigned ever counts as verified.

use std::time::Duration;

use kernel::{Error, IdentityKeyId, Result, TenantId, WidgetId};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::jwt::{self, Algorithm, CheckKey, Claims, Expected, Refusal, Registered, Unverified};
use super::tables::identity_key;
use crate::Ctx;

/// Longest life of a tenant's token.
const LIFE: Duration = Duration::from_secs(3600);

/// Who a visitor is, on the word of a token the tenant signed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VisitorIdentity {
    /// The tenant's own id for this person.
    pub external_id: String,
    /// Name.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Anything else worth knowing.
    pub attributes: Option<Map<String, Value>>,
}

// members we do not know are the tenant's business; those we do are refused when stated twice
#[derive(Deserialize)]
struct Signed {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    #[serde(default, deserialize_with = "jwt::present")]
    nbf: Option<i64>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    attributes: Option<Map<String, Value>>,
}

impl Claims for Signed {
    fn registered(&self) -> Registered<'_> {
        let Self { iss, aud, sub, iat, exp, nbf, .. } = self;
        Registered { iss, aud, sub, iat: *iat, exp: *exp, nbf: *nbf }
    }
}

/// Who the token names. Whatever is wrong with it, the answer is `identity_invalid`; one that was good is
/// `identity_expired`.
pub async fn verify_visitor_token(
    ctx: &Ctx,
    widget: WidgetId,
    tenant: TenantId,
    token: &str,
) -> Result<VisitorIdentity> {
    let unverified = Unverified::parse(token).map_err(refused)?;
    // the id's own grammar is the guard: no path, no SQL, no other spelling of a key gets past it
    let kid: Option<IdentityKeyId> = unverified.kid().and_then(|kid| kid.parse().ok());
    let kid = kid.ok_or_else(invalid)?;
    let row = identity_key::find(ctx.db.platform(), tenant, kid).await?.ok_or_else(invalid)?;
    if row.widget_id.is_some_and(|only| only != widget) {
        return Err(invalid());
    }
    let key = key_of(ctx, &row)?.ok_or_else(invalid)?;
    let audience = widget.to_string();
    let expected = Expected { issuer: None, audience: &audience, life: LIFE, now: ctx.clock().now() };
    let signed: Signed = unverified.verify(&key, &expected).map_err(refused)?;
    if signed.sub.len() > 128 || signed.sub.chars().any(char::is_control) {
        return Err(invalid());
    }
    let Signed { sub: external_id, name, email, phone, attributes, .. } = signed;
    Ok(VisitorIdentity { external_id, name, email, phone, attributes })
}

fn key_of(ctx: &Ctx, row: &identity_key::Model) -> Result<Option<CheckKey>> {
    Ok(match Algorithm::from_word(&row.algorithm) {
        Some(Algorithm::Hs256) => {
            let secret = ctx.vault.open(&row.id.to_string(), &row.key_text)?;
            Some(CheckKey::shared(secret.reveal().as_bytes()))
        }
        Some(algorithm) => CheckKey::public(algorithm, &row.key_text),
        None => None,
    })
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Expired => Error::unauthenticated("identity_expired", "The identity token is over; sign a new one."),
        _ => invalid(),
    }
}

fn invalid() -> Error {
    Error::unauthenticated("identity_invalid", "The identity token was not accepted.")
}
