//! What customers see of a number beside its name.

use chat::Ctx;
use kernel::wire::WhatsAppProfile;
use kernel::{Error, Result, Role, Scope, WaNumberId};
use serde_json::{Value, json};

use crate::number::{Reach, reach};
use crate::payload::Look;

const FIELDS: &str = "about,address,description,email,websites,vertical";
/// What kinds of business Meta knows.
const VERTICALS: [&str; 25] = [
    "",
    "UNDEFINED",
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "ALCOHOL",
    "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING",
    "OTC_DRUGS",
    "MATRIMONY_SERVICE",
    "NOT_A_BIZ",
];

/// What Meta has.
pub async fn show(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<WhatsAppProfile> {
    read(&reach(ctx, scope, id).await?).await
}

/// Writes the whole profile, then reads it again.
pub async fn change(ctx: &Ctx, scope: &Scope, id: WaNumberId, profile: &WhatsAppProfile) -> Result<WhatsAppProfile> {
    scope.require(Role::Admin)?;
    check(profile)?;
    let reach = reach(ctx, scope, id).await?;
    reach.graph.post(&[&reach.number.phone_number_id, "whatsapp_business_profile"], &body(profile)).await?;
    read(&reach).await
}

/// Gives a number another picture, by the handle Meta gave for it when it was handed over.
pub async fn change_picture(ctx: &Ctx, scope: &Scope, id: WaNumberId, handle: &str) -> Result<()> {
    let reach = reach(ctx, scope, id).await?;
    if !handle.contains(':') || handle.len() > 4_096 || handle.chars().any(char::is_control) {
        return Err(Error::field("handle", "unknown_file", "Hand the picture over first; the answer has its handle."));
    }
    let body = json!({ "messaging_product": "whatsapp", "profile_picture_handle": handle });
    reach.graph.post(&[&reach.number.phone_number_id, "whatsapp_business_profile"], &body).await?;
    Ok(())
}

async fn read(reach: &Reach<'_>) -> Result<WhatsAppProfile> {
    let path = [reach.number.phone_number_id.as_str(), "whatsapp_business_profile"];
    let said = reach.graph.get(&path, &[("fields", FIELDS)]).await?;
    let item = said.list("data").first().cloned().unwrap_or_default();
    let word = |name: &str| item.word(name).unwrap_or_default();
    Ok(WhatsAppProfile {
        about: word("about"),
        address: word("address"),
        description: word("description"),
        email: word("email"),
        websites: item.list("websites").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        vertical: word("vertical"),
    })
}

/// Meta refuses an empty `about` and an empty `vertical`; they are left as they are.
fn body(profile: &WhatsAppProfile) -> Value {
    let mut body = json!({ "messaging_product": "whatsapp", "address": profile.address,
        "description": profile.description, "email": profile.email, "websites": profile.websites });
    for (name, value) in [("about", &profile.about), ("vertical", &profile.vertical)] {
        if !value.is_empty() {
            body[name] = value.as_str().into();
        }
    }
    body
}

fn check(profile: &WhatsAppProfile) -> Result<()> {
    for (field, text, most) in [
        ("about", &profile.about, 139),
        ("address", &profile.address, 256),
        ("description", &profile.description, 512),
        ("email", &profile.email, 128),
    ] {
        if text.chars().count() > most {
            return Err(Error::field(field, "too_long", format!("WhatsApp takes up to {most} characters here.")));
        }
    }
    if !profile.email.is_empty() && !profile.email.contains('@') {
        return Err(Error::field("email", "invalid_email", "Write an address such as mia@example.com."));
    }
    let web = |site: &String| {
        site.len() <= 256 && (site.starts_with("https://") || site.starts_with("http://")) && !site.contains(' ')
    };
    if profile.websites.len() > 2 || !profile.websites.iter().all(web) {
        return Err(Error::field(
            "websites",
            "invalid_url",
            "Up to two addresses that start with https://, each up to 256 characters.",
        ));
    }
    match VERTICALS.contains(&profile.vertical.as_str()) {
        true => Ok(()),
        false => Err(Error::field("vertical", "unknown_value", "Meta does not know this kind of business.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_meta_would_refuse_is_refused_before() {
        let fine = WhatsAppProfile { websites: vec!["https://x.example".into()], ..WhatsAppProfile::default() };
        assert!(check(&fine).is_ok() && body(&fine).get("about").is_none());
        for bad in [
            WhatsAppProfile { about: "x".repeat(140), ..fine.clone() },
            WhatsAppProfile { email: "nobody".into(), ..fine.clone() },
            WhatsAppProfile { websites: vec!["https://x.example".into(); 3], ..fine.clone() },
            WhatsAppProfile { websites: vec!["javascript:1".into()], ..fine.clone() },
            WhatsAppProfile { vertical: "FUN".into(), ..fine },
        ] {
            assert!(check(&bad).is_err(), "{bad:?}");
        }
    }
}
