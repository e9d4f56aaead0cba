//! One row per template and language of an account.

use kernel::wire::WhatsAppTemplate;
use kernel::{Error, Result, TenantId, Timestamp, WaAccountId, WaTemplateId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{ActiveValue::Unchanged, Condition, IntoActiveModel, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use store::{fault, is_conflict};

use crate::template::{self, Component, Template, variables};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_template")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaTemplateId,
    pub account_id: WaAccountId,
    /// Meta's id, as text: it is a number that not every reader of JSON can hold.
    pub meta_id: Option<String>,
    pub name: String,
    /// With `_`.
    pub language: String,
    pub category: String,
    pub status: String,
    pub quality: Option<String>,
    pub reason: Option<String>,
    pub named: bool,
    /// As Meta lists them.
    pub components: String,
    /// How old the last news of each kind was, and what it said.
    pub news: String,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Which templates.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this account only.
    pub account: Option<WaAccountId>,
    /// In this state only; without, all but those that are gone.
    pub status: Option<String>,
    /// In this language only.
    pub language: Option<String>,
    /// With these characters in their name.
    pub part: Option<String>,
}

/// Where a page begins.
pub type Mark = (String, String, WaTemplateId);

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant))
}

/// A tenant's templates by name and language.
pub async fn page(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    wanted: &Wanted,
    after: Option<Mark>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut mine = match &wanted.status {
        Some(status) => of(tenant).filter(Column::Status.eq(status)),
        None => of(tenant).filter(Column::Status.ne("DELETED")),
    };
    if let Some(account) = wanted.account {
        mine = mine.filter(Column::AccountId.eq(account));
    }
    if let Some(language) = &wanted.language {
        mine = mine.filter(Column::Language.eq(language));
    }
    if let Some(part) = &wanted.part {
        let literal = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        mine = mine.filter(Column::Name.like(LikeExpr::new(format!("%{literal}%")).escape('\\')));
    }
    if let Some((name, language, id)) = after {
        let tie = Condition::any()
            .add(Column::Language.gt(&language))
            .add(Condition::all().add(Column::Language.eq(&language)).add(Column::Id.gt(id)));
        let same = Condition::all().add(Column::Name.eq(&name)).add(tie);
        mine = mine.filter(Condition::any().add(Column::Name.gt(&name)).add(same));
    }
    let ordered = mine.order_by_asc(Column::Name).order_by_asc(Column::Language).order_by_asc(Column::Id);
    ordered.limit(most).all(conn).await.map_err(fault)
}

/// One template of the tenant, or not found.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: WaTemplateId) -> Result<Model> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// The same, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, id: WaTemplateId) -> Result<Model> {
    let mine = of(tenant).filter(Column::Id.eq(id)).lock_exclusive();
    mine.one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// An account's template under its natural key, held until the unit ends.
pub async fn same(
    conn: &impl ConnectionTrait,
    account: WaAccountId,
    name: &str,
    language: &str,
) -> Result<Option<Model>> {
    let one = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::Name.eq(name));
    one.filter(Column::Language.eq(language)).lock_exclusive().one(conn).await.map_err(fault)
}

/// All templates of an account, held until the unit ends.
pub async fn of_account(conn: &impl ConnectionTrait, account: WaAccountId) -> Result<Vec<Model>> {
    let mine = Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id);
    mine.lock_exclusive().all(conn).await.map_err(fault)
}

/// How many of an account's templates are in this state.
pub async fn count(conn: &impl ConnectionTrait, account: WaAccountId, status: &str) -> Result<u64> {
    let mine = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::Status.eq(status));
    mine.count(conn).await.map_err(fault)
}

/// Adds a row; the same name and language twice is a conflict.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await;
    inserted.map(|_| ()).map_err(|error| match is_conflict(&error) {
        true => Error::conflict("template_known", "There is a template of this name in this language already."),
        false => fault(error),
    })
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    fn parts(&self) -> Vec<Value> {
        serde_json::from_str(&self.components).unwrap_or_default()
    }

    /// As the rules read it.
    pub fn template(&self) -> Result<Template> {
        let format = if self.named { "NAMED" } else { "POSITIONAL" };
        let item = json!({ "name": self.name, "language": self.language, "category": self.category,
            "parameter_format": format, "components": self.parts() });
        template::read(&item).ok_or_else(|| Error::internal("a template has a name and a language"))
    }

    /// As the wire shows it.
    pub fn wire(&self) -> Result<WhatsAppTemplate> {
        let texts = self.template()?.components;
        let mut gaps: Vec<String> = Vec::new();
        for text in texts.iter().filter_map(words) {
            gaps.extend(variables(text));
        }
        let mut seen = std::collections::BTreeSet::new();
        gaps.retain(|gap| seen.insert(gap.clone()));
        Ok(WhatsAppTemplate {
            id: self.id,
            account_id: self.account_id,
            name: self.name.clone(),
            language: self.language.clone(),
            category: self.category.clone(),
            status: self.status.clone(),
            quality: self.quality.clone(),
            reason: self.reason.clone(),
            named: self.named,
            components: self.parts(),
            variables: gaps,
            updated_at: self.updated_at,
        })
    }
}

fn words(component: &Component) -> Option<&str> {
    match component {
        Component::Header(text) | Component::Body(text) => Some(text),
        _ => None,
    }
}
