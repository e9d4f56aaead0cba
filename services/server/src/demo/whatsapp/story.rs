//! What people wrote to the shop on WhatsApp in the last two days.

use anyhow::Result;
use data_encoding::BASE64;
use kernel::wire::{Choice, Content, Status, WhatsAppValues};
use kernel::{TenantId, Timestamp};
use serde_json::{Value, json};

use super::Simulator;
use super::tale::Tale;
use crate::Running;
use crate::demo::seed::{INVOICE, LIVING_ROOM, PARCEL, SHADES, Sample};

/// All of it, in the order in which it happened.
pub(super) async fn happens(running: &Running, sim: &Simulator, tenant: TenantId, now: Timestamp) -> Result<()> {
    let tale = Tale::of(running, sim, tenant, now).await?;
    closed(&tale).await?;
    reopened(&tale).await?;
    away(&tale).await?;
    every_kind(&tale).await?;
    choosing(&tale).await?;
    waiting(&tale).await?;
    tale.begins(0).await
}

/// João wrote yesterday morning; only a template reaches him now.
async fn closed(tale: &Tale<'_>) -> Result<()> {
    tale.begins(46 * 60).await?;
    let joao = tale.person("5541998765432", "João Silva", "BR").await?;
    joao.says("Olá! Do you ship the Harbour lamp to Brazil?").await?;
    let talk = joao.talk().await?;
    talk.is_read_by(1).await?;
    talk.is_taken_by(1).await?;
    joao.looks().await?;
    talk.says(1, "Olá João! We do: €24, eight to ten working days, customs included.").await?;
    talk.says(1, "Shall I put one aside for you?").await?;
    joao.leaves().await
}

/// Pablo was silent for more than a day; he answers a template, and can be written to freely again.
async fn reopened(tale: &Tale<'_>) -> Result<()> {
    tale.begins(31 * 60).await?;
    let pablo = tale.person("16505551234", "Pablo Morales", "US").await?;
    pablo.says("Hi! When will order 20433 leave?").await?;
    let talk = pablo.talk().await?;
    talk.is_taken_by(0).await?;
    talk.says(0, "Hello Pablo! As soon as the shades are back, I will write to you.").await?;
    tale.begins(210).await?;
    let body = [("1", "Pablo"), ("2", "20433")].map(|(gap, text)| (gap.to_owned(), text.to_owned()));
    let buttons = [("1".to_owned(), "20433".to_owned())].into();
    let values = WhatsAppValues { body: body.into(), buttons, ..WhatsAppValues::default() };
    talk.templates(0, "order_update", values).await?;
    pablo.looks().await?;
    pablo.does("tap", json!({ "message": pablo.last_received().await?, "choice": 0 })).await?;
    talk.says(0, "You are welcome! It is the second van today, between two and four.").await?;
    pablo.leaves().await
}

/// Amara's phone has no WhatsApp any more when the answer comes.
async fn away(tale: &Tale<'_>) -> Result<()> {
    tale.begins(170).await?;
    let amara = tale.person("447700900123", "Amara Okafor", "GB").await?;
    amara.says("Hi, is my lamp (order 20433) on its way? I am changing my number today.").await?;
    amara.does("leave_whatsapp", json!({})).await?;
    let talk = amara.talk().await?;
    talk.is_taken_by(0).await?;
    talk.says(0, "Hello Amara! It left this morning and should reach you on Tuesday.").await.map(drop)
}

/// Zoë sends everything a phone can send.
async fn every_kind(tale: &Tale<'_>) -> Result<()> {
    tale.begins(95).await?;
    let zoe = tale.person("491701234567", "Zoë Krüger", "DE").await?;
    zoe.does("ctwa", json!({ "text": "Hi! I saw the Harbour lamp and have a few questions." })).await?;
    let talk = zoe.talk().await?;
    talk.is_taken_by(0).await?;
    talk.is_read_by(0).await?;
    zoe.looks().await?;
    talk.says(0, "Hello Zoë! Ask away.").await?;
    let room = zoe.sends("image", picture(&LIVING_ROOM, "It would stand here, next to the sofa.")).await?;
    talk.reacts(0, "❤️").await?;
    zoe.sends("voice", json!({})).await?;
    let place = talk.last().await?;
    talk.quotes(0, place.id, "I hear you: the cable is two metres, so the socket by the window is fine.").await?;
    zoe.does("react", json!({ "message": zoe.last_received().await?, "emoji": "👍" })).await?;
    talk.hands(0, "These are the shades we have in stock.", &SHADES).await?;
    let asked = json!({ "text": "The second one!", "reply_to": zoe.last_received().await? });
    zoe.sends("text", asked).await?;
    zoe.sends("order", json!({})).await?;
    zoe.sends("location", json!({ "name": "Zoë's new flat", "address": "Sonnenallee 12, 12045 Berlin" })).await?;
    zoe.sends("contacts", json!({})).await?;
    let typo = zoe.says("Please call Barbara before you deliver, she has the kye.").await?;
    zoe.does("edit", json!({ "message": typo, "text": "Please call Barbara before you deliver, she has the key." }))
        .await?;
    let wrong = zoe.says("That was meant for somebody else").await?;
    zoe.does("revoke", json!({ "message": wrong })).await?;
    zoe.sends("text", json!({ "text": "10% off everything this weekend, a friend says?", "forwarded": true })).await?;
    zoe.sends("unsupported_poll", json!({})).await?;
    zoe.sends("text", json!({ "text": "And does it look like this in daylight?", "reply_to": room })).await?;
    talk.hands(0, "It does. Here is the invoice.", &INVOICE).await?;
    zoe.sends("sticker", json!({})).await?;
    zoe.leaves().await?;
    talk.is_read_by(0).await
}

/// Yuki taps her answers.
async fn choosing(tale: &Tale<'_>) -> Result<()> {
    tale.begins(55).await?;
    let yuki = tale.person("819012345678", "Yuki Tanaka", "JP").await?;
    yuki.says("I would like to send my lamp back.").await?;
    let talk = yuki.talk().await?;
    talk.is_taken_by(1).await?;
    yuki.looks().await?;
    let buttons = vec![choice("yes", "Yes, I have it", None), choice("no", "No", None)];
    talk.offers(1, "Do you still have the box it came in?", Content::Buttons { buttons }).await?;
    yuki.does("tap", json!({ "message": yuki.last_received().await?, "choice": 0 })).await?;
    let rows = vec![
        choice("mon", "Monday", Some("between 9 and 12")),
        choice("tue", "Tuesday", Some("between 13 and 17")),
        choice("shop", "I bring it to a shop", None),
    ];
    let list = Content::List { button: "Choose a day".to_owned(), rows };
    talk.offers(1, "When may we fetch it?", list).await?;
    yuki.does("tap", json!({ "message": yuki.last_received().await?, "choice": 1 })).await?;
    yuki.leaves().await
}

fn choice(id: &str, title: &str, description: Option<&str>) -> Choice {
    Choice { id: id.to_owned(), title: title.to_owned(), description: description.map(str::to_owned) }
}

/// Oliver has just written, and nobody has looked yet.
async fn waiting(tale: &Tale<'_>) -> Result<()> {
    tale.begins(7).await?;
    let oliver = tale.person("447700900456", "Oliver Grant", "GB").await?;
    oliver.says("Good morning. This is how my parcel arrived.").await?;
    oliver.sends("image", picture(&PARCEL, "")).await?;
    oliver.talk().await?.is_now(Status::Open).await
}

fn picture(sample: &Sample, caption: &str) -> Value {
    let data = BASE64.encode(sample.bytes);
    let caption = (!caption.is_empty()).then_some(caption);
    json!({ "data": data, "mime": sample.declared, "filename": sample.name, "caption": caption })
}
