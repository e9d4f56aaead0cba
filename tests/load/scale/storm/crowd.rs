//! Everybody who has a socket, and what they do when it ends: `widget-js/wire/live_connection.ts`, step by step.

use crate::scale::chance::Chance;
use crate::scale::storm::plan::{Again, Rules};

/// Milliseconds of one step of time.
pub const TICK_MS: u32 = 10;

/// One browser.
#[derive(Clone, Copy, Default)]
pub struct Client {
    pub process: u16,
    /// Raised whenever what was planned before no longer counts.
    pub run: u16,
    attempt: u8,
    failures: u8,
    misses: u8,
    pub is_online: bool,
    is_polling: bool,
    /// When its socket ended, and whether it has heard anything since.
    pub lost_at: u32,
    pub is_deaf: bool,
}

/// What a browser does at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Dial,
    Poll,
    /// Its process hangs up as it was told to.
    Leave,
}

/// What it does next: so many milliseconds from now.
pub type Next = (u32, Act);

impl Client {
    /// One with a socket on this process.
    pub fn on(process: usize) -> Self {
        Self { process: process as u16, is_online: true, ..Self::default() }
    }

    /// The socket is gone. One that was told to go elsewhere dials at once, all others after their first pause.
    pub fn lose(&mut self, now: u32, is_told: bool, rules: &Rules, chance: &mut Chance) -> Next {
        self.run = self.run.wrapping_add(1);
        (self.is_online, self.is_deaf, self.lost_at) = (false, true, now);
        (self.attempt, self.failures, self.misses) = (0, 0, 0);
        (if is_told { 0 } else { self.pause(rules, chance) }, Act::Dial)
    }

    /// A socket was refused before it was welcome.
    pub fn refused(&mut self, rules: &Rules, chance: &mut Chance) -> Vec<Next> {
        self.failures = self.failures.saturating_add(1);
        self.lost(None, rules, chance)
    }

    /// A socket was let in, and sent away because the database had no time.
    pub fn sent_away(&mut self, rules: &Rules, chance: &mut Chance) -> Vec<Next> {
        let pause = back_off(1, rules, chance);
        self.lost(Some(pause), rules, chance)
    }

    fn lost(&mut self, pause: Option<u32>, rules: &Rules, chance: &mut Chance) -> Vec<Next> {
        if self.is_polling {
            return vec![(again(rules, chance), Act::Dial)];
        }
        if u32::from(self.failures) >= rules.product.failures_before_poll {
            self.run = self.run.wrapping_add(1);
            (self.is_polling, self.misses) = (true, 0);
            return vec![(0, Act::Poll), (again(rules, chance), Act::Dial)];
        }
        vec![(pause.unwrap_or_else(|| self.pause(rules, chance)), Act::Dial)]
    }

    /// A poll was answered; says when the next is sent.
    pub fn polled(&mut self, wait_ms: u32) -> Next {
        (self.attempt, self.misses) = (0, 0);
        (wait_ms, Act::Poll)
    }

    /// A poll was refused: once more, then sockets again.
    pub fn missed(&mut self, rules: &Rules, chance: &mut Chance) -> Next {
        self.misses += 1;
        let pause = self.pause(rules, chance);
        if self.misses < 2 {
            return (pause, Act::Poll);
        }
        self.is_polling = false;
        self.run = self.run.wrapping_add(1);
        (pause, Act::Dial)
    }

    pub fn welcome(&mut self, process: usize) {
        self.run = self.run.wrapping_add(1);
        (self.is_online, self.is_polling, self.process) = (true, false, process as u16);
        (self.attempt, self.failures, self.misses) = (0, 0, 0);
    }

    pub const fn is_polling(&self) -> bool {
        self.is_polling
    }

    fn pause(&mut self, rules: &Rules, chance: &mut Chance) -> u32 {
        let attempt = self.attempt;
        self.attempt = attempt.saturating_add(1);
        back_off(attempt, rules, chance)
    }
}

/// `widget-js/wire/clock.ts`; without chance everybody makes the whole step.
fn back_off(attempt: u8, rules: &Rules, chance: &mut Chance) -> u32 {
    let step = (u64::from(rules.product.back_off_ms) << attempt.min(16)).min(u64::from(rules.product.back_off_cap_ms));
    let part = if rules.has_jitter { chance.part() } else { 1.0 };
    (part * step as f64) as u32
}

fn again(rules: &Rules, chance: &mut Chance) -> u32 {
    match rules.again {
        Again::Fixed => rules.product.socket_again_ms,
        Again::Spread => (f64::from(rules.product.socket_again_ms) * (0.5 + chance.part())) as u32,
    }
}
