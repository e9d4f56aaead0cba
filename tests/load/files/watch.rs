//! The most memory a server had, and it with the children that look at files.

use std::cell::Cell;
use std::fs;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use crate::machine;

/// Between two looks. The kernel itself keeps the most of what was resident, so that at least is not missed.
const LOOKS: Duration = Duration::from_millis(20);

/// In MB.
pub struct Seen {
    pub resident: f64,
    pub own: f64,
    pub family: f64,
}

pub struct Watch {
    pid: u32,
    over: Rc<Cell<bool>>,
    looking: JoinHandle<Result<(f64, f64)>>,
}

impl Watch {
    pub fn start(pid: u32) -> Result<Self> {
        // the most begins anew
        fs::write(format!("/proc/{pid}/clear_refs"), "5")?;
        let over = Rc::<Cell<bool>>::default();
        let looking = tokio::task::spawn_local(look(pid, Rc::clone(&over)));
        Ok(Self { pid, over, looking })
    }

    pub async fn end(self) -> Result<Seen> {
        self.over.set(true);
        let (own, family) = self.looking.await??;
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM line")?;
        let resident: f64 = most.trim().trim_end_matches("kB").trim().parse()?;
        Ok(Seen { resident: resident / 1024.0, own: own / 1024.0, family: family / 1024.0 })
    }
}

async fn look(pid: u32, over: Rc<Cell<bool>>) -> Result<(f64, f64)> {
    let (mut own, mut family) = (0.0_f64, 0.0_f64);
    while !over.get() {
        let now = machine::pss(pid)?;
        // one that has just ended weighs nothing
        let children: f64 = machine::children(pid).into_iter().filter_map(|child| machine::pss(child).ok()).sum();
        own = own.max(now);
        family = family.max(now + children);
        tokio::time::sleep(LOOKS).await;
    }
    Ok((own, family))
}
