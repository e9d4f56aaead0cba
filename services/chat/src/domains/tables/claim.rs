//! One row per claim of a widget to a host.

use kernel::wire::{Domain, DomainMethod, DomainProblem, DomainScope};
use kernel::{AgentId, ClaimId, Error, Result, TenantId, Timestamp, WidgetId};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QueryOrder, QuerySelect};
use serde::de::DeserializeOwned;
use store::{fault, is_conflict};

use crate::domains::instructions;
use crate::domains::life::{Failing, Standing};
use crate::domains::proof::Reason;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "domain_claim")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClaimId,
    pub widget_id: WidgetId,
    /// ASCII host, of a test claim with its port.
    pub host: String,
    pub scope: String,
    pub method: String,
    pub token: String,
    pub generation: i32,
    pub state: String,
    /// Code of the last check's [`Reason`].
    pub problem: Option<String>,
    pub verified_at: Option<Timestamp>,
    pub last_ok_at: Option<Timestamp>,
    pub checked_at: Option<Timestamp>,
    pub next_check_at: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub fail_kind: Option<String>,
    pub fail_count: i32,
    /// When a person last asked for a check; its day is what `checks_today` counts.
    pub checks_day: Option<Timestamp>,
    pub checks_today: i32,
    pub evidence: Option<String>,
    pub expires_at: Option<Timestamp>,
    pub created_by: Option<AgentId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant))
}

/// A widget's claims, oldest first.
pub async fn of_widget(conn: &impl ConnectionTrait, tenant: TenantId, widget: WidgetId) -> Result<Vec<Model>> {
    let mine = of(tenant).filter(Column::WidgetId.eq(widget));
    mine.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// One claim of the tenant, or not found.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: ClaimId) -> Result<Model> {
    peek(conn, tenant, id).await?.ok_or_else(Error::not_found)
}

/// One claim of the tenant, if it is still there.
pub async fn peek(conn: &impl ConnectionTrait, tenant: TenantId, id: ClaimId) -> Result<Option<Model>> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)
}

/// One claim of the tenant, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, id: ClaimId) -> Result<Option<Model>> {
    of(tenant).filter(Column::Id.eq(id)).lock_exclusive().one(conn).await.map_err(fault)
}

/// The claim of a widget to this host in this scope, held until the unit ends.
pub async fn same(conn: &impl ConnectionTrait, new: &Model) -> Result<Option<Model>> {
    let same = of(new.tenant_id)
        .filter(Column::WidgetId.eq(new.widget_id))
        .filter(Column::Host.eq(&new.host))
        .filter(Column::Scope.eq(&new.scope));
    same.lock_exclusive().one(conn).await.map_err(fault)
}

/// Claims whose check should have run by `before`.
pub async fn late(conn: &impl ConnectionTrait, before: Timestamp, most: u64) -> Result<Vec<Model>> {
    let late = Entity::find().filter(Column::NextCheckAt.lt(before)).order_by_asc(Column::NextCheckAt);
    late.limit(most).all(conn).await.map_err(fault)
}

/// Adds a row; the same claim twice is a conflict.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await;
    inserted.map(|_| ()).map_err(|error| if is_conflict(&error) { claimed_already() } else { fault(error) })
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Removes a row.
pub async fn delete(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::delete_by_id(row.id).exec(conn).await.map(|_| ()).map_err(fault)
}

/// The refusal for a claim that stands.
pub fn claimed_already() -> Error {
    Error::conflict("domain_claimed", "This widget has this domain already.")
}

/// The word a closed set is stored as.
pub fn word(value: impl serde::Serialize) -> Result<String> {
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    value.as_str().map(str::to_owned).ok_or_else(|| Error::internal("a member of a closed set is a word"))
}

fn read<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(word.into()).map_err(Error::internal)
}

impl Model {
    /// How far it reaches.
    pub fn reach(&self) -> Result<DomainScope> {
        read(&self.scope)
    }

    /// How it is proved.
    pub fn way(&self) -> Result<DomainMethod> {
        read(&self.method)
    }

    /// Where it stands.
    pub fn standing(&self) -> Result<Standing> {
        Ok(Standing {
            state: read(&self.state)?,
            problem: self.problem.as_deref().and_then(Reason::from_code),
            verified_at: self.verified_at,
            last_ok_at: self.last_ok_at,
            failing_since: self.failing_since,
            failing: self.fail_kind.as_deref().and_then(Failing::from_word),
            fail_count: self.fail_count,
            next_check_at: self.next_check_at,
            expires_at: self.expires_at,
        })
    }

    /// Moves it to another standing.
    pub fn stand(&mut self, standing: Standing, now: Timestamp) {
        self.state = standing.state.word().to_owned();
        self.problem = standing.problem.map(|reason| reason.code().to_owned());
        self.verified_at = standing.verified_at;
        self.last_ok_at = standing.last_ok_at;
        self.failing_since = standing.failing_since;
        self.fail_kind = standing.failing.map(|failing| failing.word().to_owned());
        self.fail_count = standing.fail_count;
        self.next_check_at = standing.next_check_at;
        self.expires_at = standing.expires_at;
        self.updated_at = now;
    }

    /// As the wire shows it.
    pub fn wire(&self) -> Result<Domain> {
        let standing = self.standing()?;
        let problem =
            standing.problem.map(|reason| DomainProblem { code: reason.code().into(), text: reason.text().into() });
        Ok(Domain {
            id: self.id,
            widget_id: self.widget_id,
            host: self.host.clone(),
            host_unicode: instructions::unicode(&self.host),
            scope: self.reach()?,
            method: self.way()?,
            state: standing.state,
            instructions: instructions::of(&self.host, self.reach()?, &self.token)?,
            problem,
            checked_at: self.checked_at,
            next_check_at: self.next_check_at,
            verified_at: self.verified_at,
            expires_at: self.expires_at,
            created_at: self.created_at,
        })
    }
}
