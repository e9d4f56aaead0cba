//! Submitting a template to Meta's reviewers.

use chat::Ctx;
use kernel::wire::WhatsAppTemplate;
use kernel::{Result, Role, Scope, WaAccountId};
use serde_json::{Value, json};

use crate::account::graph_of;
use crate::graph::Trouble;
use crate::payload::Look;
use crate::tables::{account, template};
use crate::template::sync::{blank, plan};
use crate::{keep, template as rules};

/// A template to be submitted.
pub struct NewTemplate {
    /// In which account.
    pub account: WaAccountId,
    /// Lower-case letters, digits and `_`.
    pub name: String,
    /// `en_US`.
    pub language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// Whether its gaps have names.
    pub named: bool,
    /// Its parts as Meta writes them, with examples for every gap.
    pub components: Vec<Value>,
}

/// Submits a template, after looking for whatever Meta would reject.
pub async fn create(ctx: &Ctx, scope: &Scope, new: NewTemplate) -> Result<WhatsAppTemplate> {
    scope.require(Role::Admin)?;
    let format = if new.named { "NAMED" } else { "POSITIONAL" };
    let language = new.language.trim().replace('-', "_");
    let body = json!({ "name": new.name.trim(), "language": language, "category": new.category,
        "parameter_format": format, "components": new.components });
    let read = rules::parse(&body)?;
    rules::check(&read)?;
    rules::examples(&read, &new.components)?;
    let of = account::find(&ctx.db.read(scope), scope.tenant(), new.account).await?;
    let graph = graph_of(ctx, &of)?;
    match graph.post(&[&of.waba_id, "message_templates"], &body).await {
        Ok(said) => keep_made(ctx, &of, &read, &new.components, &said).await,
        Err(trouble) => {
            // nobody knows whether it was taken: the list says so
            if let Trouble::Away | Trouble::Strange(_) = trouble {
                let mut unit = ctx.db.write(scope).await?;
                plan(&mut unit, &of, ctx.clock().now());
                unit.commit().await?;
            }
            Err(trouble.into())
        }
    }
}

async fn keep_made(
    ctx: &Ctx,
    of: &account::Model,
    read: &rules::Template,
    components: &[Value],
    said: &Value,
) -> Result<WhatsAppTemplate> {
    let mut unit = ctx.db.write(of.tenant_id).await?;
    // one that went before has its row still, and a comparison may have been faster
    let known = template::same(unit.conn(), of.id, &read.name, &read.language).await?;
    let is_new = known.is_none();
    let fresh = blank(ctx, of, read);
    let row = template::Model {
        id: known.as_ref().map_or(fresh.id, |row| row.id),
        meta_id: said.word("id"),
        // Meta may think it is of another category
        category: said.word("category").unwrap_or_else(|| read.category.clone()),
        status: said.word("status").unwrap_or_else(|| "PENDING".to_owned()),
        components: Value::from(components).to_string(),
        ..fresh
    };
    if is_new {
        template::insert(unit.conn(), &row).await?;
        keep::tell_template(&mut unit, &row)?;
    } else {
        keep::template(&mut unit, &row).await?;
    }
    unit.commit().await?;
    row.wire()
}
