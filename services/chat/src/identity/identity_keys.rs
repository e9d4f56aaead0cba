//! The keys a tenant signs visitors' identities with.
//!
//! A public key is safe to keep. A shared secret must be used as it is, so it rests sealed; whoever holds database and
//! vault can sign as the tenant. Prefer ES256 or EdDSA; the secret is shown once.

use kernel::{Error, IdentityKeyId, Name, Result, Role, Scope, Timestamp, WidgetId, random_token};

use super::jwt::{Algorithm, CheckKey};
use super::tables::identity_key;
use crate::Ctx;

/// Most keys a tenant may have in use.
const MOST: usize = 20;

/// A key to make.
pub struct NewKey {
    /// Name, for the tenant's people.
    pub name: String,
    /// `HS256`, `ES256` or `EdDSA`.
    pub algorithm: String,
    /// The public key in PEM; for HS256 we make the secret.
    pub public_key: Option<String>,
    /// The one widget it is good for; `None`: all.
    pub widget: Option<WidgetId>,
}

/// A key as it may be shown again.
#[derive(Clone, Debug)]
pub struct IdentityKey {
    /// Its id, and the `kid` of tokens signed with it.
    pub id: IdentityKeyId,
    /// Name.
    pub name: String,
    /// `HS256`, `ES256` or `EdDSA`.
    pub algorithm: String,
    /// The one widget it is good for.
    pub widget: Option<WidgetId>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A key just made, with the secret nobody will see again.
pub struct MadeKey {
    /// The key.
    pub key: IdentityKey,
    /// For HS256: sign with the bytes of this text.
    pub secret: Option<String>,
}

/// Makes a key. Admins only.
pub async fn create_key(ctx: &Ctx, scope: &Scope, new: NewKey) -> Result<MadeKey> {
    scope.require(Role::Admin)?;
    let name = Name::parse(&new.name)?.into_string();
    let (algorithm, text, secret) = material(&new)?;
    let id = IdentityKeyId::new(ctx.clock());
    let key_text = if secret.is_some() { ctx.vault.seal(&id.to_string(), &text)? } else { text };
    let unit = ctx.db.write(scope).await?;
    if identity_key::all(unit.conn(), scope.tenant()).await?.len() >= MOST {
        return Err(Error::conflict("too_many_keys", format!("A tenant may have {MOST} identity keys; revoke one.")));
    }
    let row = identity_key::Model {
        tenant_id: scope.tenant(),
        id,
        widget_id: new.widget,
        name,
        algorithm: algorithm.word().to_owned(),
        key_text,
        created_at: ctx.clock().now(),
        revoked_at: None,
    };
    identity_key::insert(unit.conn(), &row).await?;
    unit.commit().await?;
    Ok(MadeKey { key: shown(row), secret })
}

/// The tenant's keys, without what they are made of. Admins only.
pub async fn list_keys(ctx: &Ctx, scope: &Scope) -> Result<Vec<IdentityKey>> {
    scope.require(Role::Admin)?;
    let rows = identity_key::all(&ctx.db.read(scope), scope.tenant()).await?;
    Ok(rows.into_iter().map(shown).collect())
}

/// Takes a key out of use: tokens signed with it are refused from now on. Admins only.
pub async fn revoke_key(ctx: &Ctx, scope: &Scope, id: IdentityKeyId) -> Result<()> {
    scope.require(Role::Admin)?;
    let unit = ctx.db.write(scope).await?;
    identity_key::revoke(unit.conn(), scope.tenant(), id, ctx.clock().now()).await?;
    unit.commit().await.map(|_| ())
}

fn material(new: &NewKey) -> Result<(Algorithm, String, Option<String>)> {
    let unknown = || Error::field("algorithm", "unknown_algorithm", "Choose HS256, ES256 or EdDSA.");
    let algorithm = Algorithm::from_word(&new.algorithm).ok_or_else(unknown)?;
    match (algorithm, &new.public_key) {
        (Algorithm::Hs256, None) => {
            let secret = random_token("pls_");
            Ok((algorithm, secret.clone(), Some(secret)))
        }
        // a secret of somebody else's making may be weak, and a public key as a secret is a known attack
        (Algorithm::Hs256, Some(_)) => {
            Err(Error::field("public_key", "not_for_hs256", "For HS256 we make the secret; leave public_key out."))
        }
        (_, Some(pem)) if is_plain(pem) && CheckKey::public(algorithm, pem).is_some() => {
            Ok((algorithm, pem.clone(), None))
        }
        _ => Err(Error::field("public_key", "invalid_public_key", "Give the public key for this algorithm in PEM.")),
    }
}

/// Short, and nothing but printable ASCII and line ends: what a PEM file is.
fn is_plain(pem: &str) -> bool {
    pem.len() <= 2048 && pem.bytes().all(|b| b.is_ascii_graphic() || matches!(b, b' ' | b'\n' | b'\r'))
}

fn shown(row: identity_key::Model) -> IdentityKey {
    let identity_key::Model { id, name, algorithm, widget_id, created_at, .. } = row;
    IdentityKey { id, name, algorithm, widget: widget_id, created_at }
}
