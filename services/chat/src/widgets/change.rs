//! Making, changing and deleting widgets.

use kernel::wire::{Display, Widget, WidgetSettings};
use kernel::{Audience, Error, Event, Name, Result, Role, Scope, WidgetId};
use store::Unit;

use super::{settings, tables::widget};
use crate::Ctx;

/// A widget to make.
pub struct NewWidget {
    /// Name, for the tenant's people.
    pub name: String,
    /// How it stands on the page.
    pub display: Display,
    /// Looks and words.
    pub settings: WidgetSettings,
}

/// What to change; `None` leaves it.
#[derive(Default)]
pub struct WidgetChange {
    /// New name.
    pub name: Option<String>,
    /// Switched on or off; off takes effect on live visitors at once.
    pub active: Option<bool>,
    /// All settings anew.
    pub settings: Option<WidgetSettings>,
}

/// Most widgets a tenant may have.
const MOST: usize = 100;

/// Makes a widget. Admins only.
pub async fn create(ctx: &Ctx, scope: &Scope, new: NewWidget) -> Result<Widget> {
    scope.require(Role::Admin)?;
    let name = Name::parse(&new.name)?.into_string();
    settings::check(&new.settings)?;
    let unit = ctx.db.write(scope).await?;
    let have = widget::all(unit.conn(), scope.tenant()).await?.len();
    if have >= MOST {
        return Err(Error::conflict("too_many_widgets", format!("A tenant may have {MOST} widgets.")));
    }
    let now = ctx.clock().now();
    let row = widget::Model {
        tenant_id: scope.tenant(),
        id: WidgetId::new(ctx.clock()),
        name,
        display: word(new.display)?,
        active: true,
        settings: serde_json::to_string(&new.settings).map_err(Error::internal)?,
        version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    widget::insert(unit.conn(), &row).await?;
    tell(unit, scope, row).await
}

/// Changes a widget. Admins only.
pub async fn update(ctx: &Ctx, scope: &Scope, id: WidgetId, change: WidgetChange) -> Result<Widget> {
    scope.require(Role::Admin)?;
    change.settings.as_ref().map_or(Ok(()), settings::check)?;
    let name = change.name.as_deref().map(Name::parse).transpose()?;
    let unit = ctx.db.write(scope).await?;
    let mut row = widget::find(unit.conn(), scope.tenant(), id).await?;
    if let Some(name) = name {
        row.name = name.into_string();
    }
    if let Some(settings) = &change.settings {
        row.settings = serde_json::to_string(settings).map_err(Error::internal)?;
    }
    row.active = change.active.unwrap_or(row.active);
    save(ctx, unit, scope, row).await
}

/// Deletes a widget; its conversations stay. Admins only.
pub async fn delete(ctx: &Ctx, scope: &Scope, id: WidgetId) -> Result<()> {
    scope.require(Role::Admin)?;
    let unit = ctx.db.write(scope).await?;
    let mut row = widget::find(unit.conn(), scope.tenant(), id).await?;
    row.deleted_at = Some(ctx.clock().now());
    row.active = false;
    save(ctx, unit, scope, row).await.map(|_| ())
}

async fn save(ctx: &Ctx, unit: Unit, scope: &Scope, mut row: widget::Model) -> Result<Widget> {
    row.version += 1;
    row.updated_at = ctx.clock().now();
    widget::save(unit.conn(), &row).await?;
    tell(unit, scope, row).await
}

async fn tell(mut unit: Unit, scope: &Scope, row: widget::Model) -> Result<Widget> {
    let widget = row.wire()?;
    unit.emit(scope.tenant(), Audience::Control, Event::WidgetChanged { widget: widget.clone() });
    unit.commit().await?;
    Ok(widget)
}

fn word(display: Display) -> Result<String> {
    let word = serde_json::to_value(display).map_err(Error::internal)?;
    word.as_str().map(str::to_owned).ok_or_else(|| Error::internal("a display is a word"))
}
