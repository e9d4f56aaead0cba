//! Who is told: number before account before app, subscribed fields only, subscribed accounts only.

use super::Update;
use crate::world::World;

/// Where something goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The app whose secret signs.
    pub app: String,
    /// The address.
    pub url: String,
}

/// All apps an update goes to.
pub fn targets(world: &World, update: &Update) -> Vec<Target> {
    let Some(waba) = world.wabas.get(&update.waba) else { return Vec::new() };
    let number = update.number.as_ref().and_then(|number| world.numbers.get(number));
    let follows = World::follows_override(&update.field);
    let own = number.and_then(|number| number.callback.as_ref()).filter(|_| follows);
    let apps = waba.subscribed.iter().filter_map(|(id, over)| Some((world.apps.get(id)?, over)));
    let subscribed = apps.filter(|(app, _)| app.fields.contains(&update.field));
    let told = subscribed.filter_map(|(app, over)| {
        let over = own.or(over.as_ref().filter(|_| follows)).map(|over| over.url.clone());
        Some(Target { app: app.id.clone(), url: over.or_else(|| app.callback.clone())? })
    });
    told.collect()
}
