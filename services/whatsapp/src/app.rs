//! Meta apps: who may call us, and under which secret.
//!
//! A tenant brings its own app, or uses the platform's, which its operators look after. Either way an app has an address
//! of its own, so that which secret counts is known before a body is looked at.

use std::time::Duration;

use chat::Ctx;
use chat::operator::{self, Staff};
use kernel::wire::WhatsAppApp;
use kernel::{Error, Name, Result, Role, Scope, Secret, TenantId, Timestamp, WaAppId, random_token};
use store::{Unit, Whose};

use crate::hint::{hint, meta_id, pasted};
use crate::tables::app;

/// How long deliveries under the secret before the present one are accepted.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);
/// Most apps of one owner.
const MOST: usize = 20;

/// Whose apps are meant.
#[derive(Clone, Copy)]
pub enum Owner<'a> {
    /// A tenant's, by one of its admins.
    Tenant(&'a Scope),
    /// The platform's, by one of its operators.
    Platform(&'a Staff),
}

impl Owner<'_> {
    /// What operators do is written down.
    async fn note(self, ctx: &Ctx, unit: &Unit, action: &'static str, row: &app::Model) -> Result<()> {
        match self {
            Self::Tenant(_) => Ok(()),
            Self::Platform(staff) => operator::note(ctx, unit, staff, action, &row.id.to_string(), &row.name).await,
        }
    }

    fn admin(self) -> Result<Option<TenantId>> {
        match self {
            Self::Tenant(scope) => scope.require(Role::Admin).map(|()| Some(scope.tenant())),
            Self::Platform(_) => Ok(None),
        }
    }
}

/// An app to be added.
pub struct NewApp {
    /// Meta's id of it.
    pub meta_app_id: String,
    /// What people here call it.
    pub name: String,
    /// The app secret.
    pub secret: Secret<String>,
    /// What Meta must say when the callback is saved; made up when there is none.
    pub verify_token: Option<Secret<String>>,
    /// Meta's id of the app's Embedded Signup configuration.
    pub signup_config: Option<String>,
}

/// What is to be changed of an app.
#[derive(Default)]
pub struct ChangeApp {
    /// Another name.
    pub name: Option<String>,
    /// Another secret; the one before counts for another 24 hours.
    pub secret: Option<Secret<String>>,
    /// Another verify token.
    pub verify_token: Option<Secret<String>>,
    /// Another Embedded Signup configuration; an empty one takes it away.
    pub signup_config: Option<String>,
}

/// The owner's apps, oldest first; a tenant sees the platform's after its own, to connect accounts through.
pub async fn list(ctx: &Ctx, by: Owner<'_>) -> Result<Vec<WhatsAppApp>> {
    let owner = by.admin()?;
    let mut rows = app::list(ctx.db.platform(), owner).await?;
    if owner.is_some() {
        rows.extend(app::list(ctx.db.platform(), None).await?);
    }
    let now = ctx.clock().now();
    Ok(rows.iter().map(|row| wire(ctx, row, owner.is_none() || row.tenant_id.is_some(), now)).collect())
}

/// Adds an app. The answer says where Meta must call, and holds the verify token for the only time.
pub async fn create(ctx: &Ctx, by: Owner<'_>, new: NewApp) -> Result<WhatsAppApp> {
    let owner = by.admin()?;
    let now = ctx.clock().now();
    let id = WaAppId::new(ctx.clock());
    let secret = pasted("secret", &new.secret)?;
    let verify = match &new.verify_token {
        Some(token) => pasted("verify_token", token)?,
        None => Secret::new(random_token("")),
    };
    let row = app::Model {
        tenant_id: owner,
        id,
        meta_app_id: meta_id("meta_app_id", &new.meta_app_id)?,
        name: Name::parse(&new.name)?.as_str().to_owned(),
        secret: Some(ctx.vault.seal(&place(id, "secret"), secret.reveal())?),
        secret_hint: Some(hint(&secret)),
        old_secret: None,
        old_until: None,
        verify_token: Some(ctx.vault.seal(&place(id, "verify"), verify.reveal())?),
        verify_hint: Some(hint(&verify)),
        signup_config: configuration(new.signup_config.as_deref())?,
        created_at: now,
        updated_at: now,
    };
    if app::list(ctx.db.platform(), owner).await?.len() >= MOST {
        return Err(Error::conflict("too_many_apps", "There are twenty apps already."));
    }
    let unit = ctx.db.write(Whose::Platform).await?;
    app::insert(unit.conn(), &row).await?;
    by.note(ctx, &unit, "whatsapp_app_added", &row).await?;
    unit.commit().await?;
    Ok(WhatsAppApp { verify_token: Some(verify.reveal().clone()), ..wire(ctx, &row, true, now) })
}

/// Changes an app. A new secret leaves the old one valid for 24 hours, because Meta goes on signing with it for a while
/// and repeats what it signed before.
pub async fn change(ctx: &Ctx, by: Owner<'_>, id: WaAppId, change: ChangeApp) -> Result<WhatsAppApp> {
    let owner = by.admin()?;
    let now = ctx.clock().now();
    let unit = ctx.db.write(Whose::Platform).await?;
    let mut row = app::lock(unit.conn(), owner, id).await?;
    if let Some(name) = &change.name {
        row.name = Name::parse(name)?.as_str().to_owned();
    }
    if let Some(secret) = &change.secret {
        let secret = pasted("secret", secret)?;
        row.old_secret = row.secret.take();
        row.old_until = row.old_secret.as_ref().map(|_| now.plus(OVERLAP));
        row.secret = Some(ctx.vault.seal(&place(id, "secret"), secret.reveal())?);
        row.secret_hint = Some(hint(&secret));
    }
    if let Some(token) = &change.verify_token {
        let token = pasted("verify_token", token)?;
        row.verify_token = Some(ctx.vault.seal(&place(id, "verify"), token.reveal())?);
        row.verify_hint = Some(hint(&token));
    }
    if change.signup_config.is_some() {
        row.signup_config = configuration(change.signup_config.as_deref())?;
    }
    row.updated_at = now;
    app::save(unit.conn(), &row).await?;
    by.note(ctx, &unit, "whatsapp_app_changed", &row).await?;
    unit.commit().await?;
    Ok(wire(ctx, &row, true, now))
}

/// Takes an app's secrets out: nothing is accepted for it any more. What came through it stays.
pub async fn forget_credentials(ctx: &Ctx, by: Owner<'_>, id: WaAppId) -> Result<()> {
    let owner = by.admin()?;
    let unit = ctx.db.write(Whose::Platform).await?;
    let row = app::lock(unit.conn(), owner, id).await?;
    let row = app::Model {
        secret: None,
        secret_hint: None,
        old_secret: None,
        old_until: None,
        verify_token: None,
        verify_hint: None,
        updated_at: ctx.clock().now(),
        ..row
    };
    app::save(unit.conn(), &row).await?;
    by.note(ctx, &unit, "whatsapp_app_secrets_removed", &row).await?;
    unit.commit().await.map(|_| ())
}

/// The secrets that count now: the present one, and the one before while its time lasts.
pub(crate) fn secrets(ctx: &Ctx, row: &app::Model) -> Result<Vec<Secret<String>>> {
    let lives = row.old_until.is_some_and(|until| until > ctx.clock().now());
    let old = row.old_secret.as_ref().filter(|_| lives);
    row.secret.iter().chain(old).map(|sealed| ctx.vault.open(&place(row.id, "secret"), sealed)).collect()
}

/// The refusal for an app that nothing can be asked as.
pub(crate) fn without_secret() -> Error {
    Error::conflict("app_without_secret", "This app has no secret any more. Give it one first.")
}

/// What Meta must say when the callback is saved.
pub(crate) fn verify_token(ctx: &Ctx, row: &app::Model) -> Result<Option<Secret<String>>> {
    row.verify_token.as_ref().map(|sealed| ctx.vault.open(&place(row.id, "verify"), sealed)).transpose()
}

/// Where Meta must call.
pub(crate) fn callback(ctx: &Ctx, id: WaAppId) -> String {
    format!("{}/inbound/whatsapp/{id}", ctx.site.public)
}

/// An id of Meta's, or none.
fn configuration(text: Option<&str>) -> Result<Option<String>> {
    text.filter(|text| !text.trim().is_empty()).map(|text| meta_id("signup_config", text)).transpose()
}

/// What a sealed text is bound to: the row and its column.
pub(crate) fn place(id: WaAppId, what: &str) -> String {
    format!("{id} {what}")
}

/// As the wire shows it; of the platform's app a tenant sees no end of a secret.
fn wire(ctx: &Ctx, row: &app::Model, own: bool, now: Timestamp) -> WhatsAppApp {
    WhatsAppApp {
        id: row.id,
        meta_app_id: row.meta_app_id.clone(),
        name: row.name.clone(),
        callback_url: callback(ctx, row.id),
        secret_hint: row.secret_hint.clone().filter(|_| own),
        old_secret_until: row.old_until.filter(|until| own && *until > now),
        verify_token_hint: row.verify_hint.clone().filter(|_| own),
        verify_token: None,
        signup_config: row.signup_config.clone(),
        platform: row.tenant_id.is_none(),
        created_at: row.created_at,
    }
}
