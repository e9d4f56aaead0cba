//! What a process does: the parts of the work, of which any number of processes may do any.

pub mod api;
pub mod realtime;
pub mod worker;

use serde::Deserialize;

/// One part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    All,
    /// HTTP: tenants' people, visitors, operators, what Meta delivers.
    Api,
    /// Sockets and long polls.
    Realtime,
    /// Jobs, schedules and sweeps.
    Worker,
}

/// The parts one process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// HTTP.
    pub api: bool,
    /// Sockets.
    pub realtime: bool,
    /// Jobs.
    pub worker: bool,
}

impl Roles {
    /// Those of a list.
    pub fn of(list: &[Role]) -> Self {
        let has = |role| list.iter().any(|given| *given == Role::All || *given == role);
        Self { api: has(Role::Api), realtime: has(Role::Realtime), worker: has(Role::Worker) }
    }

    /// Whether nothing is left to other processes.
    pub fn are_all(self) -> bool {
        self.api && self.realtime && self.worker
    }

    /// Whether there are none.
    pub fn are_none(self) -> bool {
        !(self.api || self.realtime || self.worker)
    }

    /// Whether anything is served to the public.
    pub fn are_public(self) -> bool {
        self.api || self.realtime
    }

    /// What of the public listener is answered.
    pub fn share(self) -> ::api::Share {
        match (self.api, self.realtime) {
            (true, true) => ::api::Share::Both,
            (true, false) => ::api::Share::Requests,
            _ => ::api::Share::Live,
        }
    }
}

impl std::fmt::Display for Roles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = [(self.api, "api"), (self.realtime, "realtime"), (self.worker, "worker")];
        let mine: Vec<_> = named.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect();
        f.write_str(&mine.join("+"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_every_part_and_a_list_is_what_it_names() {
        assert!(Roles::of(&[Role::All]).are_all());
        assert!(Roles::of(&[Role::Worker, Role::Realtime, Role::Api]).are_all());
        assert!(Roles::of(&[]).are_none());
        let two = Roles::of(&[Role::Worker, Role::Api]);
        assert_eq!(
            (two.to_string().as_str(), two.are_all(), two.share()),
            ("api+worker", false, ::api::Share::Requests)
        );
        assert_eq!(Roles::of(&[Role::Realtime]).share(), ::api::Share::Live);
    }
}
