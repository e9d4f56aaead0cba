//! Writing with a template: in a conversation, or to somebody first.

use chat::contacts::{self, Told};
use chat::inbox::{self, Body, ClientId, NewMessage, Posted, Via};
use chat::{Ctx, files};
use kernel::wire::{Content, Conversation, Extra, Message, Visibility, WhatsAppStanding, WhatsAppValues};
use kernel::{ContactId, ConversationId, Error, FileId, Name, Result, Role, Scope, WaNumberId, WaTemplateId};
use serde_json::json;
use store::Conn;

use crate::alias::Alias;
use crate::outgoing::MediaKind;
use crate::tables::{account, alias, number, template};
use crate::template::{Component, Template, Values, fill};
use crate::{person, preference};

/// Characters of a text with its values.
const MOST: usize = 1_024;

/// What is to be sent.
pub struct Filled {
    /// The sender's own id of it.
    pub client_id: ClientId,
    /// Which template.
    pub template: WaTemplateId,
    /// With which values.
    pub values: WhatsAppValues,
}

/// Somebody who is written to first.
pub struct Stranger {
    /// From which number.
    pub number: WaNumberId,
    /// Theirs, with the country's code.
    pub phone: String,
    /// Their name, if it is known.
    pub name: Option<String>,
}

/// Says a template in a conversation. A repeat is answered even if the template has been paused since.
pub async fn say(ctx: &Ctx, scope: &Scope, conversation: ConversationId, new: Filled) -> Result<Posted> {
    scope.require(Role::Agent)?;
    let conn = &ctx.db.read(scope);
    let talk = inbox::show(ctx, scope, conversation).await?;
    if let Some(message) = inbox::repeated(conn, scope, conversation, &new.client_id).await? {
        return Ok(Posted { message, repeated: true, position: ctx.db.head(scope.tenant()) });
    }
    let channel = talk.channel.as_ref().and_then(|channel| channel.id.parse::<WaNumberId>().ok());
    let channel = channel.ok_or_else(|| {
        Error::conflict("not_whatsapp", "Templates are for WhatsApp conversations. Write freely here.")
    })?;
    let number = number::find(conn, scope.tenant(), channel).await?;
    let template = usable(conn, scope, &number, new.template).await?;
    admit(conn, scope, talk.contact.id, &template).await?;
    fits(ctx, scope, &template, new.values.file_id).await?;
    inbox::post(ctx, scope, conversation, message(&template, new)?).await
}

/// Writes to somebody first: the same person is found by every way their number is written, and never has a second
/// conversation with a number.
pub async fn begin(ctx: &Ctx, scope: &Scope, to: &Stranger, new: Filled) -> Result<(Conversation, Message)> {
    scope.require(Role::Agent)?;
    let name = to.name.as_deref().filter(|name| !name.trim().is_empty()).map(Name::parse).transpose()?;
    let phone = phone(&to.phone)?;
    let number = number::find(&ctx.db.read(scope), scope.tenant(), to.number).await?;
    if new.values.file_id.is_some() {
        files::admit(ctx, scope, 1).await?;
        let template = template::find(&ctx.db.read(scope), scope.tenant(), new.template).await;
        fits(ctx, scope, &template.map_err(|_| unknown())?, new.values.file_id).await?;
    }
    let mut unit = ctx.db.write(scope).await?;
    let met = person::meet(ctx, &mut unit, scope.tenant(), &[Alias::Wa(phone.clone())]).await?;
    let told = Told { name: name.map(Name::into_string), phone: met.phone };
    let contact = contacts::told(ctx, &mut unit, scope.tenant(), met.contact, &told).await?;
    let conversation = inbox::converse(ctx, &mut unit, number.channel(), &contact, None).await?;
    let message = match inbox::repeated(unit.conn(), scope, conversation, &new.client_id).await? {
        Some(message) => message,
        None => {
            let template = usable(unit.conn(), scope, &number, new.template).await?;
            admit(unit.conn(), scope, contact.id, &template).await?;
            inbox::post_within(ctx, &mut unit, scope, conversation, message(&template, new)?).await?
        }
    };
    unit.commit().await?;
    Ok((inbox::show(ctx, scope, conversation).await?, message))
}

/// A template that may be sent from this number now.
async fn usable(conn: &impl Conn, scope: &Scope, number: &number::Model, id: WaTemplateId) -> Result<template::Model> {
    let row = match template::find(conn, scope.tenant(), id).await {
        Ok(row) if row.account_id == number.account_id => row,
        Ok(_) | Err(_) => return Err(unknown()),
    };
    let account = account::find(conn, scope.tenant(), number.account_id).await?;
    if account.standing()? == WhatsAppStanding::Disconnected {
        return Err(crate::number::disconnected());
    }
    let words = match row.status.as_str() {
        "APPROVED" => return Ok(row),
        "PAUSED" => {
            "Meta has paused this template because of complaints. Choose another one, or wait until it is resumed."
        }
        "DISABLED" => "Meta has switched this template off. Choose another one.",
        "REJECTED" => "Meta's reviewers rejected this template. Choose another one.",
        "PENDING" | "IN_APPEAL" => "Meta's reviewers have not decided about this template yet.",
        _ => "This template may not be sent. Choose another one.",
    };
    Err(Error::conflict("template_unusable", words))
}

fn unknown() -> Error {
    Error::field("template_id", "unknown_template", "This number has no such template.")
}

/// Refuses a file of another kind than the template begins with.
async fn fits(ctx: &Ctx, scope: &Scope, row: &template::Model, file: Option<FileId>) -> Result<()> {
    let Some(id) = file else { return Ok(()) };
    let template = row.template()?;
    let wanted = template.components.iter().find_map(|part| match part {
        Component::Media(format) => Some(format.to_ascii_lowercase()),
        _ => None,
    });
    let Some(wanted) = wanted else {
        return Err(Error::field("values", "file_refused", "This template has no place for a file."));
    };
    let missing = |_| Error::field("values", "unknown_file", "There is no such file. Send it up first.");
    let file = files::state(ctx, scope, id).await.map_err(missing)?;
    let kind = MediaKind::of(&file.media_type, u64::try_from(file.bytes).unwrap_or(u64::MAX));
    match kind.is_some_and(|kind| kind.word() == wanted) {
        true => Ok(()),
        false => Err(Error::field(
            "values",
            "file_unfit",
            "The file is not of the kind this template begins with, or too large for it.",
        )),
    }
}

/// Refuses what Meta would refuse for this person.
async fn admit(conn: &impl Conn, scope: &Scope, contact: ContactId, template: &template::Model) -> Result<()> {
    preference::admit(conn, scope.tenant(), contact, &template.category).await?;
    if template.category != "AUTHENTICATION" {
        return Ok(());
    }
    let names = alias::of_contact(conn, scope.tenant(), contact).await?;
    match names.iter().any(|name| name.kind == "wa" && name.former_at.is_none()) {
        true => Ok(()),
        false => Err(Error::conflict(
            "phone_needed",
            "Codes can be sent to a phone number only, and WhatsApp does not say theirs. Ask for it first.",
        )),
    }
}

/// The message as it will be read, and what Meta is asked to send.
fn message(row: &template::Model, new: Filled) -> Result<NewMessage> {
    let template = row.template()?;
    let Filled { client_id, values, .. } = new;
    let (components, shown) = fill(&template, &of_wire(&values)?)?;
    if shown.chars().count() > MOST + 120 {
        return Err(Error::field(
            "values",
            "too_long",
            "The text is too long with these values: WhatsApp takes 1,024 characters.",
        ));
    }
    let request = json!({ "name": row.name, "language": row.language, "components": components });
    let content =
        Content::Template { name: row.name.clone(), language: row.language.clone(), buttons: titles(&template) };
    Ok(NewMessage {
        client_id,
        body: Body::parse(&shown)?,
        files: values.file_id.into_iter().collect(),
        visibility: Visibility::Public,
        reply_to: None,
        extra: Some(Box::new(Extra { content: Some(content), ..Extra::default() })),
        via: Via { request: Some(request.to_string()), ..Via::default() },
    })
}

fn titles(template: &Template) -> Vec<String> {
    let buttons = template.components.iter().filter_map(|part| match part {
        Component::Buttons(all) => Some(all),
        _ => None,
    });
    buttons.flatten().map(|button| button.text.clone()).collect()
}

fn of_wire(values: &WhatsAppValues) -> Result<Values> {
    let place = |(key, value): (&String, &String)| {
        let strange = || Error::field("values", "unknown_value", "Buttons are named by their place, from 0.");
        Ok((key.parse::<usize>().map_err(|_| strange())?, value.clone()))
    };
    Ok(Values {
        header: values.header.clone(),
        body: values.body.clone(),
        buttons: values.buttons.iter().map(place).collect::<Result<_>>()?,
        media: values.file_id.map(|id: FileId| id.to_string()),
    })
}

/// Digits of a number written with its country's code.
fn phone(text: &str) -> Result<String> {
    let refuse = || {
        Error::field("phone", "invalid_phone", "Write the number with its country's code, such as +44 20 7946 0958.")
    };
    let text = text.trim();
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).ok_or_else(refuse)?;
    let plain = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/'));
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    match plain && (7..=15).contains(&digits.len()) && !digits.starts_with('0') {
        true => Ok(digits),
        false => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_its_country_is_nobodys() {
        assert_eq!(phone("+44 20 7946-0958").ok().as_deref(), Some("442079460958"));
        assert_eq!(phone("0049 170 1234567").ok().as_deref(), Some("491701234567"));
        for bad in ["", "020 7946 0958", "+0 123 4567", "+44 call me", "+1234", "US.1349"] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
