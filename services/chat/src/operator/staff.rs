//! Who operators are.

use kernel::{Email, Error, Name, OperatorId, Result, Scope, Secret, SessionId, TenantId, Timestamp};
use store::Whose;

use super::audit::{self, Deed};
use super::tables::{operator, session};
use crate::Ctx;
use crate::identity::password::Password;
use crate::identity::{live, tokens};

/// An operator as they see themselves.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Id.
    pub id: OperatorId,
    /// Name.
    pub name: String,
    /// Address they log in with.
    pub email: String,
    /// Whether log-in asks for a code too.
    pub second_factor: bool,
}

/// An operator who proved who they are.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    /// Who.
    pub id: OperatorId,
    /// In which session.
    pub session: SessionId,
    /// When the token is over.
    pub expires_at: Timestamp,
}

impl Staff {
    /// The scope of this operator acting on a tenant.
    pub fn scope(&self, tenant: TenantId) -> Scope {
        tokens::scope_of_operator(tenant, self.id)
    }
}

/// Who an operator's token speaks for; their session must be alive and they must still be on the staff.
pub async fn vouch(ctx: &Ctx, token: &str) -> Result<Staff> {
    let (id, session, expires_at) = tokens::read_operator(ctx, token)?;
    let conn = ctx.db.platform();
    let alive = session::find(conn, session, ctx.clock().now()).await?.filter(|row| row.operator_id == id);
    if alive.is_none() || operator::find(conn, id).await?.is_none() {
        return Err(live::ended());
    }
    Ok(Staff { id, session, expires_at })
}

/// Adds an operator: for the command line, the demo and tests. The password obeys the same rules as everybody's.
pub async fn create(ctx: &Ctx, email: &str, name: &str, password: &str) -> Result<OperatorId> {
    let (email, name) = (Email::parse(email)?, Name::parse(name)?);
    let password = Password::parse(Secret::new(password).reveal(), email.as_str())?;
    let row = operator::Model {
        id: OperatorId::new(ctx.clock()),
        email: email.as_str().to_owned(),
        name: name.into_string(),
        password_hash: ctx.keys.bench.hash(&password).await?,
        totp_secret: None,
        totp_pending: None,
        totp_last_step: None,
        created_at: ctx.clock().now(),
        removed_at: None,
    };
    let unit = ctx.db.write(Whose::Platform).await?;
    if !operator::insert(unit.conn(), &row).await? {
        return Err(Error::conflict("operator_exists", "There is an operator with this address."));
    }
    let (object, detail) = (Some(row.id.to_string()), Some(row.email.clone()));
    let deed = Deed { action: "operator_created", tenant: None, object, detail };
    audit::record(ctx, &unit, None, deed).await?;
    unit.commit().await?;
    Ok(row.id)
}

impl From<operator::Model> for Operator {
    fn from(row: operator::Model) -> Self {
        Self { id: row.id, name: row.name, email: row.email, second_factor: row.totp_secret.is_some() }
    }
}
