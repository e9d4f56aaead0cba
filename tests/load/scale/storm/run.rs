//! A storm, in steps of ten milliseconds, everybody by themselves.

use crate::scale::chance::Chance;
use crate::scale::storm::crowd::{Act, Client, TICK_MS};
use crate::scale::storm::plan::{Blow, Cell, Choice, Rules};
use crate::scale::storm::process::Process;
use crate::scale::storm::tally::Tally;

/// Longest storm that is followed.
const LONGEST: u32 = 40 * 60 * 1000 / TICK_MS;
/// Pause between two polls that find nothing (`POLL_WAIT_S`).
const POLL_MS: u32 = 25_000;

/// A cell in a storm.
pub struct Storm<'a> {
    cell: Cell,
    rules: &'a Rules,
    chance: Chance,
    crowd: Vec<Client>,
    processes: Vec<Process>,
    /// What is planned for each step.
    wheel: Vec<Vec<(u32, u16, Act)>>,
    now: u32,
    away: usize,
    pollers: usize,
    tally: Tally,
}

/// Follows a blow until everybody has a socket again.
pub fn follow(cell: Cell, rules: &Rules, blow: Blow, seed: u64) -> Tally {
    let mut storm = Storm::new(cell, rules, seed);
    let ends = storm.strike(blow);
    while storm.now < LONGEST && (storm.now <= ends || storm.away > 0) {
        storm.step();
    }
    storm.tally.finish(storm.away);
    storm.tally
}

impl<'a> Storm<'a> {
    fn new(cell: Cell, rules: &'a Rules, seed: u64) -> Self {
        let crowd: Vec<Client> = (0..cell.sockets).map(|n| Client::on(n % cell.processes)).collect();
        let mut processes: Vec<Process> = (0..cell.processes).map(|_| Process::new(rules)).collect();
        crowd.iter().for_each(|client| processes[usize::from(client.process)].sockets += 1);
        Self {
            cell,
            rules,
            chance: Chance::new(seed),
            crowd,
            processes,
            wheel: vec![Vec::new(); LONGEST as usize + 1],
            now: 0,
            away: 0,
            pollers: 0,
            tally: Tally::default(),
        }
    }

    /// Plans the blow; says at which step its last part has begun.
    fn strike(&mut self, blow: Blow) -> u32 {
        let gone = LONGEST + 1;
        match blow {
            Blow::Killed => self.end_all(Some(0), gone, |_, _| 0),
            Blow::Vanished => {
                let (silence, ping) = (self.rules.product.silence_ms, self.rules.product.ping_ms);
                self.end_all(Some(0), gone, |_, chance| silence - chance.below(ping as usize) as u32);
            }
            Blow::CutOff => self.end_all(None, 0, |_, _| 0),
            Blow::Restarted => self.tally.stops.push((0, 0)),
            Blow::Rolled => {
                let turn = (self.rules.product.drain_ms + self.cell.start_ms + self.cell.settle_ms) / TICK_MS;
                self.tally.stops = (0..self.cell.processes).map(|process| (process as u32 * turn, process)).collect();
            }
        }
        self.tally.stops.last().map_or(0, |(at, _)| *at + 1 + self.rules.product.drain_ms / TICK_MS)
    }

    /// Ends the sockets of one process, or of all, each after a while.
    fn end_all(&mut self, process: Option<usize>, until: u32, after: impl Fn(usize, &mut Chance) -> u32) {
        if let Some(process) = process {
            self.processes[process].down_until = until;
        }
        let is_hit = |client: &Client| process.is_none_or(|process| usize::from(client.process) == process);
        for number in 0..self.crowd.len() {
            if is_hit(&self.crowd[number]) {
                let ms = after(number, &mut self.chance);
                self.lose(number, ms, false);
            }
        }
    }

    /// A process says good-bye: everybody on it gets a moment (`realtime/src/hub.rs`).
    fn stop(&mut self, process: usize) {
        let drain = self.rules.product.drain_ms;
        self.processes[process].down_until = self.now + (drain + self.cell.start_ms) / TICK_MS;
        for number in 0..self.crowd.len() {
            let client = self.crowd[number];
            if client.is_online && usize::from(client.process) == process {
                let ms = self.chance.below(drain as usize + 1) as u32;
                self.plan(ms, number, client.run, Act::Leave);
            }
        }
    }

    fn lose(&mut self, number: usize, after_ms: u32, is_told: bool) {
        self.away += 1;
        let process = usize::from(self.crowd[number].process);
        self.processes[process].sockets -= 1;
        let at = self.now + after_ms / TICK_MS;
        let (pause, act) = self.crowd[number].lose(at, is_told, self.rules, &mut self.chance);
        self.plan(after_ms + pause + self.cell.dial_ms, number, self.crowd[number].run, act);
    }

    fn plan(&mut self, ms: u32, number: usize, run: u16, act: Act) {
        let at = self.now + (ms / TICK_MS).max(1);
        if let Some(step) = self.wheel.get_mut(at as usize) {
            step.push((number as u32, run, act));
        }
    }

    /// Plans what a client wants to do, with the time the way takes.
    fn plan_all(&mut self, number: usize, next: impl IntoIterator<Item = (u32, Act)>) {
        for (ms, act) in next {
            self.plan(ms + self.cell.dial_ms, number, self.crowd[number].run, act);
        }
    }

    fn step(&mut self) {
        self.now += 1;
        while let Some((_, process)) = self.tally.stops.pop_if_due(self.now) {
            self.stop(process);
        }
        let sign_ins = self.rules.sign_ins(&self.cell);
        self.processes.iter_mut().for_each(|process| process.step(self.rules, sign_ins));
        for (client, run, act) in std::mem::take(&mut self.wheel[self.now as usize]) {
            if self.crowd[client as usize].run == run {
                self.act(client, run, act);
            }
        }
        for process in 0..self.processes.len() {
            while let Some((waiting, is_served)) = self.processes[process].serve(self.now, self.rules) {
                let number = waiting.client as usize;
                if self.crowd[number].run == waiting.run {
                    self.answer(number, process, waiting.act, is_served);
                }
            }
        }
        self.tally.pollers(self.pollers);
        if self.now.is_multiple_of(1000 / TICK_MS) {
            let busiest = self.processes.iter_mut().map(|process| std::mem::take(&mut process.dialled)).max();
            self.tally.second(busiest.unwrap_or(0));
        }
    }

    fn act(&mut self, client: u32, run: u16, act: Act) {
        let number = client as usize;
        let process = self.somewhere();
        match (act, process) {
            (Act::Leave, _) => self.lose(number, 0, true),
            (Act::Poll, Some(process)) => self.processes[process].poll(client, run, self.now),
            (Act::Poll, None) => self.answer(number, 0, Act::Poll, false),
            (Act::Dial, process) => {
                self.tally.dials += 1;
                let is_in = process.is_some_and(|to| self.processes[to].dial(client, run, self.now, self.rules));
                if !is_in {
                    self.tally.refused += 1;
                    self.retry(number, Client::refused);
                }
            }
        }
    }

    fn answer(&mut self, number: usize, process: usize, act: Act, is_served: bool) {
        if !is_served {
            self.tally.late += 1;
        }
        match (act, is_served) {
            (Act::Poll, true) => {
                self.hear(number);
                let next = self.crowd[number].polled(POLL_MS);
                self.plan_all(number, [next]);
            }
            (Act::Poll, false) => self.retry(number, |client, rules, chance| vec![client.missed(rules, chance)]),
            (_, true) => {
                self.hear(number);
                self.pollers -= usize::from(self.crowd[number].is_polling());
                self.crowd[number].welcome(process);
                self.processes[process].sockets += 1;
                self.away -= 1;
                self.tally.back(self.now, self.crowd[number].lost_at);
            }
            (_, false) => self.retry(number, Client::sent_away),
        }
    }

    fn hear(&mut self, number: usize) {
        self.tally.sign_ins += 1;
        let client = &mut self.crowd[number];
        if std::mem::replace(&mut client.is_deaf, false) {
            self.tally.heard(self.now, client.lost_at);
        }
    }

    /// Lets a client decide, and counts whether it polls now.
    fn retry<N, I>(&mut self, number: usize, decide: N)
    where
        N: Fn(&mut Client, &Rules, &mut Chance) -> I,
        I: IntoIterator<Item = (u32, Act)>,
    {
        let was = usize::from(self.crowd[number].is_polling());
        let next = decide(&mut self.crowd[number], self.rules, &mut self.chance);
        self.pollers = self.pollers + usize::from(self.crowd[number].is_polling()) - was;
        self.plan_all(number, next);
    }

    /// A process that takes sockets, as a proxy would choose one.
    fn somewhere(&mut self) -> Option<usize> {
        let fill = |process: &usize| self.processes[*process].sockets;
        match self.rules.choice {
            Choice::Any => any(&self.processes, self.now, &mut self.chance),
            Choice::Emptiest => ready(&self.processes, self.now).min_by_key(fill),
            Choice::EmptierOfTwo => {
                let mut one = || any(&self.processes, self.now, &mut self.chance);
                [one(), one()].into_iter().flatten().min_by_key(fill)
            }
        }
    }
}

fn ready(processes: &[Process], now: u32) -> impl Iterator<Item = usize> {
    let is_ready = move |(_, process): &(usize, &Process)| process.down_until <= now;
    processes.iter().enumerate().filter(is_ready).map(|(place, _)| place)
}

fn any(processes: &[Process], now: u32, chance: &mut Chance) -> Option<usize> {
    let chosen = chance.below(ready(processes, now).count().max(1));
    ready(processes, now).nth(chosen)
}
