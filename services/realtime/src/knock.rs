//! Sockets that have not said who they are: few per address, few in all.

use std::net::IpAddr;
use std::sync::Arc;

use dashmap::DashMap;
use kernel::{Error, Result};

use crate::HubConfig;

/// Counts those who stand at the door.
#[derive(Default)]
pub(crate) struct Door {
    waiting: DashMap<IpAddr, u32>,
    all: std::sync::atomic::AtomicU32,
}

/// One who stands at the door; dropped when it is let in or leaves.
pub struct Knock {
    door: Arc<Door>,
    from: IpAddr,
}

impl Door {
    pub fn knock(self: &Arc<Self>, from: IpAddr, config: &HubConfig) -> Result<Knock> {
        use std::sync::atomic::Ordering::AcqRel;
        let mut here = self.waiting.entry(from).or_insert(0);
        if *here >= config.knocks_per_address {
            return Err(refusal());
        }
        if self.all.fetch_add(1, AcqRel) >= config.knocks {
            self.all.fetch_sub(1, AcqRel);
            drop(here);
            self.waiting.remove_if(&from, |_, count| *count == 0);
            return Err(refusal());
        }
        *here += 1;
        Ok(Knock { door: self.clone(), from })
    }
}

fn refusal() -> Error {
    Error::limited("too_many_sockets", "Too many sockets are waiting to sign in. Try again in a few seconds.", 5)
}

impl Drop for Knock {
    fn drop(&mut self) {
        self.door.all.fetch_sub(1, std::sync::atomic::Ordering::AcqRel);
        if let Some(mut here) = self.door.waiting.get_mut(&self.from) {
            *here = here.saturating_sub(1);
        }
        self.door.waiting.remove_if(&self.from, |_, count| *count == 0);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn from(last: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, last).into()
    }

    #[test]
    fn ws_03_few_may_wait_per_address_and_in_all() {
        let config = HubConfig { knocks_per_address: 2, knocks: 3, ..HubConfig::default() };
        let door = Arc::new(Door::default());
        let mut inside = vec![];
        for last in [1, 1, 2] {
            inside.push(door.knock(from(last), &config).expect("there is room"));
        }
        assert!(door.knock(from(1), &config).is_err(), "a third from one address");
        assert!(door.knock(from(3), &config).is_err(), "a fourth in all");
        inside.clear();
        assert!(door.knock(from(1), &config).is_ok(), "who left makes room");
        assert!(door.waiting.len() <= 1, "nobody is remembered who left");
    }
}
