//! Looking at templates, and taking one away.

use chat::Ctx;
use kernel::wire::{WhatsAppPreview, WhatsAppPreviewButton, WhatsAppTemplate, WhatsAppValues};
use kernel::{Cursor, Error, Limit, Page, Result, Role, Scope, WaTemplateId};

use crate::account::graph_of;
use crate::graph::Trouble;
use crate::keep;
use crate::tables::{account, template};
use crate::template::{Component, Template, filled};

pub use crate::tables::template::Wanted;

/// What Meta says of a template that is gone already.
const GONE: [i64; 2] = [2_593_002, 2_388_039];

/// A page of the tenant's templates, by name and language.
pub async fn list(
    ctx: &Ctx,
    scope: &Scope,
    wanted: Wanted,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<WhatsAppTemplate>> {
    scope.require(Role::Agent)?;
    plain("status", wanted.status.as_deref())?;
    plain("language", wanted.language.as_deref())?;
    plain("q", wanted.part.as_deref())?;
    let wanted = Wanted {
        status: wanted.status.map(|status| status.to_ascii_uppercase()),
        language: wanted.language.map(|tag| tag.replace('-', "_")),
        part: wanted.part.map(|part| part.trim().to_lowercase().replace(' ', "_")).filter(|part| !part.is_empty()),
        ..wanted
    };
    let after: Option<template::Mark> = cursor.map(Cursor::unpack).transpose()?;
    let rows = template::page(&ctx.db.read(scope), scope.tenant(), &wanted, after, limit.get() + 1).await?;
    let items = rows.iter().map(template::Model::wire).collect::<Result<Vec<_>>>()?;
    Page::cut(items, limit, |last| (last.name.clone(), last.language.clone(), last.id))
}

fn plain(field: &'static str, text: Option<&str>) -> Result<()> {
    match text.is_some_and(|text| text.chars().any(char::is_control)) {
        true => Err(Error::field(field, "invalid_character", "A search holds no control characters.")),
        false => Ok(()),
    }
}

/// One template.
pub async fn show(ctx: &Ctx, scope: &Scope, id: WaTemplateId) -> Result<WhatsAppTemplate> {
    scope.require(Role::Agent)?;
    template::find(&ctx.db.read(scope), scope.tenant(), id).await?.wire()
}

/// How a template looks with these values; a gap without one stays as it is written.
pub async fn preview(ctx: &Ctx, scope: &Scope, id: WaTemplateId, values: &WhatsAppValues) -> Result<WhatsAppPreview> {
    scope.require(Role::Agent)?;
    Ok(shown(&template::find(&ctx.db.read(scope), scope.tenant(), id).await?.template()?, values))
}

/// Takes a template away at Meta, in this language only; what was sent with it stays.
pub async fn delete(ctx: &Ctx, scope: &Scope, id: WaTemplateId) -> Result<()> {
    scope.require(Role::Admin)?;
    let row = template::find(&ctx.db.read(scope), scope.tenant(), id).await?;
    let account = account::find(&ctx.db.read(scope), scope.tenant(), row.account_id).await?;
    // by its name alone all languages would go
    let Some(meta_id) = row.meta_id.as_deref() else {
        return Err(Error::conflict(
            "template_unsynced",
            "Meta's id of this template is not known yet. Compare the templates first.",
        ));
    };
    let query = [("name", row.name.as_str()), ("hsm_id", meta_id)];
    match graph_of(ctx, &account)?.delete(&[&account.waba_id, "message_templates"], &query).await {
        Ok(_) => (),
        Err(Trouble::Refused(problem)) if problem.subcode.is_some_and(|code| GONE.contains(&code)) => (),
        Err(trouble) => return Err(trouble.into()),
    }
    let mut unit = ctx.db.write(scope).await?;
    let mut row = template::lock(unit.conn(), scope.tenant(), id).await?;
    row.status = "DELETED".to_owned();
    row.updated_at = ctx.clock().now();
    keep::template(&mut unit, &row).await?;
    unit.commit().await.map(|_| ())
}

fn shown(template: &Template, values: &WhatsAppValues) -> WhatsAppPreview {
    let mut preview = WhatsAppPreview::default();
    let given = |value: Option<&String>| value.filter(|value| !value.trim().is_empty()).cloned();
    for component in &template.components {
        match component {
            Component::Header(text) => preview.header = Some(filled(text, |gap| given(values.header.get(gap)))),
            Component::Body(text) => preview.text = filled(text, |gap| given(values.body.get(gap))),
            Component::Footer(text) => preview.footer = Some(text.clone()),
            Component::Buttons(all) => {
                preview.buttons = all
                    .iter()
                    .enumerate()
                    .map(|(place, button)| {
                        let value = given(values.buttons.get(&place.to_string()));
                        WhatsAppPreviewButton {
                            kind: button.kind.clone(),
                            text: button.text.clone(),
                            url: button.url.as_deref().map(|url| filled(url, |_| value.clone())),
                            phone: button.phone.clone(),
                        }
                    })
                    .collect();
            }
            Component::Media(_) | Component::Other(_) => (),
        }
    }
    preview
}
