//! Moving time: deeds are done when the virtual clock reaches them.

use std::sync::Arc;
use std::time::Duration;

use crate::agenda::Deed;
use crate::core::Core;
use crate::world::World;
use crate::{send, webhook};

/// Longest real time a push or a fetch may keep `advance` waiting.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs for ever: does what is due, then waits for the clock or a bell.
pub async fn run(core: Arc<Core>) {
    loop {
        due(&core);
        let next = core.peek(|world| world.agenda.next().and_then(|due| world.clock.until(due)));
        tokio::select! {
            () = core.wake.notified() => {}
            () = tokio::time::sleep(next.unwrap_or(Duration::from_secs(3600))) => {}
        }
    }
}

/// Moves the clock forward deed by deed; each push is answered before the next deed is looked at.
pub async fn advance(core: &Arc<Core>, by: i64) {
    let _alone = core.stepping.lock().await;
    let until = core.peek(|world| world.clock.now()) + by.max(0);
    settle(core).await;
    while let Some(next) = core.peek(|world| world.agenda.next().filter(|next| *next <= until)) {
        core.peek(|world| world.clock.set(next.max(world.clock.now())));
        due(core);
        settle(core).await;
    }
    core.with(|world| world.clock.set(until));
    settle(core).await;
}

/// Waits until nothing is due and nothing is on its way.
pub async fn settle(core: &Core) -> bool {
    core.until(PATIENCE, |world| is_quiet(world).then_some(())).await.is_some()
}

fn is_quiet(world: &World) -> bool {
    let now = world.clock.now();
    world.outbox.flying == 0 && world.outbox.ready.is_empty() && world.agenda.next().is_none_or(|due| due > now)
}

/// Does everything that is due and starts the pushes that became ready.
fn due(core: &Arc<Core>) {
    let mut done = 0;
    while core.peek(|world| {
        let now = world.clock.now();
        world.agenda.take(now).map(|(_, deed)| perform(core, world, deed))
    }) == Some(())
    {
        done += 1;
    }
    webhook::start(core);
    if done > 0 {
        // whoever waits for rest looks again, also when nothing was pushed
        core.with(|_| ());
    }
}

fn perform(core: &Arc<Core>, world: &mut World, deed: Deed) {
    match deed {
        Deed::Emit(update) => webhook::emit(world, *update),
        Deed::Flush(target) => webhook::flush(world, &target),
        Deed::Deliver(delivery) => world.outbox.ready.push_back(delivery),
        Deed::Status(step) => send::step(world, *step),
        Deed::Fetch(fetch) => send::fetch(core, world, *fetch),
    }
}
