//! Writing a row and telling screens, in the same commit.

use chat::{Ctx, inbox};
use kernel::{Audience, Event, Result};
use store::Unit;

use crate::tables::{account, number, template};

/// Writes an account.
pub(crate) async fn account(unit: &mut Unit, row: &account::Model) -> Result<()> {
    account::save(unit.conn(), row).await?;
    tell_account(unit, row)
}

/// Says how an account stands.
pub(crate) fn tell_account(unit: &mut Unit, row: &account::Model) -> Result<()> {
    let account = Box::new(row.wire()?);
    unit.emit(row.tenant_id, Audience::Agents, Event::WhatsAppAccountChanged { account });
    Ok(())
}

/// Writes a number.
pub(crate) async fn number(unit: &mut Unit, row: &number::Model) -> Result<()> {
    number::save(unit.conn(), row).await?;
    tell_number(unit, row);
    Ok(())
}

/// Says how a number stands.
pub(crate) fn tell_number(unit: &mut Unit, row: &number::Model) {
    let number = Box::new(row.wire());
    unit.emit(row.tenant_id, Audience::Agents, Event::WhatsAppNumberChanged { number });
}

/// Writes a number whose name or display may be another now: conversations show it.
pub(crate) async fn named_number(ctx: &Ctx, unit: &mut Unit, row: &number::Model) -> Result<()> {
    number(unit, row).await?;
    let name = row.verified_name.as_deref().unwrap_or(&row.display);
    inbox::put_channel(ctx, unit, row.channel(), name, &row.display).await
}

/// Writes a template.
pub(crate) async fn template(unit: &mut Unit, row: &template::Model) -> Result<()> {
    template::save(unit.conn(), row).await?;
    tell_template(unit, row)
}

/// Says how a template stands.
pub(crate) fn tell_template(unit: &mut Unit, row: &template::Model) -> Result<()> {
    let template = Box::new(row.wire()?);
    unit.emit(row.tenant_id, Audience::Agents, Event::WhatsAppTemplateChanged { template });
    Ok(())
}
