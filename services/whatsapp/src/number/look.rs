//! Asking Meta how a number stands.

use chat::Ctx;
use kernel::wire::WhatsAppNumber;
use kernel::{Result, Role, Scope, WaNumberId};
use serde_json::Value;
use store::Whose;

use crate::account::{FIELDS, graph_of, told};
use crate::graph::Graph;
use crate::keep;
use crate::tables::{account, number};

/// A number with somebody who may ask about it.
pub(crate) struct Reach<'a> {
    /// The number.
    pub number: number::Model,
    /// Asks with the account's token.
    pub graph: Graph<'a>,
}

/// An admin's way to a number of theirs.
pub(crate) async fn reach<'a>(ctx: &'a Ctx, scope: &Scope, id: WaNumberId) -> Result<Reach<'a>> {
    scope.require(Role::Admin)?;
    let conn = &ctx.db.read(scope);
    let number = number::find(conn, scope.tenant(), id).await?;
    let account = account::find(conn, scope.tenant(), number.account_id).await?;
    let graph = graph_of(ctx, &account)?;
    Ok(Reach { number, graph })
}

impl Reach<'_> {
    /// What Meta says of it now.
    pub async fn look(&self) -> crate::graph::Asked<Value> {
        self.graph.get(&[&self.number.phone_number_id], &[("fields", FIELDS)]).await
    }

    /// Writes down what was done with it; then looks at it anew, whether or not that succeeds.
    pub async fn keep(&self, ctx: &Ctx, change: impl FnOnce(&mut number::Model)) -> Result<WhatsAppNumber> {
        let said = self.look().await.ok();
        let mut unit = ctx.db.write(Whose::Platform).await?;
        let mut row = number::lock(unit.conn(), self.number.tenant_id, self.number.id).await?;
        change(&mut row);
        if let Some(said) = said {
            told(&mut row, &said);
        }
        row.updated_at = ctx.clock().now();
        keep::named_number(ctx, &mut unit, &row).await?;
        unit.commit().await?;
        Ok(row.wire())
    }
}

/// Asks Meta again how a number stands.
pub async fn refresh(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<WhatsAppNumber> {
    let reach = reach(ctx, scope, id).await?;
    reach.look().await?;
    reach.keep(ctx, |_| ()).await
}

/// The same for all numbers of an account, by itself. A number that is not listed any more stays as it was.
pub(crate) async fn refresh_all(ctx: &Ctx, of: &account::Model) -> Result<()> {
    let said = crate::account::numbers(&graph_of(ctx, of)?, &of.waba_id).await?;
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(of.tenant_id).await?;
    for mut row in number::of_account(unit.conn(), of.tenant_id, of.id).await? {
        let before = row.clone();
        let mine = |one: &&Value| one.get("id").and_then(Value::as_str) == Some(row.phone_number_id.as_str());
        let Some(one) = said.iter().find(mine) else { continue };
        told(&mut row, one);
        if row != before {
            row.updated_at = now;
            keep::named_number(ctx, &mut unit, &row).await?;
        }
    }
    unit.commit().await.map(|_| ())
}
