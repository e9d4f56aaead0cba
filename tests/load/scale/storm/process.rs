//! One process with the role `realtime`: its door, and the queue for its connections to the database.

use std::collections::VecDeque;

use crate::scale::storm::crowd::{Act, TICK_MS};
use crate::scale::storm::plan::Rules;

/// Somebody who waits for the database.
#[derive(Clone, Copy)]
pub struct Waiting {
    pub client: u32,
    pub run: u16,
    pub act: Act,
    since: u32,
}

/// A process.
pub struct Process {
    /// When it takes sockets again; 0 when it does.
    pub down_until: u32,
    /// Places left at the door.
    places: f64,
    /// Sockets that have not signed in.
    knocks: u32,
    queue: VecDeque<Waiting>,
    /// Reads it may still do in this step.
    credit: f64,
    pub sockets: usize,
    /// Dials of this second.
    pub dialled: u32,
}

impl Process {
    pub fn new(rules: &Rules) -> Self {
        let places = rules.product.admitted_at_once;
        Self { down_until: 0, places, knocks: 0, queue: VecDeque::new(), credit: 0.0, sockets: 0, dialled: 0 }
    }

    /// One step of time: places at the door and time of the database come back.
    pub fn step(&mut self, rules: &Rules, sign_ins: f64) {
        let seconds = f64::from(TICK_MS) / 1000.0;
        self.places = (self.places + rules.product.admitted * seconds).min(rules.product.admitted_at_once);
        // what was not used is gone: a connection cannot be busy later for having been idle
        self.credit = sign_ins.mul_add(seconds, self.credit.min(1.0));
    }

    /// A socket at the door: in, or refused (`realtime/src/{arrivals,knock}.rs`).
    pub fn dial(&mut self, client: u32, run: u16, now: u32, rules: &Rules) -> bool {
        self.dialled += 1;
        if rules.is_admitting {
            if self.places < 1.0 {
                return false;
            }
            self.places -= 1.0;
        }
        if self.knocks >= rules.product.knocks {
            return false;
        }
        self.knocks += 1;
        self.queue.push_back(Waiting { client, run, act: Act::Dial, since: now });
        true
    }

    /// A poll is asked at no door.
    pub fn poll(&mut self, client: u32, run: u16, now: u32) {
        self.queue.push_back(Waiting { client, run, act: Act::Poll, since: now });
    }

    /// Who is next, and whether the database had time for them before their patience ended.
    pub fn serve(&mut self, now: u32, rules: &Rules) -> Option<(Waiting, bool)> {
        let first = *self.queue.front()?;
        let is_late = (now - first.since) * TICK_MS > rules.product.acquire_ms;
        if !is_late && self.credit < 1.0 {
            return None;
        }
        self.queue.pop_front();
        if !is_late {
            self.credit -= 1.0;
        }
        if first.act == Act::Dial {
            self.knocks -= 1;
        }
        Some((first, !is_late))
    }
}
