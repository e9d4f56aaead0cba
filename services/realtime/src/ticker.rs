//! One beat for all connections: pings, dead peers, tokens that are over, presence that settled.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use crate::connection::Connection;
use crate::hub::{Hub, Inner};
use crate::{Ending, Kind};

/// Comings and goings within this time are told together.
const TOGETHER: Duration = Duration::from_millis(40);

pub(crate) async fn run(hub: Weak<Inner>) {
    let Some(first) = hub.upgrade() else { return };
    let mut beat = interval(first.config.tick);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    drop(first);
    loop {
        let Some(inner) = hub.upgrade() else { return };
        let is_beat = tokio::select! {
            _ = beat.tick() => true,
            () = inner.moved.notified() => false,
        };
        let hub = Hub(inner);
        if is_beat {
            hub.look_at_all();
            hub.look_elsewhere();
        } else {
            tokio::time::sleep(TOGETHER).await;
        }
        hub.tell_presence();
    }
}

impl Hub {
    fn look_at_all(&self) {
        let now = self.millis();
        for room in self.0.rooms.iter() {
            room.everyone().for_each(|connection| self.look_at(connection, now));
        }
    }

    fn look_at(&self, connection: &Arc<Connection>, now: u64) {
        if connection.is_expired(self.0.product.now()) {
            return connection.end(Ending::SignedOut);
        }
        if connection.kind == Kind::Poll {
            return;
        }
        let since = |at: u64| Duration::from_millis(now.saturating_sub(at));
        if since(connection.heard.load(Ordering::Relaxed)) > self.0.config.silence {
            if connection.ending().is_none() {
                self.0.meters.dead.increment(1);
            }
            return connection.end(Ending::Away);
        }
        if since(connection.pinged.load(Ordering::Relaxed)) >= self.0.config.ping {
            connection.pinged.store(now, Ordering::Relaxed);
            connection.ask_for_ping();
        }
    }

    fn tell_presence(&self) {
        let now = Instant::now();
        let (mut come, mut gone) = (Vec::new(), Vec::new());
        for mut room in self.0.rooms.iter_mut().filter(|room| room.is_stirred) {
            let tenant = *room.key();
            let news = room.presence_news(tenant, &self.others(), now, self.0.config.grace);
            for (to, text) in &news.frames {
                room.signal(*to, None, text, &self.0.config);
            }
            come.extend(news.come);
            gone.extend(news.gone);
        }
        self.0.rooms.retain(|_, room| !room.is_empty());
        self.share(&come, &gone);
    }
}
