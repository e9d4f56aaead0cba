//! Links to files, as both APIs ask for them.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use chat::Ctx;
use chat::files::{self, Variant};
use kernel::wire::File;
use kernel::{Error, FileId, Result, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A file to send up.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the form as the document shows it; it is read as a stream")]
pub struct FileForm {
    /// Where it is meant to go; comes first.
    conversation_id: Option<String>,
    /// One file, with its name and type.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A file.
#[derive(Serialize, ToSchema)]
pub struct FileShown {
    /// As it stands now.
    pub file: File,
}

/// Which picture of a picture.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AskedVariant {
    /// `full`, `large` or `small`; `full` unless told.
    variant: Option<String>,
}

impl AskedVariant {
    /// Reads it.
    pub fn parse(&self) -> Result<Variant> {
        self.variant.as_deref().map_or(Ok(Variant::Full), variant)
    }
}

fn variant(word: &str) -> Result<Variant> {
    Variant::from_word(word).ok_or_else(|| Error::field("variant", "unknown_value", "This value is not known here."))
}

/// One wanted link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedLink {
    id: FileId,
    /// `full`, `large` or `small`.
    variant: String,
}

/// Wanted links.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedLinks {
    /// 1 to 50.
    items: Vec<WantedLink>,
}

/// One link.
#[derive(Serialize, ToSchema)]
pub struct LinkShown {
    id: FileId,
    variant: &'static str,
    url: String,
    expires_at: Timestamp,
}

/// Links; what may not be had is left out.
#[derive(Serialize, ToSchema)]
pub struct Links {
    items: Vec<LinkShown>,
}

/// Mints links.
pub async fn mint(ctx: &Ctx, scope: &Scope, wanted: WantedLinks) -> Result<HttpResponse> {
    if !(1..=50).contains(&wanted.items.len()) {
        return Err(Error::field("items", "out_of_range", "Ask for 1 to 50 links."));
    }
    let items = wanted.items.iter().map(|one| Ok((one.id, variant(&one.variant)?))).collect::<Result<Vec<_>>>()?;
    let links = files::links(ctx, scope, &items).await?.into_iter().map(|link| LinkShown {
        id: link.id,
        variant: link.variant.word(),
        url: link.url,
        expires_at: link.expires_at,
    });
    Ok(HttpResponse::Ok().json(Links { items: links.collect() }))
}

/// Leads to a fresh link.
pub async fn lead(ctx: &Ctx, scope: &Scope, id: FileId, asked: &AskedVariant) -> Result<HttpResponse> {
    let link = files::link(ctx, scope, id, asked.parse()?).await?;
    Ok(HttpResponse::Found().insert_header((LOCATION, link.url)).finish())
}
